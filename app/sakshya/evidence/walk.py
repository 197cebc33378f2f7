"""Goes through one volume's file system: every name once, parents before children, in disk order."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sakshya.domain.entry import Entry, EntryKind, Recovery
from sakshya.domain.exhibit import Damage
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Locator, Run
from sakshya.domain.unexamined import Of, Reason, Stage, Unexamined
from sakshya.evidence.columns import Columns, Gathering
from sakshya.evidence.damage import reason_in
from sakshya.evidence.descent import Descent
from sakshya.evidence.filesystems.allocation import Allocation
from sakshya.evidence.filesystems.census import Census
from sakshya.evidence.filesystems.filesystem import FileSystem, Node, Stream
from sakshya.evidence.filesystems.signatures import EXT, Kind
from sakshya.evidence.recovery import Claims, judge

_GUESSED = frozenset({Kind.FAT12.value, Kind.FAT16.value, Kind.FAT32.value, Kind.EXFAT.value})
_FORGETS = frozenset(kind.value for kind in EXT)
_BAD_CLUSTERS = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a walk gives up, and says so: no honest disk comes near."""

    depth: int = 1_000
    entries: int = 20_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """The volume that is walked."""

    exhibit: str
    volume: int
    offset: int
    layers: tuple[str, ...] = ()

    def locator(self, address: int | None, path: str, stream: Stream | None = None) -> Locator:
        """Return the locator of an object of the volume."""
        attribute = stream.attribute if stream else None
        name = stream.name if stream else ""
        return Locator(self.exhibit, self.volume, self.offset, address, path, attribute, name, layers=self.layers)


@dataclass(frozen=True, slots=True)
class Found:
    """One entry with where its bytes lie; `node` is None for a further stream of the entry before."""

    entry: Entry
    stream: Stream | None
    node: Node | None


class VolumeWalk:
    """Walks one volume. Directories that were entered are not entered again, so that no circle can hold it."""

    def __init__(self, fs: FileSystem, place: Place, limits: Limits) -> None:
        self._fs = fs
        self._name = fs.name
        self._place = place
        self._limits = limits
        self._claims = Claims()
        self._allocation: Allocation | None = None
        self._knows_allocation = False

    @property
    def allocation(self) -> Allocation | None:
        """The file system's own record of what is in use."""
        if not self._knows_allocation:
            self._knows_allocation = True
            try:
                self._allocation = self._fs.allocation()
            except (EvidenceFault, ArithmeticError, ValueError, IndexError):
                self._allocation = None
        return self._allocation

    def __iter__(self) -> Iterator[Found | Unexamined]:
        if self._name in _GUESSED:
            self._gather_claims()
        for visited in self._visit():
            if isinstance(visited, Unexamined):
                yield visited
            else:
                yield from self.found(*visited)

    def children(self, directory: int, path: str) -> Iterator[Found]:
        """Yield the entries of one directory.

        Raises:
            EvidenceFault: it cannot be listed to its end.
        """
        for node in self._fs.nodes(directory):
            yield from self.found(f"{path}/{node.name}", node)

    def found(self, path: str, node: Node) -> Iterator[Found]:
        """Yield the node's entry, and one for each further stream."""
        first, main = self._first(path, node)
        yield Found(first, main, node)
        if len(node.streams) > (main is not None):
            yield from self._further(path, node, first)

    def _first(self, path: str, node: Node) -> tuple[Entry, Stream | None]:
        main: Stream | None = None
        for stream in node.streams:
            if not stream.name:
                main = stream
                break
        place = self._place
        attribute = main.attribute if main else None
        # By place and not by name: this is run for each name on a disk.
        locator = Locator(
            place.exhibit, place.volume, place.offset, node.address, path, attribute, "", (), place.layers
        )
        return Entry(
            locator,
            self._name,
            node.kind,
            node.size,
            node.allocated,
            node.times,
            main.at if main else None,
            None if node.allocated else self._judge(node, main or _index_of(node)),
            node.link_target,
        ), main

    def _further(self, path: str, node: Node, entry: Entry) -> Iterator[Found]:
        for stream in node.streams:
            if stream.name:
                further = replace(
                    entry,
                    locator=self._place.locator(node.address, path, stream),
                    kind=_kind_of(node, stream),
                    size=stream.size,
                    first_byte=stream.at,
                    recovery=None if node.allocated else self._judge(node, stream),
                    link_target=None,
                )
                yield Found(further, stream, None)

    def _judge(self, node: Node, stream: Stream) -> Recovery:
        if self._name in _FORGETS and not stream.size:
            # As it deletes a file, the system wipes its size and its blocks: it is empty on record only.
            return Recovery.OVERWRITTEN
        return judge(node, stream, self.allocation if stream.runs else None, self._claims)

    def _gather_claims(self) -> None:
        """FAT forgets where a deleted file went on: the next one's beginning is the only witness."""
        for visited in self._visit():
            if not isinstance(visited, Unexamined):
                node = visited[1]
                for stream in () if node.allocated else node.streams:
                    if node.address is not None:
                        self._claims.add(stream.stored_runs(), node.address)
        self._fs.new_damage()

    def _visit(self) -> Iterator[tuple[str, Node] | Unexamined]:
        descent, left = Descent(self._fs.root, self._limits.depth), self._limits.entries
        while (following := descent.next()) is not None:
            for visited in self._directory(descent, *following, self._fs.nodes(following[0])):
                left -= not isinstance(visited, Unexamined)
                if left < 0:
                    yield self._too_many(following[1])
                    return
                yield visited

    def _directory(
        self, descent: Descent, directory: int, path: str, nodes: Iterator[Node]
    ) -> Iterator[tuple[str, Node] | Unexamined]:
        """Yield the names in one directory as the file system's reader gives them."""
        try:
            for node in nodes:
                name = f"{path}/{node.name}"
                yield name, node
                if _may_hold_names(node) and node.address is not None and not node.reused:
                    yield from filter(None, (self._entered(descent, node.address, name),))
        except EvidenceFault as fault:
            yield self._not_listed(directory, path, fault)
        yield from map(self._damaged, self._fs.new_damage())

    def columns(self, census: Census) -> Iterator[Columns | Found | Unexamined]:
        """Yield the same in the same order, what the census covers as columns."""
        descent, left = Descent(self._fs.root, self._limits.depth), self._limits.entries
        gathering = Gathering(census, self._place.locator(None, ""), self._name)
        named: set[int | None] = set()
        while (following := descent.next()) is not None:
            directory, path = following
            listing = census.listing(directory)
            if listing is not None and len(listing.names) <= left:
                left -= len(listing.names)
                gathering.add(path, listing)
                below = ((address, f"{path}/{name}") for address, name in listing.directories)
                yield from filter(None, (self._entered(descent, *one) for one in below))
                if gathering.is_enough:
                    yield from gathering.taken()
                continue
            yield from gathering.taken()
            nodes = census.lost_nodes(named) if directory == census.lost_directory else None
            for visited in self._directory(descent, directory, path, nodes or self._fs.nodes(directory)):
                if isinstance(visited, Unexamined):
                    yield visited
                    continue
                left -= 1
                if left < 0:
                    yield self._too_many(path)
                    return
                named.add(visited[1].address)
                yield from self.found(*visited)
        yield from gathering.taken()

    def _entered(self, descent: Descent, address: int, path: str) -> Unexamined | None:
        refused = descent.enter(address, path)
        return None if refused is None else self._given_up(path, *refused)

    def _too_many(self, path: str) -> Unexamined:
        return self._given_up(path, Reason.TOO_MANY, f"more than {self._limits.entries} entries")

    def _given_up(self, path: str, reason: Reason, detail: str) -> Unexamined:
        locator = self._place.locator(None, path or "/")
        return Unexamined(self._place.exhibit, Of.ENTRY, Stage.READ, reason, detail, locator)

    def _not_listed(self, directory: int, path: str, fault: EvidenceFault) -> Unexamined:
        locator = self._place.locator(directory, path or "/")
        reason = reason_in(fault.what)
        return Unexamined(self._place.exhibit, Of.ENTRY, Stage.READ, reason, fault.what, locator)

    def _damaged(self, damage: Damage) -> Unexamined:
        locator = run_locator(self._place, damage.run)
        reason = reason_in(damage.reason)
        detail = f"{damage.reason}; met while listing the volume, names may be missing"
        return Unexamined(self._place.exhibit, Of.RUN, Stage.READ, reason, detail, locator, damage.run.length)


def _index_of(node: Node) -> Stream:
    """What is left of a name without a content of its own is its directory index, or nothing."""
    return Stream("", None, sum(length for _, length in node.own_runs), node.own_runs)


def _kind_of(node: Node, stream: Stream) -> EntryKind:
    """NTFS keeps its list of bad clusters as a file as long as the volume, all hole where none is bad."""
    is_list = node.address == _BAD_CLUSTERS and stream.name == "$Bad" and not stream.stored_runs()
    return EntryKind.VIRTUAL if is_list else EntryKind.FILE


def _may_hold_names(node: Node) -> bool:
    return node.kind is EntryKind.DIRECTORY or (node.kind is EntryKind.VIRTUAL and node.name == "$OrphanFiles")


def run_locator(place: Place, run: Run) -> Locator:
    """Return the locator of a stretch of the exhibit that is no file."""
    return replace(place.locator(None, ""), runs=(run,))
