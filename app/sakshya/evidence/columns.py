"""Many plain entries of one volume at once: what a walk gives where a file system could be read in one go."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from sakshya.domain.absent import Absent
from sakshya.domain.entry import Entry, EntryKind, Times
from sakshya.domain.locator import Locator
from sakshya.domain.moment import Moment
from sakshya.evidence.filesystems import times
from sakshya.evidence.filesystems.census import Census, Flags, FourTimes, Listing, Numbers, Runs

# The kind of attribute in which NTFS keeps contents.
CONTENT = 128
_SECOND = 1_000_000_000
_AT_ONCE = 1 << 14


@dataclass(frozen=True, slots=True)
class Columns:
    """Consecutive entries of a walk, all allocated: files and directories, each with its one stream.

    `volume` is the locator of the volume's root. `sizes` in bytes; `first_bytes` are exhibit offsets, -1 where nothing
    is stored; `times` are POSIX nanoseconds (n, 4): modified, accessed, changed, created, 0 for none. `keys` number
    the attribute of kind `CONTENT` that is the stream, -1 where the file system numbers none. `runs` are the contents.
    """

    volume: Locator
    filesystem: str
    paths: list[str]
    addresses: Numbers
    is_directory: Flags
    sizes: Numbers
    first_bytes: Numbers
    times: FourTimes
    keys: Numbers
    runs: Runs

    def __len__(self) -> int:
        return len(self.paths)

    def entries(self) -> Iterator[Entry]:
        """Yield each entry as an object of its own."""
        values = zip(
            self.paths,
            self.addresses.tolist(),
            self.is_directory.tolist(),
            self.sizes.tolist(),
            self.first_bytes.tolist(),
            self.times.tolist(),
            self.keys.tolist(),
            strict=True,
        )
        for path, address, is_directory, size, first, four, key in values:
            attribute = None if key < 0 else (CONTENT, key)
            yield Entry(
                replace(self.volume, path=path, address=address, attribute=attribute),
                self.filesystem,
                EntryKind.DIRECTORY if is_directory else EntryKind.FILE,
                size,
                True,
                Times(*map(_time, four)),
                None if first < 0 else first,
            )


def _time(nanoseconds: int) -> Moment | Absent:
    return times.utc(*divmod(nanoseconds, _SECOND))


class Gathering:
    """Puts the listings of one directory after another together until they are worth handing on."""

    def __init__(self, census: Census, volume: Locator, filesystem: str) -> None:
        self._census = census
        self._volume = volume
        self._filesystem = filesystem
        self._paths: list[str] = []
        self._rows: list[Numbers] = []

    def add(self, directory: str, listing: Listing) -> None:
        """Add the names in the directory at the path `directory`."""
        before = f"{directory}/"
        self._paths += [before + name for name in listing.names]
        self._rows.append(self._census.slots[listing.first : listing.last])

    @property
    def is_enough(self) -> bool:
        """Whether so many wait that they are worth handing on."""
        return len(self._paths) >= _AT_ONCE

    def taken(self) -> Iterator[Columns]:
        """Yield what was gathered, if anything was, and begin anew."""
        if not self._paths:
            return
        objects, slots, paths = self._census.objects, np.concatenate(self._rows), self._paths
        self._paths, self._rows = [], []
        yield Columns(
            volume=self._volume,
            filesystem=self._filesystem,
            paths=paths,
            addresses=objects.addresses[slots],
            is_directory=objects.is_directory[slots],
            sizes=objects.sizes[slots],
            first_bytes=objects.first_bytes[slots],
            times=objects.times[slots],
            keys=objects.keys[slots],
            runs=objects.runs.of(slots),
        )
