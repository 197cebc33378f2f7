"""Cuts the files still to be examined into batches."""

from collections.abc import Iterator

from sakshya.casefile.casefile import CaseFile
from sakshya.triage.engine.batch import Batch, Piece

_FILES = 128
_BYTES = 32 << 20


def batches_of(case: CaseFile, exhibit: str) -> Iterator[Batch]:
    """Yield batches of at most 128 files or about 32 MB, read from the case as they are asked for.

    The order is where the content starts in the exhibit, so that a spinning disk is read forward.
    """
    pieces: list[Piece] = []
    size = 0
    for page in case.entries.pending_pages(exhibit):
        for entry in page:
            pieces.append(Piece(entry.id, entry.locator, entry.size, entry.recovery))
            size += entry.size
            if len(pieces) >= _FILES or size >= _BYTES:
                yield Batch(exhibit, tuple(pieces))
                pieces, size = [], 0
    if pieces:
        yield Batch(exhibit, tuple(pieces))
