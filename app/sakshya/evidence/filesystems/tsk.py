"""File systems through The Sleuth Kit; the only module that loads it."""

from collections.abc import Iterator
from typing import NamedTuple

import pytsk3

from sakshya.domain.entry import EntryKind, Times
from sakshya.domain.exhibit import Damage
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.names import decode_name
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import Container
from sakshya.evidence.damage import fault_for, overlaps, unreadable
from sakshya.evidence.filesystems import times
from sakshya.evidence.filesystems.allocation import Allocation
from sakshya.evidence.filesystems.direct import DirectReader
from sakshya.evidence.filesystems.ext_large import ExtLargeFiles
from sakshya.evidence.filesystems.fat_directories import records_in, refused
from sakshya.evidence.filesystems.fat_records import Record, RecordArea, name_at, record_area
from sakshya.evidence.filesystems.filesystem import Node, Stream
from sakshya.evidence.filesystems.maps import allocation_of
from sakshya.evidence.filesystems.rock_ridge import long_names, system_use_skip, with_long_name
from sakshya.evidence.filesystems.signatures import EXT, FAT, Kind
from sakshya.evidence.filesystems.tsk_facts import KINDS_BY_META, LABEL_SUFFIX, bitmap_address, kind_of, label_of
from sakshya.evidence.filesystems.tsk_names import CUT_LENGTH, begins_alike, is_same_name, restored_name
from sakshya.evidence.filesystems.tsk_orphans import is_emptied, orphans
from sakshya.evidence.filesystems.tsk_streams import StreamReader
from sakshya.evidence.filesystems.tsk_view import View

_TYPES = {
    Kind.NTFS: pytsk3.TSK_FS_TYPE_NTFS,
    Kind.FAT12: pytsk3.TSK_FS_TYPE_FAT_DETECT,
    Kind.FAT16: pytsk3.TSK_FS_TYPE_FAT_DETECT,
    # A FAT32 with few clusters is only opened when its type is named.
    Kind.FAT32: pytsk3.TSK_FS_TYPE_FAT32,
    Kind.EXFAT: pytsk3.TSK_FS_TYPE_EXFAT,
    Kind.EXT2: pytsk3.TSK_FS_TYPE_EXT_DETECT,
    Kind.EXT3: pytsk3.TSK_FS_TYPE_EXT_DETECT,
    Kind.EXT4: pytsk3.TSK_FS_TYPE_EXT_DETECT,
    Kind.HFS_PLUS: pytsk3.TSK_FS_TYPE_HFS_DETECT,
    Kind.ISO9660: pytsk3.TSK_FS_TYPE_ISO9660_DETECT,
    Kind.UFS: pytsk3.TSK_FS_TYPE_FFS_DETECT,
}
_OPENED = {
    int(pytsk3.TSK_FS_TYPE_FAT12): Kind.FAT12,
    int(pytsk3.TSK_FS_TYPE_FAT16): Kind.FAT16,
    int(pytsk3.TSK_FS_TYPE_FAT32): Kind.FAT32,
    int(pytsk3.TSK_FS_TYPE_EXFAT): Kind.EXFAT,
    int(pytsk3.TSK_FS_TYPE_EXT2): Kind.EXT2,
    int(pytsk3.TSK_FS_TYPE_EXT3): Kind.EXT3,
    int(pytsk3.TSK_FS_TYPE_EXT4): Kind.EXT4,
}
# What the library raises: OSError for its own errors, RuntimeError for errors inside a callback.
FAILURES = (OSError, RuntimeError, OverflowError)
_DOTS = (b".", b"..")
_LOCAL = frozenset({*FAT, Kind.EXFAT, Kind.ISO9660})
_UNALLOCATED = 2
_MOST_RECORDS = 16 << 20
_RECORD_SIZE = 255


class _NoName(NamedTuple):
    """Stands for the library's name of an object that no directory names."""

    meta_addr: int
    flags: int = _UNALLOCATED
    type: int = 0


class TskFileSystem:
    """One volume's file system as The Sleuth Kit reads it."""

    def __init__(self, container: Container, offset: int, kind: Kind, zone: str | None) -> None:
        self._container = container
        self._view = View(container, offset)
        self._large: ExtLargeFiles | None = None
        if kind in EXT:
            self._large = ExtLargeFiles(self._view.read_plain, offset)
            self._view.hide = self._large.hide
        try:
            self._fs = pytsk3.FS_Info(self._view, offset=0, type=_TYPES[kind])
        except FAILURES as error:
            raise unreadable(Reason.UNKNOWN_FILE_SYSTEM, f"{kind.value}: {why(error)}") from error
        info = self._fs.info
        self.kind = _OPENED.get(int(info.ftype), kind)
        self._name_of_kind = self.kind.value
        self._is_local = self.kind in _LOCAL
        self._keeps_created = self.kind not in _NO_CREATED
        self._offset = offset
        self._zone = zone
        self._block = int(info.block_size)
        self._streams = StreamReader(self.kind, self._fs, offset, self._large)
        self._direct = DirectReader(self.kind, container, self._streams.record_place)
        self._file: tuple[int, pytsk3.File] | None = None
        self._bitmap: pytsk3.File | None = None
        self._area: RecordArea | None = None
        if self.kind in FAT or self.kind is Kind.EXFAT:
            self._area = record_area(self._view.read(0, 512), is_exfat=self.kind is Kind.EXFAT)

    @property
    def name(self) -> str:
        """The file system's name."""
        return self._name_of_kind

    @property
    def root(self) -> int:
        """Address of the root directory."""
        return int(self._fs.info.root_inum)

    def end(self) -> int:
        """Return the exhibit offset of the byte after the file system's last block."""
        return self._offset + (int(self._fs.info.last_block) + 1) * self._block

    def new_damage(self) -> list[Damage]:
        """Return the damage that was read around since the last call."""
        return self._view.take_new()

    def nodes(self, directory: int) -> Iterator[Node]:
        """Yield the names in a directory in disk order, without `.` and `..`.

        Raises:
            EvidenceFault: the directory cannot be read, or not to its end.
        """
        if self._large is not None and self._large.holds(directory):
            raise unreadable(Reason.TOO_LARGE, "the directory states a size that no directory has")
        listed: set[int | None] = set()
        longer = self._long_names(directory)
        try:
            for file in self._fs.open_dir(inode=directory):
                info = file.info
                name = info.name
                raw = name.name
                if raw is not None and raw not in _DOTS:
                    node = with_long_name(self._node(file, name, info.meta, raw), longer)
                    if self._area is not None:
                        listed.add(node.address)
                    yield node
        except FAILURES as error:
            if self._area is None and directory == self.lost_directory:
                yield from self._nameless()
                return
            if self._area is None and is_emptied(self._fs, directory):
                return
            if self._area is None or directory == self.root:
                raise unreadable(Reason.BAD_METADATA, f"the directory cannot be listed ({why(error)})") from error
            yield from self._from_records(directory)
            return
        if self.kind in FAT and directory != self.lost_directory:
            yield from refused(self._records(directory), listed)

    def _long_names(self, directory: int) -> dict[str, str]:
        """Return the Rock Ridge name of each short name in a directory of an ISO 9660 disc."""
        if self.kind is not Kind.ISO9660:
            return {}
        first, runs = self.directory_runs(self.root), self.directory_runs(directory)
        skip = system_use_skip(self._view.read(first[0][0] - self._offset, _RECORD_SIZE)) if first else None
        if skip is None or not runs:
            return {}
        raw = b"".join(self._view.read(at - self._offset, min(length, _MOST_RECORDS)) for at, length in runs)
        return long_names(raw, skip, self._view.read)

    def _records(self, directory: int) -> Iterator[tuple[Record, int]]:
        """Yield the records that stand where a FAT or exFAT directory lies, with their addresses."""
        if self._area is None:
            return
        runs = (run for stream in self.streams(directory) for run in stream.stored_runs())
        inside = ((start - self._offset, length) for start, length in runs)
        yield from records_in(self._area, inside, self._view.read, is_exfat=self.kind is Kind.EXFAT)

    def _from_records(self, directory: int) -> Iterator[Node]:
        """List a directory that the library refuses, from its records."""
        for record, address in self._records(directory):
            try:
                yield self._recorded(self._fs.open_meta(address), record.name)
            except FAILURES:
                continue

    def _nameless(self) -> Iterator[Node]:
        """List the deleted objects without a name where the library gives up listing them."""
        try:
            for file in orphans(self._fs):
                yield self._recorded(file, f"OrphanFile-{int(file.info.meta.addr)}")
        except FAILURES as error:
            detail = f"deleted objects without a name cannot all be listed ({why(error)})"
            raise unreadable(Reason.BAD_METADATA, detail) from error

    def lost(self, address: int) -> Node:
        """Return the deleted object at `address`, which no directory names, as the library lists it.

        Raises:
            EvidenceFault: there is no readable object.
        """
        file = self._open(address)
        return self._node(file, _NoName(address), file.info.meta, f"OrphanFile-{address}".encode())

    @property
    def lost_directory(self) -> int:
        """Address of the directory that the library makes up for deleted objects that no directory names."""
        return int(self._fs.info.last_inum)

    def _recorded(self, file: pytsk3.File, name: str) -> Node:
        streams, own = self._streams.of(file)
        meta = file.info.meta
        return Node(
            name=name,
            address=int(meta.addr),
            kind=KINDS_BY_META.get(int(meta.type), EntryKind.FILE),
            allocated=False,
            reused=False,
            size=streams[0].size,
            times=self._times(meta),
            streams=streams,
            own_runs=own,
        )

    def streams(self, address: int) -> tuple[Stream, ...]:
        """Return the streams of the object at `address`.

        Raises:
            EvidenceFault: there is no readable object.
        """
        return self._streams.of(self._open(address))[0]

    def is_deleted(self, address: int) -> bool:
        """Tell whether the object at `address` is no longer in use.

        Raises:
            EvidenceFault: there is no readable object.
        """
        meta = self._open(address).info.meta
        return meta is None or bool(int(meta.flags) & _UNALLOCATED)

    def directory_runs(self, address: int) -> tuple[tuple[int, int], ...]:
        """Return where a directory's own bytes lie; empty where that cannot be read."""
        try:
            streams, own = self._streams.of(self._fs.open_meta(address))
        except FAILURES:
            return ()
        return (*own, *(run for stream in streams for run in stream.stored_runs()))

    def read(self, address: int, stream: Stream, offset: int, length: int) -> bytes:
        """Return up to `length` bytes of a stream; shorter at its end or where its stored bytes end.

        Raises:
            EvidenceFault: the bytes could not be read, or lie on damage.
        """
        length = min(length, stream.size - offset)
        if length <= 0:
            return b""
        if self._direct.reads(address, stream):
            return self._direct.read(stream, offset, length)
        if self._large is not None and self._large.holds(address):
            return self._large.content(address, stream, offset, length, self._container.read_at)
        file = self._open(address)
        try:
            if stream.attribute is None:
                data = file.read_random(offset, length)
            else:
                data = file.read_random(offset, length, *stream.attribute)
        except FAILURES as error:
            raise self._not_read(stream, offset, length, error, f"object {address} from byte {offset}") from error
        self._check(stream, offset, length)
        return bytes(data)

    def _not_read(self, stream: Stream, offset: int, length: int, error: Exception, where: str) -> EvidenceFault:
        end = self._container.size
        if any(start + size > end for start, size in stream.runs_within(offset, length)):
            return unreadable(Reason.BEYOND_END, f"some of its bytes lie after the last one, {end - 1}", where=where)
        return unreadable(Reason.READ_ERROR, why(error), where=where)

    def _check(self, stream: Stream, offset: int, length: int) -> None:
        """The library reads around damage; the bytes it then gives are not the file's."""
        for damage in self._view.damage:
            runs = stream.runs_within(offset, length)
            if stream.is_resident and stream.at is not None:
                runs = [(stream.at, 1024)]
            if any(overlaps(damage, start, size) for start, size in runs):
                raise fault_for(damage)

    def _open(self, address: int) -> pytsk3.File:
        if self._file is None or self._file[0] != address:
            try:
                self._file = (address, self._fs.open_meta(address))
            except FAILURES as error:
                raise unreadable(Reason.BAD_METADATA, why(error), where=f"object {address}") from error
        return self._file[1]

    def _node(
        self, file: pytsk3.File, name: "pytsk3.TSK_FS_NAME | _NoName", meta: "pytsk3.TSK_FS_META | None", raw: bytes
    ) -> Node:
        address: int | None = int(name.meta_addr)
        shown = self._name(file, raw)
        allocated = not int(name.flags) & _UNALLOCATED
        if meta is None:
            file, meta = self._detached(file, name)
        if meta is None or (not allocated and meta.addr == 0):
            address, meta = None, None
        unused = meta is not None and bool(int(meta.flags) & _UNALLOCATED)
        streams: tuple[Stream, ...] = ()
        own: tuple[tuple[int, int], ...] = ()
        if meta is not None:
            try:
                streams, own = self._streams.of(file, meta)
            except FAILURES:
                streams = ()
        kind = kind_of(name, meta)
        main = _main(streams)
        size = main.size if main is not None else int(meta.size) if meta is not None else 0
        if (raw.endswith(LABEL_SUFFIX) and not size) or (kind is EntryKind.FILE and streams and main is None):
            kind = EntryKind.VIRTUAL
        link = meta.link if meta is not None else None
        return Node(
            shown,
            address,
            kind,
            allocated and not unused,
            not allocated and meta is not None and not unused,
            max(0, size),
            self._times(meta),
            streams,
            own,
            decode_name(link) if link else None,
        )

    def _name(self, file: pytsk3.File, raw: bytes) -> str:
        shown = decode_name(raw)
        may_be_cut = self._area is not None and len(shown) >= CUT_LENGTH
        if b"^" not in raw and not may_be_cut:
            return shown
        if self._area is None:
            return restored_name(file, raw, self.kind)
        address = int(file.info.name.meta_addr)
        on_disk = name_at(self._view.read, self._area, address, is_exfat=self.kind is Kind.EXFAT)
        if on_disk is None or not (is_same_name(on_disk, shown) or (may_be_cut and begins_alike(on_disk, shown))):
            return shown
        return on_disk

    def _detached(
        self, file: pytsk3.File, name: "pytsk3.TSK_FS_NAME | _NoName"
    ) -> "tuple[pytsk3.File, pytsk3.TSK_FS_META | None]":
        """The library does not attach a record that is out of use to its name; it is opened by its address."""
        try:
            opened = self._fs.open_meta(int(name.meta_addr))
        except FAILURES:
            return file, None
        return opened, opened.info.meta

    def _times(self, meta: "pytsk3.TSK_FS_META | None") -> Times:
        if meta is None:
            lost = times.lost()
            return Times(lost, lost, lost, lost)
        read = self._local if self._is_local else times.utc
        return Times(
            read(meta.mtime, meta.mtime_nano),
            read(meta.atime, meta.atime_nano),
            times.not_kept(self.name) if self._is_local else read(meta.ctime, meta.ctime_nano),
            read(meta.crtime, meta.crtime_nano) if self._keeps_created else times.not_kept(self.name),
        )

    def _local(self, seconds: int, nanoseconds: int) -> "times.Time":
        return times.local(seconds, nanoseconds, self._zone)

    def label(self) -> str | None:
        """Return the volume's name where the file system itself keeps it."""
        return label_of(self._fs, self.kind)

    def allocation(self) -> Allocation | None:
        """Return the file system's own record of what is in use; None where it keeps none that can be read."""
        record = allocation_of(self.kind, self._view.read, self._offset, self._stored_bitmap)
        return None if record is None else record.within(self._container.size)

    def _stored_bitmap(self, offset: int, length: int) -> bytes:
        try:
            if self._bitmap is None:
                address = bitmap_address(self._fs, self.kind)
                self._bitmap = None if address is None else self._fs.open_meta(address)
            return b"" if self._bitmap is None else bytes(self._bitmap.read_random(offset, length))
        except FAILURES:
            return b""


_NO_CREATED = frozenset({Kind.EXT2, Kind.EXT3, Kind.UFS})


def _main(streams: tuple[Stream, ...]) -> Stream | None:
    for stream in streams:
        if not stream.name:
            return stream
    return None


def why(error: Exception) -> str:
    """Return the library's reason in one short line, without its source positions."""
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    inner = text[text.find(": (tsk3.cpp") :].split(") ", 1)[-1] if "(tsk3.cpp" in text else text
    return inner[:200]
