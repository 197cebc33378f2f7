"""Large files of ext2, ext3 and ext4 that lie in very many pieces.

The Sleuth Kit needs time with the square of the number of blocks or holes to open such a file: a minute for 70 MB,
hours for a hole of 3 GB, each time its folder is listed. It is shown these inodes without their block lists, which are
read here.
"""

import itertools
import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator

import numpy as np

from sakshya.evidence.filesystems.filesystem import HOLE, Stream

_LARGE = 8 << 20
_LARGE_DIRECTORY = 256 << 20
_REGULAR, _DIRECTORY = 0x8000, 0x4000
_EXTENTS, _INLINE = 0x80000, 0x10000000
_META_GROUPS, _WIDE = 0x10, 0x80
_EXTENT_MAGIC, _DEEP, _DEEPEST, _WRITTEN = 0xF30A, 2, 5, 1 << 15
Read = Callable[[int, int], bytes]
Runs = list[tuple[int, int]]


class ExtLargeFiles:
    """Takes the block lists out of what the library reads, and reads them itself."""

    def __init__(self, read: Read, offset: int) -> None:
        self._read = read
        self._offset = offset
        self._inodes: dict[int, bytes] = {}
        self._ends: tuple[int, list[int]] = (-1, [])
        head = read(1024, 1024)
        self._block = 1024 << min(struct.unpack_from("<I", head, 24)[0], 6)
        self._blocks: int = struct.unpack_from("<I", head, 4)[0]
        if struct.unpack_from("<I", head, 96)[0] & _WIDE:
            self._blocks |= struct.unpack_from("<I", head, 0x150)[0] << 32
        self._per_group: int = struct.unpack_from("<I", head, 40)[0]
        revision = struct.unpack_from("<I", head, 76)[0]
        self._size: int = struct.unpack_from("<H", head, 88)[0] if revision else 128
        self._tables = self._find_tables(head)
        self._starts = [start for start, _ in self._tables]

    def _find_tables(self, head: bytes) -> list[tuple[int, int]]:
        """Return (byte of the volume, number of its first inode) for each group's inode table, in byte order."""
        incompatible = struct.unpack_from("<I", head, 96)[0]
        groups_of = struct.unpack_from("<I", head, 32)[0]
        sane = self._size in (128, 256, 512, 1024) and 0 < self._per_group <= 8 * self._block
        if incompatible & _META_GROUPS or not groups_of or not sane:
            return []
        step = struct.unpack_from("<H", head, 254)[0] if incompatible & _WIDE else 32
        groups = min(-(-self._blocks // groups_of), 1 << 20)
        raw = self._read((struct.unpack_from("<I", head, 20)[0] + 1) * self._block, groups * step)
        found: list[tuple[int, int]] = []
        for group in range(len(raw) // step if step >= 32 else 0):
            low = struct.unpack_from("<I", raw, group * step + 8)[0]
            high = struct.unpack_from("<I", raw, group * step + 40)[0] if step >= 64 else 0
            found.append(((high << 32 | low) * self._block, group * self._per_group + 1))
        return sorted(found)

    def hide(self, at: int, data: bytes) -> bytes:
        """Return what lies at byte `at` of the volume with the block lists of large files taken out."""
        changed: bytearray | None = None
        for start, first in self._touched(at, len(data)):
            low = max(start, at)
            low += (start - low) % self._size
            count = (min(start + self._per_group * self._size, at + len(data)) - low) // self._size
            if count <= 0:
                continue
            for place in self._large_ones(data, low - at, count):
                position = low - at + place * self._size
                number = first + (low - start) // self._size + place
                self._inodes[number] = data[position : position + 128]
                changed = bytearray(data) if changed is None else changed
                changed[position + 4 : position + 8] = bytes(4)
                changed[position + 32 : position + 36] = bytes(4)
                changed[position + 40 : position + 100] = bytes(60)
                changed[position + 108 : position + 112] = bytes(4)
        return data if changed is None else bytes(changed)

    def _touched(self, at: int, length: int) -> Iterator[tuple[int, int]]:
        index = max(0, bisect_right(self._starts, at) - 1)
        while index < len(self._tables) and self._starts[index] < at + length:
            yield self._tables[index]
            index += 1

    def _large_ones(self, data: bytes, position: int, count: int) -> list[int]:
        raw = np.frombuffer(data, np.uint8, count * self._size, position).reshape(count, self._size)
        words = np.ascontiguousarray(raw[:, :112]).view("<u4")
        kind = words[:, 0] & 0xF000
        listed = words[:, 8] & (_EXTENTS | _INLINE) == 0
        regular = (kind == _REGULAR) & ((words[:, 1] >= _LARGE) | (words[:, 27] > 0))
        directory = (kind == _DIRECTORY) & (words[:, 1] >= _LARGE_DIRECTORY)
        deep = (words[:, 8] & _EXTENTS != 0) & (words[:, 10] & 0xFFFF == _EXTENT_MAGIC) & (words[:, 11] >> 16 >= _DEEP)
        found: list[int] = np.flatnonzero((listed & (regular | directory)) | (deep & regular)).tolist()
        return found

    def holds(self, address: int) -> bool:
        """Tell whether the block list of the inode `address` was taken out."""
        return address in self._inodes

    def content(self, address: int, stream: Stream, offset: int, length: int, read: Read) -> bytes:
        """Return `length` bytes of a stream that `stream` gave; `read` reads the exhibit.

        Raises:
            EvidenceFault: the bytes could not be read.
        """
        if self._ends[0] != address:
            self._ends = (address, list(itertools.accumulate(size for _, size in stream.runs)))
        ends = self._ends[1]
        parts: list[bytes] = []
        index = bisect_right(ends, offset)
        while length > 0 and index < len(ends):
            start, size = stream.runs[index]
            inside = offset - (ends[index] - size)
            count = min(length, size - inside)
            parts.append(bytes(count) if start == HOLE else read(start + inside, count))
            offset, length, index = offset + count, length - count, index + 1
        return b"".join(parts)

    def stream(self, address: int) -> Stream | None:
        """Return the content of the inode `address` if its block list was taken out."""
        inode = self._inodes.get(address)
        if inode is None:
            return None
        size = struct.unpack_from("<I", inode, 4)[0] | struct.unpack_from("<I", inode, 108)[0] << 32
        runs = tuple(self._runs(inode, -(-size // self._block)))
        return Stream("", None, size, runs, next((start for start, _ in runs if start != HOLE), None))

    def _runs(self, inode: bytes, blocks: int) -> Runs:
        builder = _Builder(self._read, self._block, self._blocks, self._offset, blocks)
        if struct.unpack_from("<I", inode, 32)[0] & _EXTENTS:
            builder.extents(inode[40:100], 0)
            return builder.runs
        pointers = np.frombuffer(inode, "<u4", 15, 40)
        builder.add(pointers[:12])
        for level, pointer in enumerate(pointers[12:].tolist(), start=1):
            builder.descend(pointer, level)
        return builder.runs


class _Builder:
    """Joins block numbers to runs, never more blocks than the file or the file system has."""

    def __init__(self, read: Read, block: int, last: int, offset: int, blocks: int) -> None:
        self._read = read
        self._block = block
        self._last = last
        self._offset = offset
        self._left = blocks
        self._blocks_in_all = blocks
        self._mapped = 0
        self.runs: Runs = []

    def descend(self, pointer: int, level: int) -> None:
        """Add what an indirect block lists; a zero pointer stands for a hole as long as its whole list."""
        each = self._block // 4
        if self._left <= 0:
            return
        if not pointer:
            self._append(HOLE, min(self._left, each**level))
            return
        if pointer >= self._last or self._mapped > self._last:
            self._left = 0
            return
        self._mapped += 1
        listed = np.frombuffer(self._read(pointer * self._block, self._block), "<u4")
        if level == 1:
            self.add(listed)
            return
        for below in listed.tolist():
            self.descend(below, level - 1)

    def add(self, numbers: "np.ndarray[tuple[int], np.dtype[np.uint32]]") -> None:
        """Add data blocks; a number outside the file system ends the file."""
        wanted = numbers[: self._left].astype(np.int64)
        outside = np.flatnonzero(wanted >= self._last)
        if len(outside) or self._mapped + len(wanted) > self._last + len(numbers):
            wanted = wanted[: int(outside[0]) if len(outside) else 0]
            self._left = len(wanted)
        if not len(wanted):
            return
        self._mapped += int(np.count_nonzero(wanted))
        together = (np.diff(wanted) == 1) & (wanted[1:] > 1) | (wanted[1:] == 0) & (wanted[:-1] == 0)
        edges = [0, *(np.flatnonzero(~together) + 1).tolist(), len(wanted)]
        for start, end in itertools.pairwise(edges):
            number = int(wanted[start])
            self._append(self._offset + number * self._block if number else HOLE, end - start)

    def extents(self, node: bytes, level: int) -> None:
        """Add what a node of an extent tree lists; a node that is none, or too deep, ends the file."""
        magic, count, _most, depth = struct.unpack_from("<HHHH", node)
        if magic != _EXTENT_MAGIC or level > _DEEPEST or self._mapped > self._last:
            self._left = 0
        for at in range(12, 12 + 12 * min(count, len(node) // 12 - 1), 12):
            if self._left <= 0:
                return
            if depth:
                low, high = struct.unpack_from("<IH", node, at + 4)
                self._mapped += 1
                self.extents(self._read((high << 32 | low) * self._block, self._block).ljust(12, b"\0"), level + 1)
            else:
                self._extent(*struct.unpack_from("<IHHI", node, at))

    def _extent(self, logical: int, length: int, high: int, low: int) -> None:
        """Add one extent, and the hole before it; one longer than 32,768 blocks was never written."""
        done = self._blocks_in_all - self._left
        if logical < done:
            self._left = 0
            return
        if logical > done:
            self._append(HOLE, min(self._left, logical - done))
        number = high << 32 | low
        unwritten = length > _WRITTEN
        count = min(self._left, length - _WRITTEN if unwritten else length)
        if number + count > self._last:
            self._left = 0
        elif count > 0:
            self._append(HOLE if unwritten else self._offset + number * self._block, count)

    def _append(self, start: int, count: int) -> None:
        length = count * self._block
        self._left -= count
        if self.runs:
            last, before = self.runs[-1]
            if (last == HOLE and start == HOLE) or (last != HOLE and last + before == start):
                self.runs[-1] = (last, before + length)
                return
        self.runs.append((start, length))
