"""A tree of files made from a flat list of paths, as archives and extractions keep them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sakshya.domain.absent import NotRecorded
from sakshya.domain.entry import EntryKind, Times
from sakshya.domain.exhibit import Damage, StatedDigest
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.damage import reason_in, unreadable
from sakshya.evidence.filesystems.allocation import Allocation
from sakshya.evidence.filesystems.filesystem import Node, Stream
from sakshya.evidence.filesystems.signatures import Kind

_MADE = 1 << 40
_NONE = NotRecorded("the folder is named only in the paths of its files")
_NO_TIMES = Times(_NONE, _NONE, _NONE, _NONE)


@dataclass(frozen=True, slots=True)
class LogicalMember:
    """One path of an extraction. `size` in bytes; `runs` where its bytes lie plainly in the container.

    `barrier` says, reason first, why it is listed and cannot be read. `stated` are the digests its source states.
    """

    path: str
    size: int
    times: Times
    kind: EntryKind
    allocated: bool = True
    link_target: str | None = None
    barrier: str = ""
    runs: tuple[tuple[int, int], ...] = ()
    stated: tuple[StatedDigest, ...] = ()


class MemberTree:
    """A file system without a disk: addresses are the members' numbers from 1 on, 0 is the root."""

    root = 0
    kind: Kind | None = None

    def __init__(
        self, name: str, members: Iterable[LogicalMember], read: Callable[[int, int, int], bytes], end: int
    ) -> None:
        self.name = name
        self._read = read
        self._end = end
        self.breaks_off: EvidenceFault | None = None
        self._members: list[LogicalMember] = []
        self._folders: dict[tuple[int, str], int] = {}
        self._below: dict[int, list[tuple[str, int]]] = {self.root: []}
        try:
            for member in members:
                self._add(member)
        except EvidenceFault as fault:
            # What was listed before the break stands; the root says that there may be more.
            self.breaks_off = fault

    def nodes(self, directory: int) -> Iterator[Node]:
        """Yield the names in a folder in the order the source lists them.

        Raises:
            EvidenceFault: there is no such folder.
        """
        if directory not in self._below:
            raise unreadable(Reason.BAD_METADATA, f"there is no folder {directory}")
        if 0 < directory < _MADE and (barrier := self._members[directory - 1].barrier):
            raise EvidenceFault(barrier, reason=reason_in(barrier).value)
        for name, address in self._below[directory]:
            if address >= _MADE:
                yield Node(name, address, EntryKind.DIRECTORY, True, False, 0, _NO_TIMES, ())
                continue
            member = self._members[address - 1]
            streams = self.streams(address) if member.kind is EntryKind.FILE else ()
            yield Node(
                name,
                address,
                member.kind,
                member.allocated,
                False,
                member.size if streams else 0,
                member.times,
                streams,
                link_target=member.link_target,
            )
        if directory == self.root and self.breaks_off is not None:
            raise self.breaks_off

    def streams(self, address: int) -> tuple[Stream, ...]:
        """Return the one stream of a member.

        Raises:
            EvidenceFault: there is no such member.
        """
        member = self._member(address)
        at = member.runs[0][0] if member.runs else address
        return (Stream("", None, member.size, member.runs, at, is_compressed=not member.runs, barrier=member.barrier),)

    def is_deleted(self, address: int) -> bool:
        """Tell whether the source calls the member deleted.

        Raises:
            EvidenceFault: there is no such member.
        """
        return not self._member(address).allocated

    def stated(self, address: int) -> tuple[StatedDigest, ...]:
        """Return the digests that the source states for a member."""
        return self._member(address).stated

    def read(self, address: int, stream: Stream, offset: int, length: int) -> bytes:
        """Return up to `length` bytes of a member; shorter at its end.

        Raises:
            EvidenceFault: the bytes could not be read.
        """
        return self._read(address - 1, offset, length)

    def directory_runs(self, _address: int) -> tuple[tuple[int, int], ...]:
        """Return nothing: folders have no bytes of their own."""
        return ()

    def allocation(self) -> Allocation | None:
        """Return None: there is no free space."""
        return None

    def label(self) -> str | None:
        """Return None: an extraction has no label."""
        return None

    def end(self) -> int:
        """Return where the container ends."""
        return self._end

    def new_damage(self) -> list[Damage]:
        """Return nothing: damage shows where a member is read."""
        return []

    def _member(self, address: int) -> LogicalMember:
        if not 1 <= address <= len(self._members):
            raise unreadable(Reason.BAD_METADATA, f"there is no member {address}")
        return self._members[address - 1]

    def _add(self, member: LogicalMember) -> None:
        self._members.append(member)
        address = len(self._members)
        parts = [part for part in member.path.split("/") if part not in ("", ".")]
        if not parts:
            return
        parent = self.root
        for part in parts[:-1]:
            parent = self._folder(parent, part)
        if member.kind is EntryKind.DIRECTORY:
            if (parent, parts[-1]) in self._folders:
                return
            self._folders[parent, parts[-1]] = address
            self._below[address] = []
        self._below[parent].append((parts[-1], address))

    def _folder(self, parent: int, name: str) -> int:
        """Return the folder of that name; by its parent, since whole paths of a deep tree would fill the memory."""
        address = self._folders.get((parent, name))
        if address is None:
            address = _MADE + len(self._folders)
            self._folders[parent, name] = address
            self._below[address] = []
            self._below[parent].append((name, address))
        return address
