"""How far the content of a deleted file can be trusted."""

from bisect import bisect_left, bisect_right
from collections import Counter

from sakshya.domain.entry import Recovery
from sakshya.evidence.filesystems.allocation import Allocation
from sakshya.evidence.filesystems.filesystem import HOLE, Node, Stream


class Claims:
    """Where the contents of deleted files begin, so that two that claim the same bytes are not both called whole."""

    def __init__(self) -> None:
        self._owners: dict[int, set[int]] = {}
        self._starts: list[int] = []

    def add(self, start: int, address: int) -> None:
        """Note that the deleted object at `address` begins at exhibit offset `start`."""
        self._owners.setdefault(start, set()).add(address)
        self._starts = []

    def disputed(self, runs: list[tuple[int, int]], address: int) -> bool:
        """Tell whether another deleted object begins inside the runs."""
        if not self._starts:
            self._starts = sorted(self._owners)
        for start, length in runs:
            low, high = bisect_left(self._starts, start), bisect_right(self._starts, start + length - 1)
            if any(self._owners[at] - {address} for at in self._starts[low:high]):
                return True
        return False


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
    whole = complete and not counts["used"] and not claims.disputed(runs, node.address or 0)
    return Recovery.WHOLE if whole else Recovery.PARTIAL


def first_stored(stream: Stream) -> int | None:
    """Return where a stream's stored content begins; None for content inside a record or none at all."""
    return next((start for start, _ in stream.runs if start != HOLE), None)
