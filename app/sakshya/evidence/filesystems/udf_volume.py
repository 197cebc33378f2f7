"""Finds a UDF volume's descriptors and turns blocks of its partition maps into bytes of the volume."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sakshya.domain.unexamined import Reason
from sakshya.evidence.damage import unreadable
from sakshya.evidence.filesystems.filesystem import HOLE
from sakshya.evidence.filesystems.udf_records import (
    ALLOCATION_EXTENT,
    CONTINUED,
    EMBEDDED,
    RECORDED,
    Extent,
    FileEntry,
    Place,
    extents,
    field_text,
    file_entry,
    long_extent,
    tag_of,
)

Read = Callable[[int, int], bytes]
Runs = list[tuple[int, int]]
_BLOCKS = (2048, 512, 4096, 1024)
_MOST_DESCRIPTORS = 1024
_MOST_MAPS = 16
_MOST_RUNS = 1 << 20
# Pieces may be joined into few runs and still take their time: 16 GB of blocks of a rewritable disc.
_MOST_PIECES = 1 << 23
_MOST_TABLE = 64 << 20
_VIRTUAL, _SPARABLE, _METADATA = b"*UDF Virtual Partition", b"*UDF Sparable Partition", b"*UDF Metadata Partition"


@dataclass(slots=True)
class Partition:
    """A partition map: blocks count from `start`; `moved`, `table` and `runs` lead elsewhere where it says so."""

    start: int
    count: int
    packet: int = 0
    moved: dict[int, int] = field(default_factory=dict)
    table: tuple[int, ...] | None = None
    runs: Runs | None = None
    free_map: tuple[int, int] = (0, 0)


class UdfVolume:
    """One UDF volume, opened; `read(offset, length)` reads its bytes.

    Raises:
        EvidenceFault: it has no usable descriptors.
    """

    def __init__(self, read: Read, length: int) -> None:
        self.read = read
        self._length = length
        self.partitions: list[Partition] = []
        self.block, found = self._descriptors()
        self._physical = {struct.unpack_from("<H", raw, 22)[0]: raw for raw in found.get(5, [])}
        logical = found.get(6, [])
        if not logical or not self._physical:
            raise unreadable(Reason.BAD_METADATA, "UDF: there is no logical volume or partition descriptor")
        raw = logical[0]
        if struct.unpack_from("<I", raw, 212)[0] != self.block:
            raise unreadable(Reason.UNSUPPORTED_FILE_SYSTEM, "UDF: its logical blocks are not as long as its sectors")
        self.label = field_text(raw[84:212]) or None
        self._read_maps(raw)
        self.root = self._root(long_extent(raw[248:264]).place)

    def end(self) -> int:
        """Return where the last partition ends."""
        return max((one.start + one.count) * self.block for one in self.partitions)

    def entry(self, place: Place, zone: str | None) -> FileEntry:
        """Return the file entry at a place.

        Raises:
            EvidenceFault: there is none.
        """
        found = file_entry(self.at(place), zone)
        if found is None:
            raise unreadable(Reason.BAD_METADATA, f"UDF: block {place.block} holds no file entry")
        if found.strategy != 4:
            text = f"UDF: a file entry of allocation strategy {found.strategy}"
            raise unreadable(Reason.UNSUPPORTED_FILE_SYSTEM, text)
        return found

    def at(self, place: Place) -> bytes:
        """Return one block."""
        (start, length), *_ = self.runs_of(Extent(place, self.block, RECORDED))
        return b"" if start == HOLE else self.read(start, length)

    def offset(self, place: Place) -> int:
        """Return where a block lies, in bytes."""
        return next(self.runs_of(Extent(place, self.block, RECORDED)))[0]

    def content(self, place: Place, entry: FileEntry) -> Runs:
        """Return where the bytes of a file entry's content lie, in bytes from the volume's start.

        Raises:
            EvidenceFault: its allocation descriptors lead nowhere.
        """
        if entry.form == EMBEDDED:
            size = min(entry.size, len(entry.descriptors))
            return [(self.offset(place) + entry.embedded, size)] if size else []
        runs: Runs = []
        pieces = 0
        for extent in self._extents(place, entry):
            for start, length in self.runs_of(extent):
                pieces += 1
                if pieces > _MOST_PIECES or len(runs) > _MOST_RUNS:
                    raise unreadable(Reason.TOO_MANY, "UDF: a file in more than a million pieces")
                if runs and start != HOLE and sum(runs[-1]) == start and runs[-1][0] != HOLE:
                    runs[-1] = (runs[-1][0], runs[-1][1] + length)
                else:
                    runs.append((start, length))
        return runs

    def runs_of(self, extent: Extent) -> Iterator[tuple[int, int]]:
        """Yield where an extent's bytes lie.

        Raises:
            EvidenceFault: it lies outside its partition.
        """
        if extent.state != RECORDED:
            yield HOLE, extent.length
            return
        number, block = extent.place.partition, extent.place.block
        if number >= len(self.partitions):
            raise unreadable(Reason.BAD_METADATA, f"UDF: there is no partition map {number}")
        partition = self.partitions[number]
        if partition.runs is not None:
            yield from _within(partition.runs, block * self.block, extent.length)
        elif partition.table is None and not partition.moved:
            self._check(partition, block)
            yield (partition.start + block) * self.block, extent.length
        else:
            yield from self._moved(partition, block, extent.length)

    def _moved(self, partition: Partition, block: int, length: int) -> Iterator[tuple[int, int]]:
        while length > 0:
            real = block
            if partition.table is not None:
                if block >= len(partition.table):
                    raise unreadable(Reason.BAD_METADATA, f"UDF: virtual block {block} is not in the allocation table")
                real = partition.table[block]
            self._check(partition, real)
            start = partition.start + real
            if partition.moved and (real - real % partition.packet) in partition.moved:
                start = partition.moved[real - real % partition.packet] + real % partition.packet
            yield start * self.block, min(length, self.block)
            length -= self.block
            block += 1

    def _check(self, partition: Partition, block: int) -> None:
        if block >= partition.count:
            raise unreadable(Reason.BAD_METADATA, f"UDF: block {block} lies outside its partition")

    def _extents(self, place: Place, entry: FileEntry) -> Iterator[Extent]:
        pending = list(extents(entry.descriptors, entry.form, place.partition))
        seen: set[Place] = set()
        while pending:
            following = None
            for extent in pending:
                if extent.state == CONTINUED:
                    following = extent.place
                    break
                yield extent
            if following is None:
                return
            if following in seen:
                raise unreadable(Reason.LOOP, "UDF: the list of a file's extents leads back to itself")
            seen.add(following)
            raw = self.at(following)
            if len(raw) < 24 or tag_of(raw) != ALLOCATION_EXTENT:
                raise unreadable(Reason.BAD_METADATA, "UDF: the list of a file's extents breaks off")
            used = struct.unpack_from("<I", raw, 20)[0]
            pending = list(extents(raw[24 : 24 + used], entry.form, following.partition))

    def _descriptors(self) -> tuple[int, dict[int, list[bytes]]]:
        for block in _BLOCKS:
            last = self._length // block - 1
            for at in dict.fromkeys((256, last, last - 256, 512)):
                raw = self.read(at * block, 512) if at > 0 else b""
                if len(raw) < 512 or tag_of(raw) != 2 or struct.unpack_from("<I", raw, 12)[0] != at:
                    continue
                for where in (16, 24):
                    length, start = struct.unpack_from("<II", raw, where)
                    found = self._sequence(block, start, length)
                    if 5 in found and 6 in found:
                        return block, found
        raise unreadable(Reason.BAD_METADATA, "UDF: no anchor leads to a volume descriptor sequence")

    def _sequence(self, block: int, start: int, length: int) -> dict[int, list[bytes]]:
        """Return the descriptors by their number, the one that prevails first."""
        found: dict[int, list[bytes]] = {}
        left = min(length // block, _MOST_DESCRIPTORS)
        seen = {start}
        for _ in range(_MOST_DESCRIPTORS):
            if left <= 0:
                break
            raw = self.read(start * block, block)
            tag = tag_of(raw)
            start, left = start + 1, left - 1
            if tag is None or tag == 8 or len(raw) < 512:
                break
            if tag == 3:
                size, start = struct.unpack_from("<II", raw, 20)
                left = 0 if start in seen else size // block
                seen.add(start)
            else:
                found.setdefault(tag, []).append(raw)
        for records in found.values():
            records.sort(key=lambda one: int(struct.unpack_from("<I", one, 16)[0]), reverse=True)
        return found

    def _read_maps(self, raw: bytes) -> None:
        length, count = struct.unpack_from("<II", raw, 264)
        maps = raw[440 : 440 + length]
        for _ in range(min(count, _MOST_MAPS)):
            if len(maps) < 6 or not 6 <= maps[1] <= len(maps):
                raise unreadable(Reason.BAD_METADATA, "UDF: the partition maps cannot be read")
            one, maps = maps[: maps[1]], maps[maps[1] :]
            self.partitions.append(self._partition(one))
        if not self.partitions:
            raise unreadable(Reason.BAD_METADATA, "UDF: the logical volume names no partition")

    def _partition(self, raw: bytes) -> Partition:
        if raw[0] == 1:
            return self._plain(struct.unpack_from("<H", raw, 4)[0])
        name = raw[5:28].rstrip(b"\0 ")
        if raw[0] != 2 or len(raw) < 64 or name not in (_VIRTUAL, _SPARABLE, _METADATA):
            raise unreadable(Reason.UNSUPPORTED_FILE_SYSTEM, f"UDF with the partition map {name!r}")
        partition = self._plain(struct.unpack_from("<H", raw, 38)[0])
        if name == _SPARABLE:
            self._spare(partition, raw)
        elif name == _METADATA:
            self._metadata(partition, raw)
        else:
            partition.table = self._virtual(partition)
        return partition

    def _plain(self, number: int) -> Partition:
        raw = self._physical.get(number)
        if raw is None:
            raise unreadable(Reason.BAD_METADATA, f"UDF: there is no partition {number}")
        start, count = struct.unpack_from("<II", raw, 188)
        size, at = struct.unpack_from("<II", raw, 64)
        return Partition(start, count, free_map=((start + at) * self.block, size & 0x3FFFFFFF))

    def _spare(self, partition: Partition, raw: bytes) -> None:
        partition.packet, tables = struct.unpack_from("<HB", raw, 40)
        size = min(struct.unpack_from("<I", raw, 44)[0], 1 << 20)
        for at in struct.unpack_from(f"<{min(tables, 4)}I", raw, 48):
            table = self.read(at * self.block, size)
            if len(table) < 56 or table[21:41] != b"*UDF Sparing Table\0\0" or not partition.packet:
                continue
            count = min(struct.unpack_from("<H", table, 48)[0], (len(table) - 56) // 8)
            pairs = struct.iter_unpack("<II", table[56 : 56 + count * 8])
            partition.moved = {old: new for old, new in pairs if old < 0xFFFFFFF0}
            return

    def _metadata(self, partition: Partition, raw: bytes) -> None:
        """The map's blocks are those of a file that lies in the partition under it; there is a second copy."""
        self.partitions.append(partition)
        own = len(self.partitions) - 1
        try:
            for block in struct.unpack_from("<II", raw, 40):
                place = Place(own, block)
                found = file_entry(self.at(place), None) if block < partition.count else None
                if found is not None:
                    partition.runs = self.content(place, found)
                    return
        finally:
            self.partitions.pop()
        raise unreadable(Reason.BAD_METADATA, "UDF: the metadata file and its mirror cannot be read")

    def _virtual(self, partition: Partition) -> tuple[int, ...]:
        """The table of a disc that is written once is the last file that was written."""
        self.partitions.append(partition)
        own = len(self.partitions) - 1
        try:
            last = self._length // self.block - 1 - partition.start
            for block in range(last, max(-1, last - 512), -1):
                place = Place(own, block)
                raw = self.at(place) if block < partition.count else b""
                found = file_entry(raw, None)
                if found is not None and raw[27] in (0, 248):
                    return self._table(raw[27], b"".join(self._read_runs(self.content(place, found), found.size)))
        finally:
            self.partitions.pop()
        raise unreadable(Reason.BAD_METADATA, "UDF: the table of virtual blocks was not found")

    def _read_runs(self, runs: Runs, size: int) -> Iterator[bytes]:
        left = min(size, _MOST_TABLE)
        for start, length in runs:
            take = min(length, left)
            left -= take
            yield b"" if start == HOLE else self.read(start, take)

    def _table(self, kind: int, raw: bytes) -> tuple[int, ...]:
        body = raw[struct.unpack_from("<H", raw)[0] :] if kind == 248 and len(raw) >= 2 else raw[:-36]
        return struct.unpack(f"<{len(body) // 4}I", body[: len(body) // 4 * 4])

    def _root(self, place: Place) -> Place:
        raw = self.at(place)
        if tag_of(raw) != 256 or len(raw) < 416:
            raise unreadable(Reason.BAD_METADATA, "UDF: there is no file set descriptor")
        return long_extent(raw[400:416]).place


def _within(runs: Runs, offset: int, length: int) -> Iterator[tuple[int, int]]:
    at, end = 0, offset + length
    for start, size in runs:
        low, high = max(at, offset), min(at + size, end)
        if low < high:
            yield (start if start == HOLE else start + low - at), high - low
        at += size
    if at < end:
        raise unreadable(Reason.BAD_METADATA, "UDF: a block lies outside the metadata file")
