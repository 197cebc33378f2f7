"""Where each chunk of an EWF exhibit lies: the offset tables, read when needed, with the second copy as fallback."""

import struct
import sys
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sakshya.evidence.containers.ewf_sections import Section, adler
from sakshya.evidence.readonly import ReadOnlyFile

HEADER = struct.Struct("<I4xQ4xI")
_OPEN_TABLES = 16
_OVERFLOW = 0x7FFFFFFF


@dataclass(frozen=True, slots=True)
class Copy:
    """One stored copy of a table: `base` is added to each offset, `entries` is where they lie in the segment file."""

    count: int
    base: int
    entries: int
    has_footer: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The chunks from `first` on that lie in segment `segment`; `data_end` is the byte after the last one."""

    segment: int
    first: int
    copies: tuple[Copy, ...]
    data_end: int

    @property
    def count(self) -> int:
        """How many chunks the table names."""
        return self.copies[0].count


@dataclass(frozen=True, slots=True)
class Place:
    """Where one stored chunk lies: at most `length` bytes from `offset` in segment `segment`."""

    segment: int
    offset: int
    length: int
    compressed: bool


def read_copy(file: ReadOnlyFile, section: Section, *, smart: bool) -> Copy | None:
    """Read the head of a table or table2 section; None where it is damaged."""
    raw = file.pread(section.data, HEADER.size)
    if len(raw) < HEADER.size:
        return None
    count, base, checksum = HEADER.unpack(raw)
    room = (section.end - section.data - HEADER.size) // 4
    if adler(raw[:20]) != checksum or not 0 < count <= room:
        return None
    return Copy(count, base, section.data + HEADER.size, has_footer=not smart and count < room)


def with_second_copy(table: Table, copy: Copy) -> Table:
    """Return the table with its second copy, unless that is of another length."""
    return replace(table, copies=(*table.copies, copy)) if copy.count == table.count else table


class ChunkMap:
    """Finds chunks by number; the tables are kept on disk and a few of them in memory."""

    def __init__(self, files: Sequence[ReadOnlyFile], tables: Sequence[Table]) -> None:
        self._files = files
        self._tables = tuple(sorted(tables, key=lambda table: table.first))
        self._firsts = [table.first for table in self._tables]
        self._open: OrderedDict[int, array[int] | None] = OrderedDict()

    def find(self, chunk: int) -> Place | str | None:
        """Return the chunk's place; a reason in words where its table is damaged; None where no table names it."""
        index = bisect_right(self._firsts, chunk) - 1
        if index < 0 or chunk >= self._firsts[index] + self._tables[index].count:
            return None
        places = self._places(index)
        if places is None:
            return "its offset table and the copy of it are damaged"
        table, slot = self._tables[index], 2 * (chunk - self._firsts[index])
        offset, end = places[slot] >> 1, places[slot + 1]
        if end <= offset:
            return "its offset table is out of order"
        return Place(table.segment, offset, end - offset, bool(places[slot] & 1))

    def gap(self, chunk: int) -> tuple[int, int | None]:
        """Return the first chunk of the stretch around `chunk` that no table names, and the first one after it."""
        index = bisect_right(self._firsts, chunk) - 1
        before = self._firsts[index] + self._tables[index].count if index >= 0 else 0
        return before, self._firsts[index + 1] if index + 1 < len(self._firsts) else None

    def _places(self, index: int) -> "array[int] | None":
        if index in self._open:
            self._open.move_to_end(index)
            return self._open[index]
        table = self._tables[index]
        entries = next(self._whole_copies(table), None)
        self._open[index] = None if entries is None else _spans(entries[0], entries[1], table.data_end)
        if len(self._open) > _OPEN_TABLES:
            self._open.popitem(last=False)
        return self._open[index]

    def _whole_copies(self, table: Table) -> "Iterator[tuple[array[int], int]]":
        file = self._files[table.segment]
        for copy in table.copies:
            raw = file.pread(copy.entries, 4 * copy.count + 4)
            if len(raw) < 4 * copy.count:
                continue
            body = raw[: 4 * copy.count]
            if copy.has_footer and (len(raw) < len(body) + 4 or adler(body) != struct.unpack("<I", raw[-4:])[0]):
                continue
            entries = array("I", body)
            if sys.byteorder == "big":
                entries.byteswap()
            yield entries, copy.base


def _spans(entries: "array[int]", base: int, data_end: int) -> "array[int]":
    """Return offset * 2 + compressed and end for each entry.

    The top bit of an entry tells a compressed chunk. Segment files above 2 GiB (EnCase 6.7 and later) let the offsets
    run into that bit: from the first chunk that would cross it, all are stored and the bit is part of the offset.
    """
    spans = array("Q", bytes(16 * len(entries)))
    overflow = False
    for index, entry in enumerate(entries):
        offset = entry if overflow else entry & _OVERFLOW
        compressed = not overflow and entry > _OVERFLOW
        if index + 1 == len(entries):
            end = data_end
        else:
            following = entries[index + 1]
            low = following if overflow else following & _OVERFLOW
            if low < offset < following:
                low = following
            overflow = overflow or low > _OVERFLOW or offset + (low - offset) > _OVERFLOW
            end = base + low
        spans[2 * index] = (base + offset) << 1 | compressed
        spans[2 * index + 1] = max(end, 0)
    return spans
