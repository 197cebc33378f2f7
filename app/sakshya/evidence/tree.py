"""One exhibit as a tree of volumes, directories and files, read-only."""

from collections.abc import Iterator
from dataclasses import replace
from types import TracebackType
from typing import Self

from sakshya.domain.absent import NotRecorded
from sakshya.domain.entry import ByteAccount, Entry, EntryKind, Times, Volume, VolumeTable
from sakshya.domain.exhibit import Damage, Exhibit
from sakshya.domain.faults import EvidenceFault, OperatorFault
from sakshya.domain.locator import Locator, Run
from sakshya.domain.source import Source
from sakshya.domain.unexamined import Of, Reason, Stage, Unexamined
from sakshya.evidence.account import Account
from sakshya.evidence.containers import Container, open_container
from sakshya.evidence.damage import reason_in, unreadable
from sakshya.evidence.filesystems.filesystem import Stream
from sakshya.evidence.filesystems.iso_trees import iso_files
from sakshya.evidence.filesystems.signatures import Kind, identify
from sakshya.evidence.filesystems.tsk import TskFileSystem
from sakshya.evidence.stream import FileSource, RunSource
from sakshya.evidence.volumes import read_volume_table, reader_at
from sakshya.evidence.walk import Found, Limits, Place, VolumeWalk, run_locator

_NO_TIME = NotRecorded("a volume has no times")
_NO_TIMES = Times(_NO_TIME, _NO_TIME, _NO_TIME, _NO_TIME)
_NOT_READ = NotRecorded("named by a further directory tree, whose times are not read")
_OTHER_TREE = Times(_NOT_READ, _NOT_READ, _NOT_READ, _NOT_READ)


class ExhibitReader:
    """Reads one exhibit. Opening it is cheap: the volumes are looked at when they are asked for."""

    def __init__(self, exhibit: Exhibit, *, limits: Limits | None = None) -> None:
        self.exhibit = exhibit
        self.container: Container = open_container(exhibit.files)
        self._limits = limits or Limits()
        self._table: VolumeTable | None = None
        self._systems: dict[int, TskFileSystem | EvidenceFault] = {}
        self._account: Account | None = None

    @property
    def table(self) -> VolumeTable:
        """How the exhibit is divided, with what is wrong with each volume."""
        if self._table is None:
            table = read_volume_table(self.container)
            self._table = replace(table, volumes=tuple(map(self._opened, table.volumes)))
        return self._table

    def walk(self) -> Iterator[Entry | Unexamined]:
        """Yield every entry of every volume, the same order each time, parents before children.

        Deleted and orphaned files and further streams are among them. What cannot be read, and space that belongs to
        no file, comes as `Unexamined`.
        """
        for found in self._walk():
            yield found.entry if isinstance(found, Found) else found

    def children(self, locator: Locator | None) -> list[Entry]:
        """Return the entries of one directory; of the exhibit itself, its volumes, when `locator` is None.

        Raises:
            EvidenceFault: the directory cannot be listed.
        """
        if locator is None:
            return [self._root(volume) for volume in self.table.volumes]
        if locator.address is None:
            return []
        fs = self._system(locator.offset)
        walk = VolumeWalk(fs, Place(locator.exhibit, locator.volume, locator.offset), self._limits)
        path = "" if locator.path == "/" else locator.path
        return [found.entry for found in walk.children(locator.address, path)]

    def source(self, locator: Locator) -> Source:
        """Return the stream at a locator; it is found by its address, never by its path.

        Raises:
            OperatorFault: the locator is of another exhibit.
            EvidenceFault: there is no such stream, or nothing says where it lay.
        """
        if locator.exhibit != self.exhibit.number:
            raise OperatorFault(f"{locator.exhibit} is not the exhibit that is open", where=str(locator))
        if locator.runs:
            return RunSource(locator, self.container)
        if locator.address is None:
            detail = "the disk no longer says where the content lay"
            raise unreadable(Reason.NO_CONTENT_ADDRESS, detail, where=f"{locator.exhibit} {locator.path}")
        fs = self._system(locator.offset)
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
            for _ in self._walk():
                pass
        assert self._account is not None
        return self._account.result()

    def close(self) -> None:
        """Close the exhibit's files."""
        self._systems.clear()
        self.container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _walk(self) -> Iterator[Found | Unexamined]:
        account = Account(self.container.size)
        known = self._known_damage()
        account.add_damage(known)
        table = self.table
        if table.problems:
            yield from (self._on_exhibit(Reason.BAD_METADATA, problem) for problem in table.problems)
        for volume in table.volumes:
            yield from self._walk_volume(volume, account)
        account.add_free(table.gaps)
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

    def _walk_volume(self, volume: Volume, account: Account) -> Iterator[Found | Unexamined]:
        place = Place(self.exhibit.number, volume.index, volume.offset)
        try:
            fs = self._system(volume.offset)
        except EvidenceFault as fault:
            yield self._whole_volume(volume, fault)
            return
        walk = VolumeWalk(fs, place, self._limits)
        account.add_own(fs.directory_runs(fs.root))
        named: set[tuple[int, int]] = set()
        for found in walk:
            if isinstance(found, Found):
                if fs.kind is Kind.ISO9660 and found.entry.allocated and found.stream is not None:
                    named.update(found.stream.runs[:1])
                if found.node is not None:
                    account.add_node(found.node)
                if found.stream is not None and (found.node is None or not found.node.reused):
                    account.add_stream(found.stream)
            yield found
        if fs.kind is Kind.ISO9660:
            yield from self._of_other_trees(volume, place, {start for start, _ in named})
        yield from self._rest(volume, fs, walk, account)

    def _of_other_trees(self, volume: Volume, place: Place, named: set[int]) -> Iterator[Found]:
        """Yield the files of an ISO 9660 volume that only a further directory tree names."""
        for file in iso_files(reader_at(self.container, volume.offset)):
            runs = tuple(Run(volume.offset + start, length) for start, length in file.extents if length)
            if not runs or runs[0].offset in named or runs[-1].offset + runs[-1].length > self.container.size:
                continue
            size = sum(run.length for run in runs)
            locator = replace(place.locator(None, file.path), runs=runs)
            yield Found(
                Entry(locator, Kind.ISO9660.value, EntryKind.FILE, size, True, _OTHER_TREE, runs[0].offset), None, None
            )

    def _rest(self, volume: Volume, fs: TskFileSystem, walk: VolumeWalk, account: Account) -> Iterator[Unexamined]:
        place = Place(self.exhibit.number, volume.index, volume.offset)
        end = min(volume.offset + volume.length, self.container.size)
        account.add_allocation(walk.allocation)
        if fs.end() < end:
            account.add_free((Run(fs.end(), end - fs.end()),))
        account.add_damage(self.container.damage)
        if fs.end() > self.container.size:
            beyond = Run(self.container.size, fs.end() - self.container.size)
            detail = f"the {fs.name} file system reaches {beyond.length} bytes beyond it"
            yield self._run(place, beyond, Reason.BEYOND_END, detail)
        free = account.unallocated_within(Run(volume.offset, end - volume.offset))
        if free:
            detail = f"{free} bytes of free space were not searched for lost files"
            locator = place.locator(None, "/$Unallocated")
            yield Unexamined(place.exhibit, Of.RUN, Stage.CARVE, Reason.NOT_CARVED, detail, locator, free)

    def _system(self, offset: int) -> TskFileSystem:
        """Return the file system at an exhibit offset; what failed once fails the same way again."""
        if offset not in self._systems:
            try:
                self._systems[offset] = self._open(offset)
            except EvidenceFault as fault:
                self._systems[offset] = fault
        system = self._systems[offset]
        if isinstance(system, EvidenceFault):
            raise system
        return system

    def _open(self, offset: int) -> TskFileSystem:
        signature = identify(reader_at(self.container, offset))
        where = f"{self.exhibit.number}, volume at byte {offset}"
        if signature is None:
            raise unreadable(Reason.UNKNOWN_FILE_SYSTEM, "no known signature", where=where)
        if signature.kind is None:
            raise unreadable(signature.reason, signature.name, where=where)
        return TskFileSystem(self.container, offset, signature.kind, self.exhibit.zone)

    def _opened(self, volume: Volume) -> Volume:
        """Return the volume as it turned out when it was opened."""
        if volume.filesystem is None or reason_in(volume.problem or "") is not Reason.READ_ERROR:
            return volume
        try:
            fs = self._system(volume.offset)
        except EvidenceFault as fault:
            return replace(volume, problem="; ".join(filter(None, (volume.problem, fault.what))))
        return replace(volume, filesystem=fs.name, label=fs.label() or volume.label)

    def _root(self, volume: Volume) -> Entry:
        place = Place(self.exhibit.number, volume.index, volume.offset)
        try:
            address, kind = self._system(volume.offset).root, EntryKind.DIRECTORY
        except EvidenceFault:
            address, kind = None, EntryKind.VIRTUAL
        name = volume.filesystem or ""
        return Entry(place.locator(address, "/"), name, kind, volume.length, True, _NO_TIMES, volume.offset)

    def _whole_volume(self, volume: Volume, fault: EvidenceFault) -> Unexamined:
        reason = Reason(fault.reason) if fault.reason else Reason.UNKNOWN_FILE_SYSTEM
        locator = Place(self.exhibit.number, volume.index, volume.offset).locator(None, "/")
        detail = "; ".join(filter(None, (volume.problem or fault.what, volume.description)))
        return Unexamined(self.exhibit.number, Of.VOLUME, Stage.OPEN, reason, detail, locator, volume.length)

    def _on_exhibit(self, reason: Reason, detail: str) -> Unexamined:
        return Unexamined(self.exhibit.number, Of.EXHIBIT, Stage.OPEN, reason, detail)

    def _run(self, place: Place, run: Run, reason: Reason, detail: str) -> Unexamined:
        stage = Stage.CARVE if reason is Reason.NOT_CARVED else Stage.READ
        return Unexamined(place.exhibit, Of.RUN, stage, reason, detail, run_locator(place, run), run.length)
