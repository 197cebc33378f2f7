"""XFS and APFS through the libraries that know them."""

import stat
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from sakshya.domain.entry import EntryKind, Times
from sakshya.domain.exhibit import Damage
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import Container
from sakshya.evidence.damage import reason_in, unreadable
from sakshya.evidence.file_object import FileObject
from sakshya.evidence.filesystems.allocation import Allocation
from sakshya.evidence.filesystems.filesystem import HOLE, Node, Stream
from sakshya.evidence.filesystems.signatures import Kind
from sakshya.evidence.filesystems.times import not_kept, utc

T = TypeVar("T")
_OPEN = 64
_MOST_EXTENTS = 1_000_000
_MOST_READ = 1 << 20
_SPARSE = 1
_BROKEN = (OSError, RuntimeError, ValueError, MemoryError, OverflowError, TypeError)


class LibraryTree(ABC):
    """What both file systems have in common: entries found by number, read through the library."""

    kind: Kind | None = None
    name = ""
    root = 0

    def __init__(self, container: Container, offset: int, length: int) -> None:
        self._container = container
        self._offset = offset
        self._length = length
        self._damage: list[Damage] = []
        self._entries: OrderedDict[int, Any] = OrderedDict()

    def _stream(self) -> FileObject:
        return FileObject(lambda at, count: self._container.read_at(self._offset + at, count), self._length)

    @abstractmethod
    def _find(self, address: int) -> Any:  # noqa: ANN401
        """Return the library's entry for an address."""

    @abstractmethod
    def _number(self, parent: int, entry: Any) -> int:  # noqa: ANN401
        """Return the address of an entry that was found in the directory `parent`."""

    def nodes(self, directory: int) -> Iterator[Node]:
        """Yield the names in a directory.

        Raises:
            EvidenceFault: the directory cannot be read, or not to its end.
        """
        entry = self._entry(directory)
        count = self._asked(entry.get_number_of_sub_file_entries, directory)
        for index in range(count):
            below = self._asked(partial(entry.get_sub_file_entry, index), directory)
            yield self._asked(partial(self._node, directory, below), directory)

    def streams(self, address: int) -> tuple[Stream, ...]:
        """Return the one stream of a file.

        Raises:
            EvidenceFault: there is no readable object.
        """
        entry = self._entry(address)
        return (self._asked(lambda: self._content(entry), address),)

    def is_deleted(self, address: int) -> bool:
        """Tell that it is in use: deleted objects are not offered.

        Raises:
            EvidenceFault: there is no readable object.
        """
        self._entry(address)
        return False

    def read(self, address: int, stream: Stream, offset: int, length: int) -> bytes:
        """Return up to `length` bytes of a file; shorter at its end.

        Raises:
            EvidenceFault: the bytes could not be read.
        """
        entry = self._entry(address)

        def wanted() -> bytes:
            entry.seek(offset)
            data: bytes = entry.read(min(length, _MOST_READ))
            return data

        return self._asked(wanted, address)

    def directory_runs(self, _address: int) -> tuple[tuple[int, int], ...]:
        """Return nothing: the libraries do not say where a directory lies."""
        return ()

    def allocation(self) -> Allocation | None:
        """Return None: the libraries do not give it."""
        return None

    def label(self) -> str | None:
        """Return the volume's name."""
        return None

    def end(self) -> int:
        """Return where the volume ends."""
        return self._offset + self._length

    def new_damage(self) -> list[Damage]:
        """Return nothing: damage is a fault where it is met."""
        return []

    def _entry(self, address: int) -> Any:  # noqa: ANN401
        if address not in self._entries:
            self._entries[address] = self._asked(lambda: self._find(address), address)
            if len(self._entries) > _OPEN:
                self._entries.popitem(last=False)
        self._entries.move_to_end(address)
        return self._entries[address]

    def _asked(self, question: Callable[[], T], address: int) -> T:
        try:
            return question()
        except EvidenceFault as fault:
            raise unreadable(reason_in(fault.what), fault.what, where=f"{self.name} object {address}") from fault
        except _BROKEN as error:
            detail = str(error).rsplit(":", 1)[-1].strip() or type(error).__name__
            raise unreadable(Reason.BAD_METADATA, detail, where=f"{self.name} object {address}") from error

    def _node(self, directory: int, entry: Any) -> Node:  # noqa: ANN401
        mode = int(entry.get_file_mode())
        kind = _kind(mode)
        streams = (self._content(entry),) if kind is EntryKind.FILE else ()
        target = entry.get_symbolic_link_target() if kind is EntryKind.LINK else None
        size = streams[0].size if streams else 0
        number = self._number(directory, entry)
        return Node(
            str(entry.get_name()), number, kind, True, False, size, _times(self.name, entry), streams, (), target
        )

    def _content(self, entry: Any) -> Stream:  # noqa: ANN401
        size = int(entry.get_size())
        runs: list[tuple[int, int]] = []
        count = int(entry.get_number_of_extents())
        if count <= _MOST_EXTENTS:
            for index in range(count):
                start, length, flags = entry.get_extent(index)
                runs.append((HOLE if flags & _SPARSE else self._offset + start, length))
        plain = sum(length for _, length in runs) >= size
        at = next((start for start, _ in runs if start != HOLE), None)
        return Stream("", None, size, tuple(runs) if plain else (), at, is_compressed=not plain)


class XfsFileSystem(LibraryTree):
    """XFS, versions 4 and 5, through libfsxfs."""

    kind = Kind.XFS
    name = Kind.XFS.value

    def __init__(self, container: Container, offset: int, length: int) -> None:
        super().__init__(container, offset, length)
        import pyfsxfs

        self._volume = pyfsxfs.volume()
        self._asked(lambda: self._volume.open_file_object(self._stream()), 0)
        self.root = self._asked(lambda: int(self._volume.get_root_directory().get_inode_number()), 0)

    def label(self) -> str | None:
        """Return the volume's name."""
        return self._asked(lambda: self._volume.get_label() or None, 0)

    def _find(self, address: int) -> Any:  # noqa: ANN401
        return self._volume.get_file_entry_by_inode(address)

    def _number(self, _parent: int, entry: Any) -> int:  # noqa: ANN401
        return int(entry.get_inode_number())


_VOLUME_BITS = 48
_MOST_VOLUMES = 100
_ROOT_OF_VOLUME = 2


class ApfsFileSystem(LibraryTree):
    """An APFS container through libfsapfs: its volumes are the folders of its root.

    An address holds the number of the volume, counted from 1, above 48 bits of the object's own identifier.
    """

    kind = Kind.APFS
    name = Kind.APFS.value

    def __init__(self, container: Container, offset: int, length: int, keys: Sequence[str]) -> None:
        super().__init__(container, offset, length)
        import pyfsapfs

        self._apfs = pyfsapfs.container()
        self._asked(lambda: self._apfs.open_file_object(self._stream()), 0)
        count = self._asked(lambda: int(self._apfs.get_number_of_volumes()), 0)
        self._volumes = [self._asked(partial(self._apfs.get_volume, n), 0) for n in range(min(count, _MOST_VOLUMES))]
        for volume in self._volumes:
            self._unlock(volume, keys)

    def nodes(self, directory: int) -> Iterator[Node]:
        """Yield the names in a directory, the volumes in the root.

        Raises:
            EvidenceFault: the directory cannot be read, or its volume is encrypted.
        """
        if directory != self.root:
            yield from super().nodes(directory)
            return
        for number, volume in enumerate(self._volumes, start=1):
            name = self._asked(volume.get_name, 0) or f"volume {number}"
            address = number << _VOLUME_BITS | _ROOT_OF_VOLUME
            times = Times(*(not_kept("an APFS volume") for _ in range(4)))
            yield Node(name, address, EntryKind.DIRECTORY, True, False, 0, times, ())

    def _find(self, address: int) -> Any:  # noqa: ANN401
        number, identifier = address >> _VOLUME_BITS, address & ((1 << _VOLUME_BITS) - 1)
        if not 1 <= number <= len(self._volumes):
            raise ValueError("there is no such volume")
        volume = self._volumes[number - 1]
        if volume.is_locked():
            raise unreadable(Reason.ENCRYPTED, "the APFS volume is locked and no supplied key opens it")
        return volume.get_file_entry_by_identifier(identifier)

    def _number(self, parent: int, entry: Any) -> int:  # noqa: ANN401
        return parent >> _VOLUME_BITS << _VOLUME_BITS | int(entry.get_identifier())

    def _unlock(self, volume: Any, keys: Sequence[str]) -> None:  # noqa: ANN401
        for key in keys:
            if not volume.is_locked():
                return
            for give in (volume.set_password, volume.set_recovery_password):
                try:
                    give(key)
                    if volume.unlock():
                        return
                except _BROKEN:
                    continue


def _kind(mode: int) -> EntryKind:
    for test, kind in (
        (stat.S_ISREG, EntryKind.FILE),
        (stat.S_ISDIR, EntryKind.DIRECTORY),
        (stat.S_ISLNK, EntryKind.LINK),
    ):
        if test(mode):
            return kind
    return EntryKind.VIRTUAL


def _times(name: str, entry: Any) -> Times:  # noqa: ANN401
    def told(question: str) -> Any:  # noqa: ANN401
        ask = getattr(entry, question, None)
        nanoseconds = ask() if ask is not None else None
        if nanoseconds is None:
            return not_kept(name)
        return utc(*divmod(int(nanoseconds), 1_000_000_000))

    return Times(
        told("get_modification_time_as_integer"),
        told("get_access_time_as_integer"),
        told("get_inode_change_time_as_integer"),
        told("get_creation_time_as_integer"),
    )
