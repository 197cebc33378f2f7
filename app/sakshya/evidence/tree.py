"""One exhibit as a tree of volumes, directories and files, read-only."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from sakshya.domain.absent import NotRecorded
from sakshya.domain.entry import ByteAccount, Entry, EntryKind, Times, Volume, VolumeTable
from sakshya.domain.exhibit import Damage, Exhibit, StatedDigest
from sakshya.domain.faults import EvidenceFault, OperatorFault
from sakshya.domain.locator import Locator, Run
from sakshya.domain.source import Source
from sakshya.domain.unexamined import Of, Reason, Stage, Unexamined
from sakshya.evidence.account import Account
from sakshya.evidence.columns import Columns
from sakshya.evidence.containers import Container, open_container
from sakshya.evidence.damage import reason_in, unreadable
from sakshya.evidence.filesystems.filesystem import FileSystem, Stream
from sakshya.evidence.filesystems.iso_trees import iso_files
from sakshya.evidence.filesystems.signatures import Kind, has_udf
from sakshya.evidence.filesystems.take_census import take_census
from sakshya.evidence.filesystems.udf import UdfFileSystem
from sakshya.evidence.inside import Inside
from sakshya.evidence.logical.member_tree import MemberTree
from sakshya.evidence.spaces import SHADOW, Spaces
from sakshya.evidence.stream import FileSource, RunSource
from sakshya.evidence.volumes import doubt_about, reader_at
from sakshya.evidence.walk import Found, Limits, Place, VolumeWalk, run_locator

_NO_TIME = NotRecorded("a volume has no times")
_NO_TIMES = Times(_NO_TIME, _NO_TIME, _NO_TIME, _NO_TIME)
_NOT_READ = NotRecorded("named by a further directory tree, whose times are not read")
_OTHER_TREE = Times(_NOT_READ, _NOT_READ, _NOT_READ, _NOT_READ)


Way = Callable[[VolumeWalk, FileSystem, Container, int], Iterator[Found | Columns | Unexamined]]


def _singly(walk: VolumeWalk, _fs: FileSystem, _container: Container, _offset: int) -> Iterator[Found | Unexamined]:
    return iter(walk)


def _by_columns(
    walk: VolumeWalk, fs: FileSystem, container: Container, offset: int
) -> Iterator[Found | Columns | Unexamined]:
    census = take_census(fs, container, offset)
    return iter(walk) if census is None else walk.columns(census)


def _count(found: Found, account: Account) -> None:
    if found.node is not None:
        account.add_node(found.node)
    if found.stream is not None and (found.node is None or not found.node.reused):
        account.add_stream(found.stream)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of `container` that may hold lost files: what `account` knows to be free, all of it where that is None.

    `cluster` is the unit in bytes in which files were laid there.
    """

    place: Place
    container: Container
    extent: Run
    account: Account | None
    cluster: int = 512

    def free(self) -> list[Run]:
        """Return the free stretches in order."""
        return [self.extent] if self.account is None else self.account.free_within(self.extent)


class ExhibitReader:
    """Reads one exhibit. Opening it is cheap: the volumes are looked at when they are asked for."""

    def __init__(self, exhibit: Exhibit, *, limits: Limits | None = None) -> None:
        self.exhibit = exhibit
        self.container: Container = open_container(exhibit.files)
        self._limits = limits or Limits()
        self._spaces = Spaces(self.container, exhibit)
        self._inside = Inside(self.source, exhibit.keys)
        self._account: Account | None = None
        self._spans: list[Span] = []

    @property
    def table(self) -> VolumeTable:
        """How the exhibit is divided, with what is wrong with each volume."""
        return self._spaces.table

    def walk(self) -> Iterator[Entry | Unexamined]:
        """Yield every entry of every volume, the same order each time, parents before children.

        Deleted and orphaned files and further streams are among them. What cannot be read, and space that belongs to
        no file, comes as `Unexamined`.
        """
        for found in self.columns():
            if isinstance(found, Columns):
                yield from found.entries()
            else:
                yield found

    def columns(self) -> Iterator[Entry | Columns | Unexamined]:
        """Yield what `walk` does in the same order, plain entries many at a time."""
        for found in self._walk(_by_columns):
            yield found.entry if isinstance(found, Found) else found

    def children(self, locator: Locator | None) -> list[Entry]:
        """Return the entries of one directory; of the exhibit itself, its volumes, when `locator` is None.

        Raises:
            EvidenceFault: the directory cannot be listed.
        """
        if locator is None:
            return [self._root(volume) for volume in self.table.volumes]
        return list(self.entries_in(locator))

    def entries_in(self, locator: Locator) -> Iterator[Entry]:
        """Yield the entries of one directory, without ever holding all of them.

        Raises:
            EvidenceFault: the directory cannot be listed.
        """
        if locator.address is None:
            return
        fs = self._spaces.system(locator.offset, locator.layers)
        place = Place(locator.exhibit, locator.volume, locator.offset, locator.layers)
        walk = VolumeWalk(fs, place, self._limits)
        path = "" if locator.path == "/" else locator.path
        yield from (found.entry for found in walk.children(locator.address, path))

    def source(self, locator: Locator) -> Source:
        """Return the stream at a locator; it is found by its address, never by its path.

        Raises:
            OperatorFault: the locator is of another exhibit.
            EvidenceFault: there is no such stream, or nothing says where it lay.
        """
        if locator.exhibit != self.exhibit.number:
            raise OperatorFault(f"{locator.exhibit} is not the exhibit that is open", where=str(locator))
        if locator.inside:
            return self._inside.source(locator)
        if locator.runs:
            return RunSource(locator, self._spaces.container(locator.offset, locator.layers))
        if locator.address is None:
            detail = "the disk no longer says where the content lay"
            raise unreadable(Reason.NO_CONTENT_ADDRESS, detail, where=f"{locator.exhibit} {locator.path}")
        fs = self._spaces.system(locator.offset, locator.layers)
        for stream in fs.streams(locator.address):
            if (stream.attribute, stream.name) == (locator.attribute, locator.stream):
                is_deleted = fs.is_deleted(locator.address)
                return FileSource(locator, fs, stream, locator.address, is_deleted)
        if locator.attribute is None and not locator.stream:
            return FileSource(locator, fs, Stream("", None, 0), locator.address, is_deleted=True)
        raise unreadable(Reason.BAD_METADATA, "there is no such stream", where=str(locator))

    def account(self) -> ByteAccount:
        """Return where the exhibit's bytes are; goes through the exhibit first if `walk` has not."""
        if self._account is None:
            for _ in self._walk(_by_columns):
                pass
        assert self._account is not None
        return self._account.result()

    def stated(self, locator: Locator) -> tuple[StatedDigest, ...]:
        """Return the digests that the exhibit itself states for the stream at a locator."""
        if locator.inside or locator.runs or locator.address is None:
            return ()
        fs = self._spaces.system(locator.offset, locator.layers)
        return fs.stated(locator.address) if isinstance(fs, MemberTree) else ()

    def members(self, locator: Locator, format_name: str) -> Iterator[Entry | Unexamined]:
        """Yield what lies inside the file at a locator, opened as `format_name`.

        Raises:
            EvidenceFault: the file cannot be opened as such.
        """
        return self._inside.entries(locator, format_name)

    def found(self) -> Iterator[Found | Unexamined]:
        """Yield what `walk` does, each entry with where its bytes lie."""
        return (found for found in self._walk(_singly) if not isinstance(found, Columns))

    def mapping(self, volume: Volume) -> list[tuple[int, int, int]]:
        """Return (start in the volume, start in the exhibit, length) where a layer's bytes lie plainly in it."""
        return self._spaces.mapping(volume)

    def spans(self) -> list[Span]:
        """Return the stretches that may hold lost files; goes through the exhibit first if `walk` has not."""
        self.account()
        return self._spans

    def walk_volume(self, volume: Volume) -> Iterator[Entry | Unexamined]:
        """Yield the entries of one volume.

        Raises:
            EvidenceFault: its file system cannot be read.
        """
        fs = self._spaces.system(volume.offset, volume.layers)
        for found in VolumeWalk(fs, self._place(volume), self._limits):
            yield found.entry if isinstance(found, Found) else found

    def close(self) -> None:
        """Close the exhibit's files."""
        self._inside.close()
        self._spaces.close()
        self.container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _walk(self, way: Way) -> Iterator[Found | Columns | Unexamined]:
        account = Account(self.container.size)
        known = self._known_damage()
        account.add_damage(known)
        table = self.table
        self._spans = []
        if table.problems:
            yield from (self._on_exhibit(Reason.BAD_METADATA, problem) for problem in table.problems)
        for volume in table.volumes:
            if volume.layers[-1:] and volume.layers[-1].startswith(SHADOW):
                yield self._shadow_not_read(volume)
            elif not self._spaces.holds_layers(volume):
                yield from self._walk_volume(volume, account, way)
        account.add_free(table.gaps)
        self._spans.extend(Span(Place(self.exhibit.number, 0, 0), self.container, gap, account) for gap in table.gaps)
        for gap in table.gaps:
            place = Place(self.exhibit.number, 0, 0)
            detail = "outside every volume; not searched for lost files"
            yield self._run(place, gap, Reason.NOT_CARVED, detail)
        for damage in known:
            place, reason = Place(self.exhibit.number, 0, 0), reason_in(damage.reason)
            detail = f"{damage.reason}; found as the exhibit was verified"
            yield self._run(place, damage.run, reason, detail)
        account.add_damage(self.container.damage)
        self._account = account

    def _known_damage(self) -> tuple[Damage, ...]:
        """Return what the last verification could not read: it may lie where no file does, and counts all the same."""
        verifications = self.exhibit.verifications
        return verifications[-1].damage if verifications else ()

    def _walk_volume(self, volume: Volume, account: Account, way: Way) -> Iterator[Found | Columns | Unexamined]:
        if not volume.layers:
            yield from self._walk_plain(volume, self.container, account, way)
            return
        try:
            container = self._spaces.container(volume.offset, volume.layers)
        except EvidenceFault as fault:
            yield self._whole_volume(volume, fault)
            return
        own = Account(container.size)
        yield from self._walk_plain(volume, container, own, way)
        account.add_mapped(own, self._spaces.mapping(volume))

    def _walk_plain(
        self, volume: Volume, container: Container, account: Account, way: Way
    ) -> Iterator[Found | Columns | Unexamined]:
        place = self._place(volume)
        try:
            fs = self._spaces.system(volume.offset, volume.layers)
        except EvidenceFault as fault:
            yield self._whole_volume(volume, fault)
            if fault.reason == Reason.UNKNOWN_FILE_SYSTEM.value:
                self._spans.append(Span(place, container, self._extent(volume, container), None))
            return
        if volume.problem is not None:
            reason, locator = doubt_about(volume), place.locator(None, "/")
            yield Unexamined(place.exhibit, Of.VOLUME, Stage.OPEN, reason, volume.problem, locator)
        walk = VolumeWalk(fs, place, self._limits)
        account.add_own(fs.directory_runs(fs.root))
        if isinstance(fs, MemberTree):
            account.add_own(((0, container.size),))
        named: set[tuple[int, int]] = set()
        for found in way(walk, fs, container, self._extent(volume, container).offset):
            if isinstance(found, Columns):
                account.add_runs(found.runs)
            elif isinstance(found, Found):
                if fs.kind is Kind.ISO9660 and found.entry.allocated and found.stream is not None:
                    named.update(found.stream.runs[:1])
                _count(found, account)
            yield found
        if fs.kind is Kind.ISO9660:
            known = {start for start, _ in named}
            yield from self._of_other_trees(container, place, known)
            yield from self._of_udf(container, place, known)
        yield from self._rest(volume, container, walk, account)

    def _of_other_trees(self, container: Container, place: Place, named: set[int]) -> Iterator[Found]:
        """Yield the files of an ISO 9660 volume that only a further directory tree names."""
        start_of = 0 if place.layers else place.offset
        for file in iso_files(reader_at(container, start_of)):
            runs = tuple(Run(start_of + start, length) for start, length in file.extents if length)
            if not runs or runs[0].offset in named or runs[-1].offset + runs[-1].length > container.size:
                continue
            size = sum(run.length for run in runs)
            locator = replace(place.locator(None, file.path), runs=runs)
            yield Found(
                Entry(locator, Kind.ISO9660.value, EntryKind.FILE, size, True, _OTHER_TREE, runs[0].offset), None, None
            )

    def _of_udf(self, container: Container, place: Place, named: set[int]) -> Iterator[Found | Unexamined]:
        """Yield the files that only the UDF tree beside an ISO 9660 one names."""
        start = 0 if place.layers else place.offset
        if not has_udf(reader_at(container, start)):
            return
        try:
            fs = UdfFileSystem(container, start, container.size - start, self.exhibit.zone)
            for found in VolumeWalk(fs, place, self._limits):
                if isinstance(found, Found) and found.stream is not None and found.stream.runs:
                    if found.stream.runs[0][0] not in named:
                        runs = tuple(Run(*run) for run in found.stream.stored_runs())
                        locator = replace(found.entry.locator, address=None, attribute=None, runs=runs)
                        yield replace(found, entry=replace(found.entry, locator=locator))
                elif isinstance(found, Unexamined):
                    yield found
        except EvidenceFault as fault:
            detail = f"the UDF tree on the same volume: {fault.what}"
            locator = place.locator(None, "/")
            yield Unexamined(place.exhibit, Of.VOLUME, Stage.OPEN, reason_in(fault.what), detail, locator)

    def _rest(self, volume: Volume, container: Container, walk: VolumeWalk, account: Account) -> Iterator[Unexamined]:
        place, fs = self._place(volume), self._spaces.system(volume.offset, volume.layers)
        extent = self._extent(volume, container)
        end = extent.offset + extent.length
        account.add_allocation(walk.allocation)
        if fs.end() < end:
            account.add_free((Run(fs.end(), end - fs.end()),))
        account.add_damage(container.damage)
        cluster = walk.allocation.grid.size if walk.allocation else 512
        self._spans.append(Span(place, container, extent, account, cluster))
        if fs.end() > container.size:
            beyond = Run(container.size, fs.end() - container.size)
            detail = f"the {fs.name} file system reaches {beyond.length} bytes beyond it"
            yield self._run(place, beyond, Reason.BEYOND_END, detail)
        free = account.unallocated_within(extent)
        if free:
            detail = f"{free} bytes of free space were not searched for lost files"
            locator = place.locator(None, "/$Unallocated")
            yield Unexamined(place.exhibit, Of.RUN, Stage.CARVE, Reason.NOT_CARVED, detail, locator, free)

    def _extent(self, volume: Volume, container: Container) -> Run:
        """Return where the volume lies in the bytes that its addresses count in."""
        start = 0 if volume.layers else volume.offset
        return Run(start, max(0, min(start + volume.length, container.size) - start))

    def _place(self, volume: Volume) -> Place:
        return Place(self.exhibit.number, volume.index, volume.offset, volume.layers)

    def _shadow_not_read(self, volume: Volume) -> Unexamined:
        detail = f"{volume.description}: shadow copies are read by a full scan"
        locator = self._place(volume).locator(None, "/")
        return Unexamined(self.exhibit.number, Of.VOLUME, Stage.OPEN, Reason.NOT_REACHED, detail, locator, None)

    def _root(self, volume: Volume) -> Entry:
        place = self._place(volume)
        try:
            address, kind = self._spaces.system(volume.offset, volume.layers).root, EntryKind.DIRECTORY
        except EvidenceFault:
            address, kind = None, EntryKind.VIRTUAL
        name = volume.filesystem or ""
        return Entry(place.locator(address, "/"), name, kind, volume.length, True, _NO_TIMES, volume.offset)

    def _whole_volume(self, volume: Volume, fault: EvidenceFault) -> Unexamined:
        reason = Reason(fault.reason) if fault.reason else Reason.UNKNOWN_FILE_SYSTEM
        locator = self._place(volume).locator(None, "/")
        why = (volume.problem or fault.what).removeprefix(f"{reason.value}: ")
        detail = "; ".join(filter(None, (why, volume.description)))
        return Unexamined(self.exhibit.number, Of.VOLUME, Stage.OPEN, reason, detail, locator, volume.length)

    def _on_exhibit(self, reason: Reason, detail: str) -> Unexamined:
        return Unexamined(self.exhibit.number, Of.EXHIBIT, Stage.OPEN, reason, detail)

    def _run(self, place: Place, run: Run, reason: Reason, detail: str) -> Unexamined:
        stage = Stage.CARVE if reason is Reason.NOT_CARVED else Stage.READ
        return Unexamined(place.exhibit, Of.RUN, stage, reason, detail, run_locator(place, run), run.length)
