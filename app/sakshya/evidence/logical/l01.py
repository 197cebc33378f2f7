"""EnCase logical evidence (L01, Lx01) through libewf: single files that an examiner picked, with their paths.

libewf does not say which names are folders: what has names below it is one, and what has neither names nor bytes may
be an empty folder and is listed as an empty file.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sakshya.domain.absent import Absent, NotRecorded
from sakshya.domain.entry import EntryKind, Times
from sakshya.domain.exhibit import ContainerFacts, StatedDigest
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.moment import Moment
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.packed.times import from_posix
from sakshya.evidence.containers.raw import RawContainer
from sakshya.evidence.damage import unreadable
from sakshya.evidence.file_object import FileObject
from sakshya.evidence.logical.member_tree import LogicalMember, MemberTree
from sakshya.evidence.readonly import ReadOnlyFile, open_exhibit_file

if TYPE_CHECKING:
    import pyewf

MARKS = {b"LVF\x09\x0d\x0a\xff\x00": "L01", b"LEF2\r\n\x81\x00": "Lx01"}
_NOT_STATED = NotRecorded("the evidence file states none")
_SILENT = "damage inside this format shows only in the stated digests of the files: scan before relying on it"
_MOST_SEGMENTS = 20_000
_DEEPEST = 1000


class LogicalEvidence(RawContainer):
    """An L01 or Lx01: its bytes are those of its segment files, its tree is of the files in it."""

    def __init__(self, files: Sequence[ReadOnlyFile], facts: ContainerFacts, handle: "pyewf.handle") -> None:
        super().__init__(files, facts)
        self._handle = handle

    def filesystem(self, _zone: str | None, _keys: Sequence[str]) -> MemberTree:
        """Return the tree of the files that were picked.

        Raises:
            EvidenceFault: libewf cannot read it.
        """
        try:
            root = self._handle.get_root_file_entry()
        except (OSError, RuntimeError) as error:
            raise unreadable(Reason.BAD_METADATA, f"the list of files cannot be read ({_last(error)})") from error
        return tree(root, self.facts.format, self.size)

    def close(self) -> None:
        """Close the segment files."""
        self._handle.close()
        super().close()


def tree(root: Any, name: str, end: int) -> MemberTree:  # noqa: ANN401 - libewf's entries have no types
    """Return the tree below libewf's `root`; `end` is the length of the exhibit in bytes."""
    entries: list[Any] = []

    def read(member: int, offset: int, length: int) -> bytes:
        try:
            left = max(0, int(entries[member].get_size()) - offset)
            return bytes(entries[member].read_buffer_at_offset(min(length, left), offset)) if left else b""
        except (OSError, RuntimeError) as error:
            raise unreadable(Reason.READ_ERROR, _last(error)) from error

    return MemberTree(name, _members(root, entries), read, end)


def open_l01(first: Path, name: str) -> LogicalEvidence:
    """Open logical evidence; the first segment is enough. `name` is "L01" or "Lx01".

    Raises:
        EvidenceFault: libewf cannot open it.
    """
    # Loaded only when such a file is met: the window's process must not hold a disk library.
    import pyewf

    handle = pyewf.handle()
    with ExitStack() as opened:
        try:
            paths = [Path(path) for path in pyewf.glob(str(first))[:_MOST_SEGMENTS]] or [first]
            files = [opened.enter_context(open_exhibit_file(path)) for path in paths]
            handle.open_file_objects([FileObject(file.pread, file.size) for file in files])
            values = (handle.get_header_values() or {}).items()
        except (OSError, RuntimeError, ValueError) as error:
            what = f"the {name} file cannot be opened ({_last(error)})"
            raise EvidenceFault(what, where=str(first), advice="copy it again") from error
        opened.pop_all()
    said = tuple((key.replace("_", " "), str(value)) for key, value in values)
    size = sum(file.size for file in files)
    facts = ContainerFacts(name, size, 512, tuple(map(str, paths)), acquisition=said, problems=(_SILENT,))
    return LogicalEvidence(files, facts, handle)


def _members(root: Any, entries: list[Any]) -> Iterator[LogicalMember]:  # noqa: ANN401 - as above
    try:
        pending = [(root, "", 0)]
        while pending:
            parent, path, depth = pending.pop()
            for index in range(parent.get_number_of_sub_file_entries()):
                entry = parent.get_sub_file_entry(index)
                member = _member(entry, path)
                entries.append(entry)
                yield member
                if member.kind is EntryKind.DIRECTORY and depth < _DEEPEST:
                    pending.append((entry, member.path, depth + 1))
    except (OSError, RuntimeError) as error:
        raise unreadable(Reason.BAD_METADATA, f"the list of files breaks off ({_last(error)})") from error


def _member(entry: Any, path: str) -> LogicalMember:  # noqa: ANN401 - as above
    name = (entry.get_name() or "").replace("/", ":") or "(no name)"
    kind = EntryKind.DIRECTORY if entry.get_number_of_sub_file_entries() else EntryKind.FILE
    size = 0 if kind is EntryKind.DIRECTORY else max(0, int(entry.get_size()))
    times = Times(
        _time(entry.get_modification_time_as_integer()),
        _time(entry.get_access_time_as_integer()),
        _time(entry.get_entry_modification_time_as_integer()),
        _time(entry.get_creation_time_as_integer()),
    )
    digests = (("md5", entry.get_hash_value_md5()), ("sha1", entry.get_hash_value_sha1()))
    stated = tuple(StatedDigest(algorithm, value.lower(), "container") for algorithm, value in digests if value)
    return LogicalMember(f"{path}/{name}", size, times, kind, stated=stated)


def _time(seconds: int | None) -> Moment | Absent:
    return from_posix(seconds) if seconds else _NOT_STATED


def _last(error: Exception) -> str:
    return str(error).split(":")[-1].strip()
