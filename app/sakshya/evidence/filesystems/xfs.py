"""Reads XFS with libfsxfs; the only module that loads it. The library knows nothing of deleted files."""

import stat
import struct
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from sakshya.domain.entry import EntryKind, Times
from sakshya.domain.exhibit import Damage
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import Container
from sakshya.evidence.damage import unreadable
from sakshya.evidence.filesystems import times
from sakshya.evidence.filesystems.allocation import Allocation
from sakshya.evidence.filesystems.filesystem import Node, Stream
from sakshya.evidence.filesystems.library import Library, extents, is_empty_run, moment
from sakshya.evidence.filesystems.signatures import Kind
from sakshya.evidence.filesystems.xfs_free import XfsGeometry, free_space, geometry
from sakshya.evidence.layers.window import Window

if TYPE_CHECKING:
    import pyfsxfs

KINDS = {stat.S_IFREG: EntryKind.FILE, stat.S_IFDIR: EntryKind.DIRECTORY, stat.S_IFLNK: EntryKind.LINK}
_REALTIME = "unsupported file system: XFS: its bytes lie on a separate realtime device"
# Directory types in names, sparse inode chunks, meta UUID, big times, the need for repair, large extent counts.
_KNOWN_FEATURES = 0x01 | 0x02 | 0x04 | 0x08 | 0x10 | 0x20


class XfsFileSystem:
    """One XFS volume; addresses are inode numbers."""

    kind: Kind | None = Kind.XFS

    def __init__(self, container: Container, offset: int, length: int, zone: str | None) -> None:
        import pyfsxfs  # Loaded only when such a volume is met.

        self._offset = offset
        self._window = Window(container, offset, min(length, container.size - offset))
        self._geometry: XfsGeometry = geometry(self._window.read(0, 512))
        if unknown := self._geometry.features & ~_KNOWN_FEATURES:
            raise unreadable(Reason.UNSUPPORTED_FILE_SYSTEM, f"XFS with features {unknown:#x} that are not known")
        self._library = Library("XFS", self._window)
        self._held: tuple[int, pyfsxfs.file_entry] | None = None
        self._volume = pyfsxfs.volume()
        self._library.call(lambda: self._volume.open_file_object(self._window.file_object()), "the volume")
        self.root = self._geometry.root

    @property
    def name(self) -> str:
        """The file system's name."""
        return Kind.XFS.value

    def nodes(self, directory: int) -> Iterator[Node]:
        """Yield the names in a directory in the library's order, without `.` and `..`.

        Raises:
            EvidenceFault: the directory cannot be read, or not to its end.
        """
        entry = self._entry(directory)
        where = f"directory {directory}"
        count = self._library.call(lambda: entry.number_of_sub_file_entries, where)
        unread: EvidenceFault | None = None
        for index in range(count):
            try:
                below = self._library.call(lambda index=index: entry.get_sub_file_entry(index), where)  # type: ignore[misc]
                yield self._node(below)
            except EvidenceFault as fault:
                unread = unread or fault
        if unread is not None:
            raise unread

    def streams(self, address: int) -> tuple[Stream, ...]:
        """Return the content of the object at `address`.

        Raises:
            EvidenceFault: there is no readable object.
        """
        return self._streams(address, self._entry(address))

    def is_deleted(self, address: int) -> bool:
        """Tell that nothing is: the library gives no deleted object.

        Raises:
            EvidenceFault: there is no readable object.
        """
        self._entry(address)
        return False

    def directory_runs(self, address: int) -> tuple[tuple[int, int], ...]:
        """Return where a directory's own bytes lie; empty where that cannot be read."""
        try:
            entry = self._entry(address)
            return self._own_runs(entry, address)
        except EvidenceFault:
            return ()

    def read(self, address: int, stream: Stream, offset: int, length: int) -> bytes:
        """Return up to `length` bytes of a stream; shorter at its end.

        Raises:
            EvidenceFault: the bytes could not be read, or lie on damage.
        """
        entry = self._entry(address)
        return self._library.read(entry, offset, min(length, stream.size - offset), f"inode {address}")

    def allocation(self) -> Allocation | None:
        """Return what the trees of free space leave as in use; None where they cannot be read."""
        record = free_space(self._window.read, self._offset, self._geometry)
        return record and record.within(self._offset + self._window.length)

    def label(self) -> str | None:
        """Return the volume's name where it has one."""
        return self._geometry.label

    def end(self) -> int:
        """Return the exhibit offset of the byte after the file system's last block."""
        return self._offset + self._geometry.blocks * self._geometry.block

    def new_damage(self) -> list[Damage]:
        """Return nothing: damage raises where it is read."""
        return []

    def _entry(self, address: int) -> "pyfsxfs.file_entry":
        if self._held is None or self._held[0] != address:
            where = f"inode {address}"
            self._held = (address, self._library.call(lambda: self._volume.get_file_entry_by_inode(address), where))
        return self._held[1]

    def _node(self, entry: "pyfsxfs.file_entry") -> Node:
        address = int(self._library.call(lambda: entry.inode_number, "a name"))
        where = f"inode {address}"
        mode = self._library.call(lambda: entry.file_mode, where)
        kind = KINDS.get(stat.S_IFMT(mode), EntryKind.VIRTUAL)
        is_link, is_file = kind is EntryKind.LINK, kind is EntryKind.FILE
        return Node(
            name=str(self._library.call(lambda: entry.name, where)),
            address=address,
            kind=kind,
            allocated=True,
            reused=False,
            size=int(self._library.call(lambda: entry.size, where)) if is_file or is_link else 0,
            times=self._times(entry, where),
            streams=self._streams(address, entry) if is_file else (),
            own_runs=() if is_file else self._own_runs(entry, address),
            link_target=self._library.call(lambda: entry.symbolic_link_target, where) if is_link else None,
        )

    def _own_runs(self, entry: "pyfsxfs.file_entry", address: int) -> tuple[tuple[int, int], ...]:
        try:
            return tuple(run for run in self._runs(entry, address) if not is_empty_run(run))
        except EvidenceFault:
            # The library has no list of extents for what is kept inside its inode.
            return ()

    def _runs(self, entry: "pyfsxfs.file_entry", address: int) -> tuple[tuple[int, int], ...]:
        stated = self._library.call(lambda: extents(entry, 0), f"inode {address}")
        real = self._geometry.real
        return tuple(run if is_empty_run(run) else (self._offset + real(run[0]), run[1]) for run in stated)

    def _streams(self, address: int, entry: "pyfsxfs.file_entry") -> tuple[Stream, ...]:
        runs = self._runs(entry, address)
        at = next((run[0] for run in runs if not is_empty_run(run)), None)
        barrier = _REALTIME if self._geometry.has_realtime and self._is_realtime(address) else ""
        size = int(self._library.call(lambda: entry.size, f"inode {address}"))
        return (Stream("", None, size, () if barrier else runs, at, barrier=barrier),)

    def _is_realtime(self, address: int) -> bool:
        raw = self._window.read(self._geometry.inode_at(address), 96)
        return len(raw) == 96 and bool(struct.unpack_from(">H", raw, 90)[0] & 1)

    def _times(self, entry: "pyfsxfs.file_entry", where: str) -> Times:
        def one(get: Callable[[], int | None]) -> times.Time:
            return moment(self._library.call(get, where), self.name)

        return Times(
            modified=one(entry.get_modification_time_as_integer),
            accessed=one(entry.get_access_time_as_integer),
            changed=one(entry.get_inode_change_time_as_integer),
            created=one(entry.get_creation_time_as_integer),
        )
