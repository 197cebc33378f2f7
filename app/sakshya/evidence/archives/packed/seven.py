"""7-Zip archives, plain, solid or encrypted: py7zr reads the headers and has the coders, members are streams.

A solid archive can only be unpacked from its start: members opened in their order continue where the last one ended.
"""

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from sakshya.domain.entry import EntryKind
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.archive import ArchiveMember
from sakshya.evidence.archives.packed.faults import as_fault
from sakshya.evidence.archives.packed.seven_folder import Folder, FolderMember, as_stream
from sakshya.evidence.archives.packed.times import NO_TIMES, from_posix, only_modified
from sakshya.evidence.damage import unreadable

if TYPE_CHECKING:
    import py7zr


class SevenZipArchive:
    """A 7z archive over a stream."""

    format = "7z"

    def __init__(self, stream: BinaryIO, _size: int, keys: Sequence[str]) -> None:
        self._stream = stream
        self._keys = tuple(keys)
        self._fits = not keys
        self._folder: Folder | None = None
        self._archive = self._listed()
        # Of each member with content: the number of its folder and where in that its content starts.
        self._places: dict[int, tuple[int, int]] = {}
        with as_fault("the list of members cannot be read"):
            self._files: list[Any] = list(self._archive.files)
            self._place()

    def members(self) -> Iterator[ArchiveMember]:
        """Yield the members in the archive's order."""
        for index, file in enumerate(self._files):
            with as_fault(f"member {index} cannot be listed"):
                kind = EntryKind.DIRECTORY if file.is_directory else EntryKind.FILE
                kind = EntryKind.LINK if file.is_symlink else kind
                written = file.lastwritetime
                times = only_modified(from_posix(written.totimestamp())) if written else NO_TIMES
                one = ArchiveMember(index, file.filename, kind, int(file.uncompressed or 0), times, self._barrier())
            yield one

    def open(self, index: int) -> BinaryIO:
        """Return one member's content.

        Raises:
            EvidenceFault: it is encrypted, broken, or packed in a way that is not read.
        """
        if not 0 <= index < len(self._files):
            raise unreadable(Reason.BAD_METADATA, f"there is no member {index}")
        if index not in self._places:
            return io.BytesIO()
        if self._archive.needs_password() and not self._fits:
            self._find_key(index)
        if self._barrier():
            raise self._locked()
        return as_stream(self._started(index))

    def close(self) -> None:
        """Let go of what was unpacked."""
        self._folder = None

    def _barrier(self) -> str:
        if self._archive.needs_password() and not self._keys:
            return f"{Reason.ENCRYPTED.value}: no key was supplied"
        return ""

    def _started(self, index: int) -> FolderMember:
        number, start = self._places[index]
        with as_fault(f"member {index} cannot be unpacked"):
            if self._folder is None or self._folder.number != number or self._folder.at > start:
                self._folder = Folder(self._archive, self._stream, number)
            self._folder.skip(start - self._folder.at)
        file = self._files[index]
        return FolderMember(self._folder, int(file.uncompressed), file.crc32)

    def _find_key(self, index: int) -> None:
        """Nothing in the format tells a wrong key but content that is broken or has another CRC-32."""
        first = min(self._places, key=lambda one: (self._places[one][0] != self._places[index][0], one))
        for key in self._keys:
            try:
                self._archive = self._opened(key)
                self._folder = None
                stream = as_stream(self._started(first))
                while stream.read(1 << 20):
                    pass
            except EvidenceFault:
                continue
            self._fits, self._folder = True, None
            return
        raise self._locked()

    def _opened(self, key: str | None) -> "py7zr.SevenZipFile":
        import py7zr

        self._stream.seek(0)
        with as_fault("the list of members cannot be read"):
            return py7zr.SevenZipFile(self._stream, "r", password=key)

    def _listed(self) -> "py7zr.SevenZipFile":
        import py7zr

        try:
            return self._opened(None)
        except EvidenceFault as fault:
            if not isinstance(fault.__cause__, py7zr.exceptions.PasswordRequired):
                raise
        for key in self._keys:
            try:
                archive = self._opened(key)
            except EvidenceFault:
                continue
            self._fits = True
            return archive
        raise self._locked()

    def _place(self) -> None:
        streams: Any = self._archive.header.main_streams
        numbers = {id(one): number for number, one in enumerate(streams.unpackinfo.folders)} if streams else {}
        ends: dict[int, int] = {}
        for index, file in enumerate(self._files):
            if file.emptystream or file.folder is None:
                continue
            number = numbers[id(file.folder)]
            start = ends.get(number, 0)
            self._places[index] = (number, start)
            ends[number] = start + int(file.uncompressed)

    def _locked(self) -> EvidenceFault:
        count = len(self._keys)
        detail = f"none of the {count} supplied keys opens the 7z archive" if count else "7z: no key was supplied"
        return unreadable(Reason.ENCRYPTED, detail)
