"""RAR archives: listed always; what is only stored in them is read, what is compressed needs an outside program.

The method of compression is not public, and no library may be shipped that knows it.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, cast

from sakshya.domain.entry import EntryKind
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.archive import ArchiveMember
from sakshya.evidence.archives.packed.extractor import ExtractedMember, Extraction, extractor
from sakshya.evidence.archives.packed.faults import as_fault
from sakshya.evidence.archives.packed.times import NO_TIMES, from_digits, only_modified
from sakshya.evidence.damage import unreadable

if TYPE_CHECKING:
    import rarfile

_STORED = 0x30
_CHUNK = 1 << 20


class RarArchive:
    """A RAR archive, version 3 to 5, over a stream."""

    format = "rar"

    def __init__(self, stream: BinaryIO, size: int, _keys: Sequence[str]) -> None:
        import rarfile

        self._stream = stream
        self._size = size
        self._extraction: Extraction | None = None

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
        """Return the content of a member.

        Raises:
            EvidenceFault: it is encrypted, a reference, or compressed and the extractor is not installed.
        """
        info = self._infos[index]
        barrier = self._barrier(info)
        if barrier:
            reason = Reason.ENCRYPTED if info.needs_password() else Reason.UNSUPPORTED_FORMAT
            raise unreadable(reason, barrier.partition(": ")[2])
        if info.compress_type != _STORED:
            return self._extracted(index)
        self._end_extraction()
        with as_fault("the member cannot be opened"):
            return cast(BinaryIO, self._rar.open(info))

    def close(self) -> None:
        """Let go of the stream."""
        self._end_extraction()
        self._rar.close()

    def _extracted(self, index: int) -> BinaryIO:
        """Members come out in order, so one that was passed needs another run."""
        start = sum(info.file_size for info in self._infos[:index] if self._comes_out(info))
        if self._extraction is None or self._extraction.at > start:
            self._end_extraction()
            program = extractor()
            assert program is not None
            self._extraction = Extraction(program, self._stream, self._size)
        while self._extraction.at < start:
            if not self._extraction.read(min(_CHUNK, start - self._extraction.at)):
                raise unreadable(Reason.CUT_SHORT, "the extractor ends before the member begins")
        info = self._infos[index]
        return cast(BinaryIO, ExtractedMember(self._extraction, info.file_size, info.CRC or 0))

    def _comes_out(self, info: "rarfile.RarInfo") -> bool:
        return not (info.is_dir() or info.is_symlink() or getattr(info, "file_redir", None))

    def _end_extraction(self) -> None:
        if self._extraction is not None:
            self._extraction.close()
            self._extraction = None

    def _barrier(self, info: "rarfile.RarInfo") -> str:
        if info.is_dir():
            return ""
        if info.needs_password():
            return f"{Reason.ENCRYPTED.value}: {info.filename}"
        if getattr(info, "file_redir", None):
            return f"{Reason.UNSUPPORTED_FORMAT.value}: a reference to another member of the RAR archive"
        if info.compress_type != _STORED and extractor() is None:
            advice = "install it, or unpack the archive outside and attach the folder as an exhibit of its own"
            return f"{Reason.UNSUPPORTED_FORMAT.value}: RAR compression is read by bsdtar, which is not here; {advice}"
        return ""
