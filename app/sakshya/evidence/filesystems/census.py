"""What a file system states of all its objects and names, read at one go into columns.

A census covers what is plain; each directory with anything out of the ordinary in it is left to the file system's own
reader, name by name. What both read comes out equal: speed is all a census is for.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from sakshya.evidence.filesystems.filesystem import Node

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
FourTimes = np.ndarray[tuple[int, int], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Runs:
    """Where the contents of many objects lie: `starts` are exhibit offsets, `lengths` bytes, `used` those in use.

    Those that hold the file system's own list of the object's blocks are no `is_content`, and come last.
    """

    of_object: Numbers
    starts: Numbers
    lengths: Numbers
    used: Numbers
    is_content: Flags

    def of(self, slots: Numbers) -> "Runs":
        """Return the runs of some objects: those of object `i` are `of_object[i]` to `of_object[i + 1]`."""
        first = self.of_object[slots]
        counts = self.of_object[slots + 1] - first
        ends = np.concatenate(([0], np.cumsum(counts)))
        chosen = np.arange(ends[-1]) + np.repeat(first - ends[:-1], counts)
        return Runs(ends, self.starts[chosen], self.lengths[chosen], self.used[chosen], self.is_content[chosen])


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects in use in the order of their addresses, `n` of them.

    `times` are POSIX nanoseconds (n, 4): modified, accessed, changed, created; 0 is none. `first_bytes` are exhibit
    offsets, -1 where nothing is stored; `keys` the numbers that the file system gives the streams, -1 for none. Only
    what `is_plain` is described truly. `lost` are the addresses out of use that once were in use, in order; True where
    the object was no directory and its record knows no name.
    """

    addresses: Numbers
    is_directory: Flags
    is_plain: Flags
    sizes: Numbers
    times: FourTimes
    first_bytes: Numbers
    keys: Numbers
    runs: Runs
    lost: dict[int, bool]

    def slots(self, addresses: Numbers) -> Numbers:
        """Return where the objects at the addresses stand; -1 for those that are not in use."""
        if not len(self.addresses):
            return np.full(len(addresses), -1, np.int64)
        found = np.searchsorted(self.addresses, addresses)
        found[found == len(self.addresses)] = 0
        return np.where(self.addresses[found] == addresses, found, -1).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Names:
    """The names in directories, in disk order: those of one directory stand together.

    `of` maps a directory's address to its rows [first, last) and its bytes [first, last) in `text`, where each name
    ends with a NUL of `unit` bytes. `slots` says for each row which object it names.
    """

    of: dict[int, tuple[int, int, int, int]]
    slots: Numbers
    text: bytes
    encoding: str
    unit: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The names in one directory: rows [first, last) of the census, and the directories among them by address."""

    first: int
    last: int
    names: list[str]
    directories: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Lost:
    """How the file system's own reader lists objects that no directory names: in which directory, and each of them.

    `is_sure` tells whether a name always means the object at its address, and not one that had the address before.
    """

    directory: int
    read: Callable[[int], Node]
    is_sure: bool


class Census:
    """The plain part of one file system."""

    def __init__(self, objects: Objects, names: Names, lost: Lost) -> None:
        self._lost = lost
        self.lost_directory = lost.directory
        self.objects = objects
        self.slots = names.slots
        self._names = names
        directories = np.flatnonzero(objects.is_directory[names.slots])
        self._directories: list[int] = directories.tolist()
        self._addresses: list[int] = objects.addresses[names.slots[directories]].tolist()

    def listing(self, directory: int) -> Listing | None:
        """Return what is in a directory; None where it is not plain, or not a directory in use."""
        rows = self._names.of.get(directory)
        if rows is None:
            return None
        first, last, low, high = rows
        try:
            names = self._decoded(low, high).split("\0") if last > first else []
        except UnicodeDecodeError:
            return None
        if len(names) != last - first:
            return None
        start = bisect_left(self._directories, first)
        end = bisect_left(self._directories, last, start)
        below = [(self._addresses[at], names[self._directories[at] - first]) for at in range(start, end)]
        return Listing(first, last, names, below)

    def lost_nodes(self, named: set[int | None]) -> Iterator[Node] | None:
        """Return the objects out of use that nothing names, given those `named` outside the census.

        None where that cannot be told without going through what such an object itself lists or was called.
        """
        if not self._lost.is_sure and not named.isdisjoint(self.objects.lost):
            return None
        unnamed = [(address, is_simple) for address, is_simple in self.objects.lost.items() if address not in named]
        if not all(is_simple for _, is_simple in unnamed):
            return None
        return map(self._lost.read, [address for address, _ in unnamed])

    def _decoded(self, low: int, high: int) -> str:
        return self._names.text[low : high - self._names.unit].decode(self._names.encoding)
