"""Reads APFS with libfsapfs; the only module that loads it.

The volumes of a container share one space and are shown as directories under one root, their snapshots beside them.
What only a snapshot holds is not read: the library's Python interface gives none, nor deleted files.
"""

import stat
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from sakshya.domain.absent import NotApplicable
from sakshya.domain.entry import EntryKind, Times
from sakshya.domain.exhibit import Damage
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import Container
from sakshya.evidence.damage import unreadable
from sakshya.evidence.filesystems import times
from sakshya.evidence.filesystems.allocation import Allocation
from sakshya.evidence.filesystems.apfs_snapshots import Snapshot, Snapshots
from sakshya.evidence.filesystems.filesystem import HOLE, Node, Stream
from sakshya.evidence.filesystems.library import Library, extents, moment
from sakshya.evidence.filesystems.signatures import Kind
from sakshya.evidence.layers.window import Window

if TYPE_CHECKING:
    import pyfsapfs

_KINDS = {stat.S_IFREG: EntryKind.FILE, stat.S_IFDIR: EntryKind.DIRECTORY, stat.S_IFLNK: EntryKind.LINK}
_PER_VOLUME = 1 << 48
_ROOT_OF_VOLUME = 2
_MOST_VOLUMES = 100
_NO_TIME = NotApplicable("a volume of the container")
_NO_TIMES = Times(_NO_TIME, _NO_TIME, _NO_TIME, _NO_TIME)


def _snapshot(volume: str, one: Snapshot) -> Node:
    made = times.utc(*divmod(one.created, 1_000_000_000))
    name = f"{volume}, snapshot {one.transaction} {one.name}".rstrip().replace("/", ":")
    return Node(name, None, EntryKind.VIRTUAL, True, False, 0, Times(_NO_TIME, _NO_TIME, _NO_TIME, made), ())


class ApfsFileSystem:
    """One APFS container. Addresses are (volume, from 1) times 2**48 and an identifier; the root is 0."""

    root = 0
    kind: Kind | None = Kind.APFS

    def __init__(
        self, container: Container, offset: int, length: int, zone: str | None, keys: Sequence[str] = ()
    ) -> None:
        import pyfsapfs  # Loaded only when such a container is met.

        self._offset = offset
        self._window = Window(container, offset, min(length, container.size - offset))
        self._keys = tuple(keys)
        self._library = Library("APFS", self._window)
        self._volumes: dict[int, pyfsapfs.volume] = {}
        self._encrypted: set[int] = set()
        self._held: tuple[int, pyfsapfs.file_entry] | None = None
        self._container = pyfsapfs.container()
        self._library.call(lambda: self._container.open_file_object(self._window.file_object()), "the container")

    @property
    def name(self) -> str:
        """The file system's name."""
        return Kind.APFS.value

    def nodes(self, directory: int) -> Iterator[Node]:
        """Yield the names in a directory in the library's order; in the root, the volumes.

        Raises:
            EvidenceFault: the directory cannot be read, or not to its end, or lies in a volume that is not open.
        """
        if directory == self.root:
            yield from self._listed_volumes()
            return
        entry, where = self._entry(directory), f"directory {directory % _PER_VOLUME}"
        unread: EvidenceFault | None = None
        for index in range(self._library.call(lambda: entry.number_of_sub_file_entries, where)):
            try:
                below = self._library.call(lambda index=index: entry.get_sub_file_entry(index), where)  # type: ignore[misc]
                yield self._node(below, directory // _PER_VOLUME)
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

    def directory_runs(self, _address: int) -> tuple[tuple[int, int], ...]:
        """Return nothing: the names stand in trees of the whole volume."""
        return ()

    def read(self, address: int, stream: Stream, offset: int, length: int) -> bytes:
        """Return up to `length` bytes of a stream; shorter at its end.

        Raises:
            EvidenceFault: the bytes could not be read, or lie on damage.
        """
        where = f"object {address % _PER_VOLUME}"
        return self._library.read(self._entry(address), offset, min(length, stream.size - offset), where)

    def allocation(self) -> Allocation | None:
        """Return None: the library gives no record of what is in use."""
        return None

    def label(self) -> str | None:
        """Return None: the names are the volumes'."""
        return None

    def end(self) -> int:
        """Return the exhibit offset of the byte after the container."""
        return self._offset + int(self._library.call(lambda: self._container.size, "the container"))

    def new_damage(self) -> list[Damage]:
        """Return nothing: damage raises where it is read."""
        return []

    def _listed_volumes(self) -> Iterator[Node]:
        count = int(self._library.call(lambda: self._container.number_of_volumes, "the container"))
        unread: EvidenceFault | None = None
        snapshots = self._snapshots(count)
        for number in range(1, min(count, _MOST_VOLUMES) + 1):
            address = number * _PER_VOLUME + _ROOT_OF_VOLUME
            name = f"volume {number}"
            try:
                volume = self._library.call(lambda at=number - 1: self._container.get_volume(at), name)  # type: ignore[misc]
                name = str(self._library.call(lambda volume=volume: volume.name, name) or name)  # type: ignore[misc]
            except EvidenceFault as fault:
                unread = fault
            name = name.replace("/", ":")
            yield Node(name, address, EntryKind.DIRECTORY, True, False, 0, _NO_TIMES, ())
            yield from (_snapshot(name, one) for one in (snapshots[number - 1] if snapshots else ()))
        if unread is not None:
            raise unread
        if snapshots is None:
            detail = "APFS: snapshots, where a volume has any, cannot be listed, and what only they hold is not read"
            raise unreadable(Reason.UNSUPPORTED_FILE_SYSTEM, detail)
        if held := sum(map(len, snapshots)):
            raise unreadable(Reason.UNSUPPORTED_FILE_SYSTEM, f"APFS: what only the {held} snapshots hold is not read")

    def _snapshots(self, count: int) -> list[list[Snapshot]] | None:
        """Return the snapshots of each of `count` volumes, None where they cannot be told."""
        try:
            found = Snapshots(self._window.read).of_volumes()
        except (EvidenceFault, ValueError, struct.error):
            return None
        return found if len(found) == count else None

    def _volume(self, number: int) -> "pyfsapfs.volume":
        if number not in self._volumes:
            where = f"volume {number}"
            volume = self._library.call(lambda: self._container.get_volume(number - 1), where)
            if self._library.call(volume.is_locked, where):
                self._unlock(volume, number)
            self._volumes[number] = volume
        return self._volumes[number]

    def _unlock(self, volume: "pyfsapfs.volume", number: int) -> None:
        where, advice = f"volume {number}", "supply its password or recovery key"
        for key in self._keys:
            for give in (volume.set_password, volume.set_recovery_password):
                try:
                    self._library.call(lambda give=give, key=key: give(key), where)  # type: ignore[misc]
                    opened = self._library.call(volume.unlock, where)
                except EvidenceFault:
                    continue
                if opened and not self._library.call(volume.is_locked, where):
                    self._encrypted.add(number)
                    return
        count = len(self._keys)
        detail = f"none of the {count} supplied keys opens it" if count else "no key was supplied"
        raise unreadable(Reason.ENCRYPTED, f"APFS: {detail}", where=where, advice=advice)

    def _entry(self, address: int) -> "pyfsapfs.file_entry":
        if self._held is None or self._held[0] != address:
            number, identifier = divmod(address, _PER_VOLUME)
            volume, where = self._volume(number), f"object {identifier} of volume {number}"
            if identifier == _ROOT_OF_VOLUME:
                entry = self._library.call(volume.get_root_directory, where)
            else:
                entry = self._library.call(lambda: volume.get_file_entry_by_identifier(identifier), where)
            if entry is None:
                raise unreadable(Reason.BAD_METADATA, "APFS: there is no such object", where=where)
            self._held = (address, entry)
        return self._held[1]

    def _node(self, entry: "pyfsapfs.file_entry", volume: int) -> Node:
        identifier = int(self._library.call(lambda: entry.identifier, "a name"))
        if not 0 < identifier < _PER_VOLUME:
            raise unreadable(Reason.BAD_METADATA, f"APFS: the identifier {identifier} is out of range")
        address, where = volume * _PER_VOLUME + identifier, f"object {identifier}"
        kind = _KINDS.get(stat.S_IFMT(self._library.call(lambda: entry.file_mode, where)), EntryKind.VIRTUAL)
        is_link, is_file = kind is EntryKind.LINK, kind is EntryKind.FILE
        return Node(
            name=str(self._library.call(lambda: entry.name, where)),
            address=address,
            kind=kind,
            allocated=True,
            reused=False,
            size=int(self._library.call(lambda: entry.size, where)) if is_file else 0,
            times=self._times(entry, where),
            streams=self._streams(address, entry) if is_file else (),
            link_target=self._library.call(lambda: entry.symbolic_link_target, where) if is_link else None,
        )

    def _streams(self, address: int, entry: "pyfsapfs.file_entry") -> tuple[Stream, ...]:
        where = f"object {address % _PER_VOLUME}"
        runs = self._library.call(lambda: extents(entry, self._offset), where)
        size = int(self._library.call(lambda: entry.size, where))
        at = next((start for start, _ in runs if start != HOLE), None)
        # Compressed content lies in an attribute or a fork, and encrypted bytes are not those that are read.
        is_plain = address // _PER_VOLUME not in self._encrypted and sum(length for _, length in runs) >= size
        return (Stream("", None, size, runs, at, is_compressed=not is_plain),)

    def _times(self, entry: "pyfsapfs.file_entry", where: str) -> Times:
        def one(get: Callable[[], int | None]) -> times.Time:
            return moment(self._library.call(get, where), self.name)

        return Times(
            modified=one(entry.get_modification_time_as_integer),
            accessed=one(entry.get_access_time_as_integer),
            changed=one(entry.get_inode_change_time_as_integer),
            created=one(entry.get_creation_time_as_integer),
        )
