"""Cuts the files still to be examined into batches."""

from collections.abc import Iterator, Mapping, Sequence

from sakshya.casefile.entries import PendingEntry
from sakshya.triage.engine.batch import Batch, Piece

_FILES = 128
_BYTES = 32 << 20


def batches_of(pending: Mapping[str, Sequence[PendingEntry]]) -> Iterator[Batch]:
    """Yield batches of at most 128 files or about 32 MB, exhibit by exhibit, in the order given.

    The order is where the content starts in the exhibit, so that a spinning disk is read forward.
    """
    for exhibit, entries in pending.items():
        pieces: list[Piece] = []
        size = 0
        for entry in entries:
            pieces.append(Piece(entry.id, entry.locator, entry.size, entry.recovery))
            size += entry.size
            if len(pieces) >= _FILES or size >= _BYTES:
                yield Batch(exhibit, tuple(pieces))
                pieces, size = [], 0
        if pieces:
            yield Batch(exhibit, tuple(pieces))
