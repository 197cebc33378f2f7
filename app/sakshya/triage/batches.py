"""Cuts what is still to be done into batches: what to settle first, then what to look at.

Settling (one reading, digests, look-up) and looking (decoding what no set settled) are two queues. Settling goes first,
so that known material is found at the speed of hashing; what the window shows is looked at out of turn.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.entries import PendingEntry
from sakshya.casefile.looks import PendingLook
from sakshya.domain.item import Finding
from sakshya.triage.engine.batch import Batch, Piece, Task
from sakshya.triage.selection import Chosen

_FILES = 128
_BYTES = 32 << 20
# Decoding takes far longer for each byte, and what the window waits for should not wait long.
_LOOK_FILES = 32
_LOOK_BYTES = 24 << 20
_PAGE = 2000


class Wanted(Protocol):
    """What a person is looking at: items to be looked at before others."""

    def take_wanted(self) -> Sequence[int]:
        """Return the items asked for since the last call."""


class PendingBatches(Iterator[Batch]):
    """Batches of everything not done yet, read from the case as they are asked for.

    When it has nothing more it may have again later: what was found inside files, and what was hashed, meanwhile comes
    in a further round. Nothing is given out twice while a batch with it is being worked on; `finished` says which is.

    Args:
        case: the case.
        exhibits: the numbers of its exhibits.
        first: what is settled first.
        only_first: with `quick`, nothing else is settled.
        wanted: what a person is looking at.
    """

    def __init__(
        self, case: CaseFile, exhibits: Sequence[str], first: Iterable[Chosen], *, only_first: bool, wanted: Wanted
    ) -> None:
        self._case = case
        self._exhibits = exhibits
        self._wanted = wanted
        self._only_first = only_first
        self._up_to = 0
        self._settling: Iterator[Batch] = self._chosen(first)
        self._looking: Iterator[Batch] = iter(())
        self._out: set[int] = set()
        self._out_of_turn: set[int] = set()

    def __next__(self) -> Batch:
        batch = self._asked_for() or next(self._settling, None)
        if batch is None:
            self._settling = self._next_round()
            batch = next(self._settling, None)
        if batch is None:
            batch = next(self._looking, None)
        if batch is None:
            self._looking = self._looks()
            batch = next(self._looking, None)
        if batch is None:
            raise StopIteration
        self._out.update(piece.entry for piece in batch.pieces)
        return batch

    def finished(self, findings: Iterable[Finding]) -> None:
        """Take note of what was recorded."""
        self._out.difference_update(one.entry for one in findings)

    def _asked_for(self) -> Batch | None:
        items = self._wanted.take_wanted()
        if not items:
            return None
        places = [one for one in self._case.looks.places_of(items) if one not in self._out]
        batch = next(_batches(map(_look_piece, self._case.looks.get(places[:_LOOK_FILES]))), None)
        if batch is not None:
            self._out_of_turn.update(piece.entry for piece in batch.pieces)
        return batch

    def _chosen(self, first: Iterable[Chosen]) -> Iterator[Batch]:
        for group in first:
            pages = (group.entries[at : at + _PAGE].tolist() for at in range(0, len(group.entries), _PAGE))
            yield from _batches(one for page in pages for one in self._not_out(self._case.entries.chosen(page)))

    def _next_round(self) -> Iterator[Batch]:
        after, self._up_to = self._up_to, self._case.entries.last_id()
        if self._only_first or self._up_to == after:
            return iter(())
        return (batch for exhibit in self._exhibits for batch in self._in_physical_order(exhibit, after, self._up_to))

    def _in_physical_order(self, exhibit: str, after: int, up_to: int) -> Iterator[Batch]:
        pages = self._case.entries.pending_pages(exhibit, after=after, up_to=up_to)
        return _batches(one for page in pages for one in self._not_out(page))

    def _not_out(self, page: Iterable[PendingEntry]) -> list[Piece]:
        """Return the pieces of a page just read that are not being worked on.

        At once and not as they are asked for: a file may be finished meanwhile, and the page still calls it pending.
        """
        return [_piece(one) for one in page if one.id not in self._out]

    def _looks(self) -> Iterator[Batch]:
        """Return one place of each content to look at, or each place where a look says something of the place."""
        self._out_of_turn.clear()
        given: set[int] = set()
        places: list[int] = []
        for entry, item, apart in self._case.looks.waiting():
            if entry in self._out:
                # A place of it is being looked at: the others are settled by that.
                given.add(item)
            elif apart or item not in given:
                given.add(item)
                places.append(entry)
        return self._look_batches(iter(places))

    def _look_batches(self, places: Iterator[int]) -> Iterator[Batch]:
        while page := list(islice(places, _PAGE)):
            pieces = [_look_piece(one) for one in self._case.looks.get(page) if one.entry not in self._out]
            yield from _batches(one for one in pieces if one.entry not in self._out_of_turn)


def _batches(pieces: Iterable[Piece]) -> Iterator[Batch]:
    """Cut pieces of one kind into batches of one exhibit each; what is to be settled comes from one exhibit anyway."""
    cut: list[Piece] = []
    size = 0
    for piece in pieces:
        looks = piece.task is Task.LOOK
        if looks and cut and cut[-1].exhibit != piece.exhibit:
            yield Batch(cut[-1].exhibit, tuple(cut))
            cut, size = [], 0
        cut.append(piece)
        size += piece.size
        if len(cut) >= (_LOOK_FILES if looks else _FILES) or size >= (_LOOK_BYTES if looks else _BYTES):
            yield Batch(piece.exhibit, tuple(cut))
            cut, size = [], 0
    if cut:
        yield Batch(cut[-1].exhibit, tuple(cut))


def _piece(one: PendingEntry) -> Piece:
    return Piece(one.id, one.text, one.size, one.recovery)


def _look_piece(one: PendingLook) -> Piece:
    return Piece(one.entry, one.text, one.size, one.recovery, Task.LOOK, one.digests)
