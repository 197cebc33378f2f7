"""How far the content of a deleted file can be trusted."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

from sakshya.domain.entry import Recovery
from sakshya.evidence.filesystems.allocation import Allocation
from sakshya.evidence.filesystems.filesystem import Node, Stream


class Claims:
    """Where the contents of deleted files lie, so that two that claim the same bytes are not both called whole."""

    def __init__(self) -> None:
        self._claims: set[tuple[int, int, int]] = set()
        self._disputed: list[tuple[int, int]] | None = None

    def add(self, runs: Iterable[tuple[int, int]], address: int) -> None:
        """Note that the deleted object at `address` has its content in (exhibit offset, length)."""
        self._claims.update((start, start + length, address) for start, length in runs)
        self._disputed = None

    def disputed(self, runs: Iterable[tuple[int, int]]) -> bool:
        """Tell whether two deleted objects or more claim a byte of the runs."""
        if self._disputed is None:
            self._disputed = _claimed_twice(sorted(self._claims))
        for start, length in runs:
            last = bisect_left(self._disputed, (start + length,)) - 1
            if last >= 0 and self._disputed[last][1] > start:
                return True
        return False


def _claimed_twice(claims: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Return the stretches (start, end), in order and apart, that more than one owner claims.

    Of the claims before, the one that reaches furthest and the furthest of another owner tell of all the others.
    """
    found: list[tuple[int, int]] = []
    furthest, owner, of_others = 0, -1, 0
    for start, end, address in claims:
        reach = min(end, of_others if address == owner else furthest)
        if reach > start:
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], reach))
            else:
                found.append((start, reach))
        if address == owner:
            furthest = max(furthest, end)
        elif end > furthest:
            furthest, owner, of_others = end, address, furthest
        else:
            of_others = max(of_others, end)
    return found


def judge(node: Node, stream: Stream, allocation: Allocation | None, claims: Claims) -> Recovery:
    """Return how much of a deleted stream's content is still its own.

    Whole: all its clusters are there, free, and claimed by no other deleted file. Overwritten: the first of them is in
    use again, or its record is, or that is gone. Partial: anything between, also where nothing tells what is in use.
    """
    if node.reused or node.address is None:
        return Recovery.OVERWRITTEN
    if stream.is_resident or not stream.size:
        return Recovery.WHOLE
    runs = stream.stored_runs()
    if not runs:
        return Recovery.OVERWRITTEN
    complete = sum(length for _, length in stream.runs) >= stream.size
    if allocation is None:
        return Recovery.PARTIAL
    counts: Counter[str] = Counter()
    for start, length in runs:
        used, of = allocation.used(start, length)
        counts.update(used=used, of=of)
    if allocation.used(runs[0][0], 1)[0] or counts["used"] == counts["of"]:
        return Recovery.OVERWRITTEN
    whole = complete and not counts["used"] and not claims.disputed(runs)
    return Recovery.WHOLE if whole else Recovery.PARTIAL
