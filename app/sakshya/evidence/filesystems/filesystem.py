"""What every file-system reader gives, in the exhibit's own terms."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from sakshya.domain.entry import EntryKind, Times
from sakshya.domain.exhibit import Damage
from sakshya.evidence.filesystems.allocation import Allocation
from sakshya.evidence.filesystems.signatures import Kind

HOLE = -1
# Streams and nodes are named tuples: one is made for each name on a disk, and a frozen dataclass takes thrice as long.


class Stream(NamedTuple):
    """One content of a node: `runs` are (exhibit offset, length) of its stored bytes, in order.

    A run at `HOLE` is not stored. `at` is where the first byte lies; for content kept inside a record, where that
    record lies, or None. `barrier` says, reason first, why the bytes stand on the disk and still cannot be read.
    """

    name: str
    attribute: tuple[int, int] | None
    size: int
    runs: tuple[tuple[int, int], ...] = ()
    at: int | None = None
    is_resident: bool = False
    is_compressed: bool = False
    barrier: str = ""

    def stored_runs(self) -> list[tuple[int, int]]:
        """Return the runs without the holes."""
        return [run for run in self.runs if run[0] != HOLE]

    def runs_within(self, offset: int, length: int) -> list[tuple[int, int]]:
        """Return the stored runs that hold `length` bytes of the stream from `offset`."""
        if self.is_compressed:
            return self.stored_runs()
        found, at = [], 0
        for start, size in self.runs:
            low, high = max(at, offset), min(at + size, offset + length)
            if low < high and start != HOLE:
                found.append((start + low - at, high - low))
            at += size
        return found


class Node(NamedTuple):
    """One name in a directory. `address` is None where the disk no longer says what the name belonged to.

    `reused` is True where a deleted name's address now belongs to something else. `own_runs` are the stored bytes that
    belong to the node and to none of its streams, such as a directory's index.
    """

    name: str
    address: int | None
    kind: EntryKind
    allocated: bool
    reused: bool
    size: int
    times: Times
    streams: tuple[Stream, ...]
    own_runs: tuple[tuple[int, int], ...] = ()
    link_target: str | None = None


class FileSystem(Protocol):
    """A volume's file system, opened for reading."""

    @property
    def name(self) -> str:
        """The file system's name."""

    @property
    def root(self) -> int:
        """Address of the root directory."""

    @property
    def kind(self) -> Kind | None:
        """Which of the file systems it is; None for the tree of a container of files."""

    def directory_runs(self, address: int) -> Iterable[tuple[int, int]]:
        """Return the stored runs of a directory's own index."""

    def nodes(self, directory: int) -> Iterator[Node]:
        """Yield the names in a directory in disk order, without `.` and `..`.

        Raises:
            EvidenceFault: the directory cannot be read, or not to its end.
        """

    def streams(self, address: int) -> tuple[Stream, ...]:
        """Return the streams of the object at `address`.

        Raises:
            EvidenceFault: there is no readable object.
        """

    def is_deleted(self, address: int) -> bool:
        """Tell whether the object at `address` is no longer in use.

        Raises:
            EvidenceFault: there is no readable object.
        """

    def read(self, address: int, stream: Stream, offset: int, length: int) -> bytes:
        """Return up to `length` bytes of a stream; shorter at its end or where its stored bytes end.

        Raises:
            EvidenceFault: the bytes could not be read, or lie on damage.
        """

    def allocation(self) -> Allocation | None:
        """Return the file system's own record of what is in use; None where it keeps none that can be read."""

    def label(self) -> str | None:
        """Return the volume's name where the file system itself keeps it."""

    def end(self) -> int:
        """Return the exhibit offset of the byte after the file system's last block."""

    def new_damage(self) -> list[Damage]:
        """Return the damage that was read around since the last call."""
