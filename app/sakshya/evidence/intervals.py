"""Sets of byte ranges, kept small while millions are added."""

from array import array
from collections.abc import Iterable

import numpy as np

_COMPACT_AT = 1 << 20
_BEYOND_ANY_DISK = 1 << 62
Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
Ranges = np.ndarray[tuple[int, int], np.dtype[np.int64]]


class Intervals:
    """A union of byte ranges."""

    def __init__(self) -> None:
        self._ends = array("q")
        self._limit = _COMPACT_AT

    def add(self, start: int, length: int) -> None:
        """Add `length` bytes from `start`; what a broken file system states beyond any disk is left out."""
        if length <= 0 or start < 0 or start + length > _BEYOND_ANY_DISK:
            return
        self._ends.append(start)
        self._ends.append(start + length)
        if len(self._ends) > self._limit:
            self._compact()

    def extend(self, runs: Iterable[tuple[int, int]]) -> None:
        """Add (start, length) pairs."""
        for start, length in runs:
            self.add(start, length)

    def add_all(self, starts: Numbers, lengths: Numbers) -> None:
        """Add many ranges that lie within the exhibit."""
        some = lengths > 0
        self.join(np.stack((starts[some], starts[some] + lengths[some]), axis=1))
        if len(self._ends) > self._limit:
            self._compact()

    def _compact(self) -> None:
        self._ends = array("q", self.ranges().astype(np.int64).tobytes())
        self._limit = max(_COMPACT_AT, 2 * len(self._ends))

    def join(self, ranges: Ranges) -> None:
        """Add ranges that another set gave."""
        self._ends.frombytes(ranges.astype(np.int64).tobytes())

    def ranges(self, low: int = 0, high: int = _BEYOND_ANY_DISK) -> Ranges:
        """Return the ranges in order, joined where they touch, cut to `low` and `high`."""
        pairs = np.array(self._ends, np.int64).reshape(-1, 2)
        return _joined(np.clip(pairs, low, high))

    def total(self, low: int = 0, high: int = _BEYOND_ANY_DISK) -> int:
        """Return how many bytes lie between `low` and `high`."""
        ranges = self.ranges(low, high)
        return int((ranges[:, 1] - ranges[:, 0]).sum())


def union(*sets: Intervals) -> Intervals:
    """Return the bytes that lie in any of the sets."""
    result = Intervals()
    for one in sets:
        result.join(one.ranges())
    return result


def _joined(pairs: Ranges) -> Ranges:
    pairs = pairs[pairs[:, 1] > pairs[:, 0]]
    if not len(pairs):
        return pairs
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    reach = np.maximum.accumulate(pairs[:, 1])
    first = np.concatenate(([True], pairs[1:, 0] > reach[:-1]))
    ends = np.concatenate((reach[:-1][first[1:]], reach[-1:]))
    return np.stack((pairs[first, 0], ends), axis=1)
