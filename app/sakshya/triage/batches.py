"""Cuts the files still to be examined into batches."""

from collections.abc import Iterator, Sequence

from sakshya.casefile.casefile import CaseFile
from sakshya.triage.engine.batch import Batch, Piece

_FILES = 128
_BYTES = 32 << 20


class PendingBatches(Iterator[Batch]):
    """Batches of everything not examined yet, read from the case as they are asked for.

    When it has nothing more it may have again later: what was found inside files meanwhile comes in a further round.
    No entry is given out twice, also while its batch is still being worked on.
    """

    def __init__(self, case: CaseFile, exhibits: Sequence[str]) -> None:
        self._case = case
        self._exhibits = exhibits
        self._up_to = 0
        self._round: Iterator[Batch] = iter(())

    def __next__(self) -> Batch:
        batch = next(self._round, None)
        if batch is None:
            self._round = self._next_round()
            batch = next(self._round, None)
        if batch is None:
            raise StopIteration
        return batch

    def _next_round(self) -> Iterator[Batch]:
        after, self._up_to = self._up_to, self._case.entries.last_id()
        if self._up_to == after:
            return iter(())
        rounds = [batches_of(self._case, exhibit, after, self._up_to) for exhibit in self._exhibits]
        return (batch for one in rounds for batch in one)


def batches_of(case: CaseFile, exhibit: str, after: int = 0, up_to: int | None = None) -> Iterator[Batch]:
    """Yield batches of at most 128 files or about 32 MB, of entries whose number is in (after, up_to].

    The order is where the content starts in the exhibit, so that a spinning disk is read forward.
    """
    pieces: list[Piece] = []
    size = 0
    for page in case.entries.pending_pages(exhibit, after=after, up_to=up_to):
        for entry in page:
            pieces.append(Piece(entry.id, entry.locator, entry.size, entry.recovery))
            size += entry.size
            if len(pieces) >= _FILES or size >= _BYTES:
                yield Batch(exhibit, tuple(pieces))
                pieces, size = [], 0
    if pieces:
        yield Batch(exhibit, tuple(pieces))
