"""Tar archives, plain; a compressed one is a tar inside a compressed file (POSIX.1-2001 pax, GNU)."""

import io
import tarfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO, cast

from sakshya.domain.entry import EntryKind
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.archive import ArchiveMember
from sakshya.evidence.archives.packed.faults import Checked, as_fault
from sakshya.evidence.archives.packed.times import from_posix, only_modified
from sakshya.evidence.damage import unreadable

_LARGEST_READ = 64 << 20


class TarArchive:
    """A tar archive over a stream."""

    format = "tar"

    def __init__(self, stream: BinaryIO, _size: int, _keys: Sequence[str]) -> None:
        self._stream = stream
        with as_fault("the archive cannot be opened"):
            self._tar = tarfile.open(fileobj=cast(BinaryIO, _Bounded(stream)), mode="r:", errors="surrogateescape")  # noqa: SIM115
        self._infos: list[tarfile.TarInfo] = []
        self._complete = False

    def members(self) -> Iterator[ArchiveMember]:
        """Yield the members in the order they were written.

        Raises:
            EvidenceFault: a header is broken; what came before stands.
        """
        index = 0
        while (info := self._info(index)) is not None:
            size = 0 if info.isdir() else info.size
            yield ArchiveMember(index, info.name, _kind(info), size, only_modified(from_posix(info.mtime)))
            index += 1

    def open(self, index: int) -> BinaryIO:
        """Return one member's content.

        Raises:
            EvidenceFault: there is no such member, or it has no content.
        """
        info = self._info(index)
        with as_fault("the member cannot be opened"):
            stream = self._tar.extractfile(info) if info is not None else None
        if stream is None:
            raise unreadable(Reason.BAD_METADATA, f"member {index} has no content")
        return cast(BinaryIO, io.BufferedReader(Checked(cast(BinaryIO, stream))))

    def close(self) -> None:
        """Let go of the stream."""
        self._tar.close()

    def _info(self, index: int) -> tarfile.TarInfo | None:
        while len(self._infos) <= index and not self._complete:
            with as_fault(f"the header of member {len(self._infos)} cannot be read"):
                info = self._tar.next()
            if info is None:
                self._complete = True
                self._check_end()
            else:
                self._infos.append(info)
        return self._infos[index] if index < len(self._infos) else None

    def _check_end(self) -> None:
        """The library takes a broken header for the end of the archive."""
        at = self._tar.offset
        with as_fault("the end of the archive cannot be read"):
            self._stream.seek(at)
            block = self._stream.read(tarfile.BLOCKSIZE)
        if any(block):
            raise unreadable(Reason.BAD_METADATA, f"the header of member {len(self._infos)} at {at} is broken")
        if len(block) < tarfile.BLOCKSIZE:
            raise unreadable(Reason.CUT_SHORT, f"the archive ends at {at + len(block)} without its end mark")


class _Bounded:
    """A stream that gives a header no more memory than a header may need."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _LARGEST_READ:
            raise unreadable(Reason.TOO_LARGE, f"a header of {size} bytes; stopped at {_LARGEST_READ}")
        return self._stream.read(size)


def _kind(info: tarfile.TarInfo) -> EntryKind:
    if info.isdir():
        return EntryKind.DIRECTORY
    if info.isfile() or info.islnk():
        return EntryKind.FILE
    return EntryKind.LINK if info.issym() else EntryKind.VIRTUAL
