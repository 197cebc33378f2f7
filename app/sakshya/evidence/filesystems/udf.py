"""Reads UDF 1.02 to 2.60: the file system of DVDs, Blu-ray discs and some memory sticks."""

import struct
from collections.abc import Iterator

from sakshya.domain.entry import EntryKind, Times
from sakshya.domain.exhibit import Damage
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import Container
from sakshya.evidence.damage import unreadable
from sakshya.evidence.filesystems import times
from sakshya.evidence.filesystems.allocation import Allocation, Grid, from_bitmap
from sakshya.evidence.filesystems.filesystem import HOLE, Node, Stream
from sakshya.evidence.filesystems.signatures import Kind
from sakshya.evidence.filesystems.udf_records import (
    EMBEDDED,
    FileEntry,
    NameRecord,
    Place,
    link_target,
    name_record,
    tag_of,
)
from sakshya.evidence.filesystems.udf_volume import Runs, UdfVolume
from sakshya.evidence.layers.window import Window

_PIECE = 1 << 16
_LONGEST_RECORD = 4096
_LONGEST_LINK = 1 << 16
_MOST_STREAMS = 1 << 12
_PER_PARTITION = 1 << 32


class UdfFileSystem:
    """One UDF volume. Addresses are a partition map's number times 2**32 and a block of it."""

    kind: Kind | None = Kind.UDF
    name = Kind.UDF.value

    def __init__(self, container: Container, offset: int, length: int, zone: str | None) -> None:
        self._window = Window(container, offset, min(length, container.size - offset))
        self._offset = offset
        self._zone = zone
        self._volume = UdfVolume(self._window.read, self._window.length)

    @property
    def root(self) -> int:
        """Address of the root directory."""
        return _address(self._volume.root)

    def nodes(self, directory: int) -> Iterator[Node]:
        """Yield the names in a directory in disk order, without `.` and `..`.

        Raises:
            EvidenceFault: the directory cannot be read, or not to its end.
        """
        place = _place(directory)
        entry = self._volume.entry(place, self._zone)
        if entry.kind is not EntryKind.DIRECTORY:
            raise unreadable(Reason.BAD_METADATA, "UDF: this is no directory")
        unread: EvidenceFault | None = None
        for record in self._records(place, entry):
            if record.is_parent:
                continue
            try:
                yield self._node(record)
            except EvidenceFault as fault:
                yield self._nameless(record)
                unread = fault
        if unread is not None:
            raise unread

    def streams(self, address: int) -> tuple[Stream, ...]:
        """Return the content of the object at `address`, and its named streams.

        Raises:
            EvidenceFault: there is no readable object.
        """
        place = _place(address)
        return self._streams(place, self._volume.entry(place, self._zone))

    def is_deleted(self, address: int) -> bool:
        """Tell that nothing is: UDF wipes the address from the name that it deletes.

        Raises:
            EvidenceFault: there is no readable object.
        """
        self._volume.entry(_place(address), self._zone)
        return False

    def directory_runs(self, address: int) -> tuple[tuple[int, int], ...]:
        """Return where a directory's own bytes lie; empty where that cannot be read."""
        try:
            place = _place(address)
            return self._exhibit(self._volume.content(place, self._volume.entry(place, self._zone)))
        except EvidenceFault:
            return ()

    def read(self, address: int, stream: Stream, offset: int, length: int) -> bytes:
        """Return up to `length` bytes of a stream; shorter at its end or where its stored bytes end.

        Raises:
            EvidenceFault: the bytes could not be read, or lie on damage.
        """
        shifted = [(start if start == HOLE else start - self._offset, size) for start, size in stream.runs]
        return self._read(shifted, offset, min(length, stream.size - offset))

    def allocation(self) -> Allocation | None:
        """Return the volume's own record of what is in use; None where it keeps none that can be read."""
        for partition in self._volume.partitions:
            start, size = partition.free_map
            try:
                head = self._window.read(start, 24) if size else b""
            except EvidenceFault:
                continue
            if len(head) < 24 or tag_of(head) != 264:
                continue
            bits, used = struct.unpack_from("<II", head, 16)
            grid = Grid(self._offset + partition.start * self._volume.block, self._volume.block, bits)
            body = start + 24
            return from_bitmap(grid, lambda at, n, body=body, used=used: self._free_bits(body, used, at, n)).within(  # type: ignore[misc]
                self._offset + self._window.length
            )
        return None

    def label(self) -> str | None:
        """Return the volume's name."""
        return self._volume.label

    def end(self) -> int:
        """Return the exhibit offset of the byte after the file system's last block."""
        return self._offset + self._volume.end()

    def new_damage(self) -> list[Damage]:
        """Return nothing: damage raises where it is read."""
        return []

    def _free_bits(self, body: int, used: int, at: int, length: int) -> bytes:
        """In this map a bit that is set says free."""
        try:
            raw = self._window.read(body + at, max(0, min(length, used - at)))
        except EvidenceFault:
            return b""
        return bytes(255 - one for one in raw)

    def _node(self, record: NameRecord) -> Node:
        if record.is_deleted:
            return self._nameless(record)
        place = record.target.place
        entry = self._volume.entry(place, self._zone)
        is_file = entry.kind is EntryKind.FILE
        return Node(
            name=record.name,
            address=_address(place),
            kind=entry.kind,
            allocated=True,
            reused=False,
            size=0 if entry.kind is EntryKind.DIRECTORY else entry.size,
            times=entry.times,
            streams=self._streams(place, entry) if is_file else (),
            own_runs=() if is_file else self._exhibit(self._volume.content(place, entry)),
            link_target=self._link(place, entry) if entry.kind is EntryKind.LINK else None,
        )

    def _nameless(self, record: NameRecord) -> Node:
        """Return a name whose file entry is gone or cannot be read."""
        lost = times.lost()
        return Node(
            name=record.name or "(name wiped)",
            address=None,
            kind=EntryKind.DIRECTORY if record.is_directory else EntryKind.FILE,
            allocated=not record.is_deleted,
            reused=False,
            size=0,
            times=Times(lost, lost, lost, lost),
            streams=(),
        )

    def _streams(self, place: Place, entry: FileEntry) -> tuple[Stream, ...]:
        found = [self._stream("", None, place, entry)]
        if entry.streams is not None:
            folder = entry.streams.place
            for record in self._records(folder, self._volume.entry(folder, self._zone)):
                if not record.is_parent and not record.is_deleted and not record.is_directory:
                    where = record.target.place
                    own = self._volume.entry(where, self._zone)
                    found.append(self._stream(record.name, (where.partition, where.block), where, own))
                if len(found) > _MOST_STREAMS:
                    raise unreadable(Reason.TOO_MANY, f"UDF: more than {_MOST_STREAMS} streams of one file")
        return tuple(found)

    def _stream(self, name: str, attribute: tuple[int, int] | None, place: Place, entry: FileEntry) -> Stream:
        runs = self._exhibit(self._volume.content(place, entry))
        at = next((start for start, _ in runs if start != HOLE), None)
        return Stream(name, attribute, entry.size, runs, at, is_resident=entry.form == EMBEDDED)

    def _exhibit(self, runs: Runs) -> tuple[tuple[int, int], ...]:
        return tuple((start if start == HOLE else start + self._offset, length) for start, length in runs)

    def _link(self, place: Place, entry: FileEntry) -> str:
        return link_target(self._read(self._volume.content(place, entry), 0, min(entry.size, _LONGEST_LINK)))

    def _records(self, place: Place, entry: FileEntry) -> Iterator[NameRecord]:
        runs, at, held = self._volume.content(place, entry), 0, b""
        while at < entry.size:
            if len(held) < _LONGEST_RECORD:
                start = at + len(held)
                held += self._read(runs, start, min(_PIECE, entry.size - start))
            record = name_record(held)
            if record is None:
                raise unreadable(Reason.BAD_METADATA, f"UDF: the directory breaks off at byte {at} of {entry.size}")
            yield record
            at, held = at + record.length, held[record.length :]

    def _read(self, runs: Runs, offset: int, length: int) -> bytes:
        parts: list[bytes] = []
        at, end = 0, offset + max(0, length)
        for start, size in runs:
            low, high = max(at, offset), min(at + size, end)
            if low < high:
                parts.append(bytes(high - low) if start == HOLE else self._stored(start + low - at, high - low))
            at += size
            if at >= end:
                break
        return b"".join(parts)

    def _stored(self, start: int, length: int) -> bytes:
        data = self._window.read(start, length)
        if len(data) < length:
            raise unreadable(Reason.BEYOND_END, f"UDF: byte {start + len(data)} of the volume is not there")
        return data


def _address(place: Place) -> int:
    return place.partition * _PER_PARTITION + place.block


def _place(address: int) -> Place:
    return Place(*divmod(address, _PER_PARTITION))
