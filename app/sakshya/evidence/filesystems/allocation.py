"""A file system's own record of which of its clusters are in use."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

_PAGE = 1 << 16
_PAGES = 64
_FAT32_MASK = 0x0FFFFFFF


class Order(Enum):
    """Which bit of a bitmap's byte comes first."""

    LOW_FIRST = "little"
    HIGH_FIRST = "big"


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the clusters lie: `count` of `size` bytes each from exhibit offset `start` on."""

    start: int
    size: int
    count: int


class Allocation:
    """Tells for any stretch of the exhibit how many of its clusters are in use, reading the record page by page."""

    def __init__(self, grid: Grid, page: Callable[[int, int], "np.ndarray[tuple[int], np.dtype[np.uint8]]"]) -> None:
        self.grid = grid
        self._page = page
        self._pages: OrderedDict[int, np.ndarray[tuple[int], np.dtype[np.uint8]]] = OrderedDict()

    def within(self, end: int) -> "Allocation":
        """Return the same record without the clusters that a broken header states behind `end`, an exhibit offset."""
        held = max(0, -(-(end - self.grid.start) // self.grid.size))
        return Allocation(replace(self.grid, count=min(self.grid.count, held)), self._page)

    def used(self, offset: int, length: int) -> tuple[int, int]:
        """Return (clusters in use, clusters) of the clusters that the bytes touch."""
        first = max(0, (offset - self.grid.start) // self.grid.size)
        last = min(self.grid.count, -(-(offset + length - self.grid.start) // self.grid.size))
        used = 0
        for at in range(first // _PAGE, -(-last // _PAGE)):
            page = self._get(at)
            used += int(np.count_nonzero(page[max(0, first - at * _PAGE) : last - at * _PAGE]))
        return used, max(0, last - first)

    def free_runs(self) -> Iterator[tuple[int, int]]:
        """Yield (exhibit offset, length) of the stretches that are not in use."""
        for at in range(-(-self.grid.count // _PAGE)):
            page = self._load(at)
            edges = np.flatnonzero(np.diff(np.concatenate(([1], page.astype(np.int8), [1]))))
            for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
                yield self.grid.start + (at * _PAGE + start) * self.grid.size, (end - start) * self.grid.size

    def _get(self, at: int) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
        page = self._pages.get(at)
        if page is None:
            page = self._pages[at] = self._load(at)
            if len(self._pages) > _PAGES:
                self._pages.popitem(last=False)
        return page

    def _load(self, at: int) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
        """Return one byte a cluster, 1 where in use; what the record does not cover counts as in use."""
        count = min(_PAGE, self.grid.count - at * _PAGE)
        page = self._page(at * _PAGE, count)[:count]
        return np.concatenate((page, np.ones(count - len(page), np.uint8))) if len(page) < count else page


def from_bitmap(grid: Grid, read: Callable[[int, int], bytes], order: Order = Order.LOW_FIRST) -> Allocation:
    """Make the record from a bitmap; `read(offset, length)` reads the bitmap's bytes."""

    def page(first: int, count: int) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
        raw = np.frombuffer(read(first // 8, -(-count // 8)), np.uint8)
        bits: np.ndarray[tuple[int], np.dtype[np.uint8]] = np.unpackbits(raw, bitorder=order.value)
        return bits

    return Allocation(grid, page)


def from_fat(grid: Grid, read: Callable[[int, int], bytes], bits: int) -> Allocation:
    """Make the record from a FAT, whose entry 2 belongs to the first cluster; `read` reads the table's bytes."""

    def page(first: int, count: int) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
        entry = first + 2
        if bits == 12:
            return _twelve(read(entry * 3 // 2, count * 3 // 2 + 3), entry, count)
        width = bits // 8
        raw = read(entry * width, count * width)
        values = np.frombuffer(raw[: len(raw) // width * width], f"<u{width}")
        in_use = (values & (_FAT32_MASK if bits == 32 else 0xFFFF)) != 0
        return np.asarray(in_use, np.uint8)

    return Allocation(grid, page)


def _twelve(raw: bytes, first: int, count: int) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
    start = first * 3 // 2
    used = bytearray()
    for entry in range(first, first + count):
        at = entry * 3 // 2 - start
        if at + 2 > len(raw):
            break
        pair = int.from_bytes(raw[at : at + 2], "little")
        used.append(1 if (pair >> 4 if entry & 1 else pair & 0xFFF) else 0)
    return np.frombuffer(bytes(used), np.uint8)


def from_groups(grid: Grid, per_group: int, bitmap: Callable[[int], bytes]) -> Allocation:
    """Make the record from one bitmap a block group (ext); `bitmap(group)` is empty where the group is unused."""

    def page(first: int, count: int) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
        parts = []
        for group in range(first // per_group, -(-(first + count) // per_group)):
            raw = np.frombuffer(bitmap(group)[: per_group // 8], np.uint8)
            bits = np.unpackbits(raw, bitorder="little")
            parts.append(np.concatenate((bits, np.zeros(per_group - len(bits), np.uint8))))
        joined = np.concatenate(parts)
        skip = first - first // per_group * per_group
        return joined[skip : skip + count]

    return Allocation(grid, page)
