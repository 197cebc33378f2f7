"""RAR archives: listed always; what is only stored in them is read, what is compressed needs an outside program.

The method of compression is not public. An outside program could read the archive from a file only, and evidence is
never written into one, so compressed members are listed as not read.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, cast

from sakshya.domain.entry import EntryKind
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.archive import ArchiveMember
from sakshya.evidence.archives.packed.faults import as_fault
from sakshya.evidence.archives.packed.times import NO_TIMES, from_digits, only_modified
from sakshya.evidence.damage import unreadable

if TYPE_CHECKING:
    import rarfile

_STORED = 0x30


class RarArchive:
    """A RAR archive, version 3 to 5, over a stream."""

    format = "rar"

    def __init__(self, stream: BinaryIO, _size: int, _keys: Sequence[str]) -> None:
        import rarfile

        with as_fault("the list of members cannot be read"):
            self._rar = rarfile.RarFile(stream)
            self._infos = self._rar.infolist()
        if not self._infos and self._rar.needs_password():
            raise unreadable(Reason.ENCRYPTED, "the RAR archive's list of members is encrypted")

    def members(self) -> Iterator[ArchiveMember]:
        """Yield the members in the archive's order."""
        for index, info in enumerate(self._infos):
            kind = EntryKind.DIRECTORY if info.is_dir() else EntryKind.LINK if info.is_symlink() else EntryKind.FILE
            times = only_modified(from_digits(info.date_time)) if info.date_time else NO_TIMES
            yield ArchiveMember(index, info.filename, kind, info.file_size, times, self._barrier(info))

    def open(self, index: int) -> BinaryIO:
        """Return the content of a member that is only stored.

        Raises:
            EvidenceFault: it is compressed or encrypted.
        """
        info = self._infos[index]
        barrier = self._barrier(info)
        if barrier:
            reason = Reason.ENCRYPTED if info.needs_password() else Reason.UNSUPPORTED_FORMAT
            raise unreadable(reason, barrier.partition(": ")[2])
        with as_fault("the member cannot be opened"):
            return cast(BinaryIO, self._rar.open(info))

    def close(self) -> None:
        """Let go of the stream."""
        self._rar.close()

    def _barrier(self, info: "rarfile.RarInfo") -> str:
        if info.is_dir():
            return ""
        if info.needs_password():
            return f"{Reason.ENCRYPTED.value}: {info.filename}"
        if getattr(info, "file_redir", None):
            return f"{Reason.UNSUPPORTED_FORMAT.value}: a reference to another member of the RAR archive"
        if info.compress_type != _STORED:
            advice = "unpack the archive outside and attach the folder as an exhibit of its own"
            return f"{Reason.UNSUPPORTED_FORMAT.value}: RAR compression is not read; {advice}"
        return ""
