"""A folder as an exhibit, as a seized USB stick copied file by file or an extraction unpacked by another tool.

The exhibit's bytes are one line of JSON for each file, with its path and length, sorted, and then every file's bytes
in that order: one digest covers names, lengths and contents.
"""

import bisect
import itertools
import json
import os
import stat
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sakshya.domain.absent import NotApplicable
from sakshya.domain.entry import EntryKind, Times
from sakshya.domain.exhibit import ContainerFacts, Damage
from sakshya.domain.faults import EvidenceFault, OperatorFault
from sakshya.domain.locator import Run
from sakshya.domain.names import show_name
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.packed.times import from_posix
from sakshya.evidence.containers.container import PieceByPiece
from sakshya.evidence.damage import damaged, unreadable
from sakshya.evidence.logical import itunes
from sakshya.evidence.logical.member_tree import LogicalMember, MemberTree
from sakshya.evidence.readonly import ReadOnlyFile, open_exhibit_file

FORMAT = "folder"
_OPEN = 32
_KEPT = NotApplicable("a folder's files keep none here")


@dataclass(frozen=True, slots=True)
class _Path:
    name: str
    mode: int
    size: int
    times: tuple[float, float, float]
    target: str | None
    problem: str = ""


class FolderContainer(PieceByPiece):
    """The files of a folder, one after the other."""

    def __init__(self, folder: Path, paths: Sequence[_Path], head: bytes, format_name: str = FORMAT) -> None:
        self._folder = folder
        self._paths = paths
        self._files = [one for one in paths if stat.S_ISREG(one.mode)]
        self._head = head
        self._starts = list(itertools.accumulate((one.size for one in self._files), initial=len(head)))
        self._extents: dict[str, tuple[int, int]] = {}
        self._open: OrderedDict[int, ReadOnlyFile] = OrderedDict()
        super().__init__(ContainerFacts(format_name, self._starts[-1], 512, (str(folder),)))

    def filesystem(self, _zone: str | None, _keys: Sequence[str]) -> MemberTree:
        """Return the folder's tree."""
        starts = dict(zip((one.name for one in self._files), self._starts, strict=False))
        members = [_member(one, starts.get(one.name)) for one in self._paths]
        places = [starts.get(one.name, 0) for one in self._paths]

        def read(member: int, offset: int, length: int) -> bytes:
            left = max(0, self._paths[member].size - offset)
            return self.read_at(places[member] + offset, min(length, left)) if left else b""

        return MemberTree(FORMAT, members, read, self.size)

    def extent(self, name: str) -> tuple[int, int] | None:
        """Return where a file lies in the exhibit and its length in bytes; None where the folder has none."""
        if not self._extents:
            starts = zip(self._files, self._starts, strict=False)
            self._extents = {one.name: (start, one.size) for one, start in starts}
        return self._extents.get(name)

    def _piece(self, offset: int, length: int) -> bytes | Damage:
        if offset < len(self._head):
            return self._head[offset : offset + length]
        index = bisect.bisect_right(self._starts, offset) - 1
        inside = offset - self._starts[index]
        run = Run(offset, min(length, self._starts[index + 1] - offset))
        name = show_name(self._files[index].name)
        try:
            data = self._file(index).pread(inside, run.length)
        except (OSError, EvidenceFault, OperatorFault) as error:
            return damaged(Reason.READ_ERROR, Run(offset, self._starts[index + 1] - offset), f"{name}: {error}")
        return data or damaged(Reason.READ_ERROR, run, f"{name} became shorter while it was read")

    def _file(self, index: int) -> ReadOnlyFile:
        if index not in self._open:
            self._open[index] = open_exhibit_file(os.path.join(self._folder, self._files[index].name))  # noqa: PTH118
            if len(self._open) > _OPEN:
                self._open.popitem(last=False)[1].close()
        self._open.move_to_end(index)
        return self._open[index]

    def close(self) -> None:
        """Close the files."""
        while self._open:
            self._open.popitem()[1].close()


class BackupContainer(FolderContainer):
    """The folder of an iTunes backup: its bytes are the folder's, its tree is the phone's."""

    def filesystem(self, _zone: str | None, keys: Sequence[str]) -> MemberTree:
        """Return the phone's files by domain and path, and beside them what the backup's list does not name.

        Raises:
            EvidenceFault: the list cannot be read, or no key opens it.
        """
        backup = itunes.Backup(self, keys)
        contents: list[tuple[itunes.Content | None, int]] = []

        def members() -> Iterator[LogicalMember]:
            breaks_off: EvidenceFault | None = None
            try:
                for member, content in backup.members():
                    contents.append((content, member.size))
                    yield member
            except EvidenceFault as fault:
                breaks_off = fault
            for one in self._files:
                if one.name not in backup.used:
                    start, size = self.extent(one.name) or (0, 0)
                    contents.append((itunes.Content(start, size), size))
                    yield _member(one, start)
            if breaks_off is not None:
                raise breaks_off

        def read(member: int, offset: int, length: int) -> bytes:
            content, size = contents[member]
            if content is None:
                raise unreadable(Reason.NO_CONTENT_ADDRESS, "the backup does not hold its content")
            left = max(0, size - offset)
            return backup.read(content, offset, min(length, left)) if left else b""

        return MemberTree(itunes.FORMAT, members(), read, self.size)


def open_folder(folder: Path) -> FolderContainer:
    """Open a folder as an exhibit; links are listed and never followed.

    Raises:
        OperatorFault: the folder is empty.
        EvidenceFault: it cannot be listed.
    """
    try:
        paths = sorted(_below(str(folder), ""), key=lambda one: os.fsencode(one.name))
    except OSError as error:
        advice = "ask its owner for read permission"
        raise EvidenceFault(
            f"the folder cannot be listed ({error.strerror})", where=str(folder), advice=advice
        ) from error
    if not paths:
        raise OperatorFault("the folder is empty", where=str(folder), advice="name the folder that holds the files")
    files = (one for one in paths if stat.S_ISREG(one.mode))
    lines = (json.dumps({"path": show_name(one.name), "size": one.size}, ensure_ascii=False) for one in files)
    head = "".join(f"{line}\n" for line in lines).encode()
    names = {one.name for one in paths if stat.S_ISREG(one.mode)}
    if itunes.MANIFEST in names and itunes.LIST in names:
        return BackupContainer(folder, paths, head, itunes.FORMAT)
    return FolderContainer(folder, paths, head)


def _below(folder: str, prefix: str) -> Iterator[_Path]:
    """Yield everything below a folder; a folder in it that cannot be listed is yielded with the reason.

    Raises:
        OSError: the folder itself cannot be listed.
    """
    pending: list[_Path | None] = [None]
    while pending:
        own = pending.pop()
        place = folder if own is None else os.path.join(folder, own.name)  # noqa: PTH118
        try:
            with os.scandir(place) as entries:
                found = [_path(entry, f"{own.name}/" if own else prefix) for entry in entries]
        except OSError as error:
            if own is None:
                raise
            yield replace(own, problem=error.strerror or str(error))
            continue
        if own is not None:
            yield own
        for one in found:
            if stat.S_ISDIR(one.mode):
                pending.append(one)
            else:
                yield one


def _path(entry: "os.DirEntry[str]", path: str) -> _Path:
    name = f"{path}{entry.name}"
    facts = entry.stat(follow_symlinks=False)
    target = os.readlink(entry.path) if stat.S_ISLNK(facts.st_mode) else None  # noqa: PTH115
    size = facts.st_size if stat.S_ISREG(facts.st_mode) else 0
    return _Path(name, facts.st_mode, size, (facts.st_mtime, facts.st_atime, facts.st_ctime), target)


def _member(one: _Path, start: int | None) -> LogicalMember:
    kind = EntryKind.VIRTUAL
    for test, named in (
        (stat.S_ISREG, EntryKind.FILE),
        (stat.S_ISDIR, EntryKind.DIRECTORY),
        (stat.S_ISLNK, EntryKind.LINK),
    ):
        if test(one.mode):
            kind = named
    modified, accessed, changed = map(from_posix, one.times)
    runs = ((start, one.size),) if start is not None and one.size else ()
    barrier = f"{Reason.READ_ERROR.value}: the folder cannot be listed ({one.problem})" if one.problem else ""
    times = Times(modified, accessed, changed, _KEPT)
    return LogicalMember(f"/{one.name}", one.size, times, kind, link_target=one.target, barrier=barrier, runs=runs)
