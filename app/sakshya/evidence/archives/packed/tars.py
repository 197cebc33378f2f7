"""Tar archives, plain; a compressed one is a tar inside a compressed file (POSIX.1-2001 pax, GNU)."""

import tarfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO, cast

from sakshya.domain.entry import EntryKind
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.archive import ArchiveMember
from sakshya.evidence.archives.packed.faults import as_fault
from sakshya.evidence.archives.packed.times import from_posix, only_modified
from sakshya.evidence.damage import unreadable


class TarArchive:
    """A tar archive over a stream."""

    format = "tar"

    def __init__(self, stream: BinaryIO, _size: int, _keys: Sequence[str]) -> None:
        with as_fault("the archive cannot be opened"):
            self._tar = tarfile.open(fileobj=stream, mode="r:", errors="surrogateescape")  # noqa: SIM115
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
        return cast(BinaryIO, stream)

    def close(self) -> None:
        """Let go of the stream."""
        self._tar.close()

    def _info(self, index: int) -> tarfile.TarInfo | None:
        while len(self._infos) <= index and not self._complete:
            with as_fault(f"the header of member {len(self._infos)} cannot be read"):
                info = self._tar.next()
            if info is None:
                self._complete = True
            else:
                self._infos.append(info)
        return self._infos[index] if index < len(self._infos) else None


def _kind(info: tarfile.TarInfo) -> EntryKind:
    if info.isdir():
        return EntryKind.DIRECTORY
    if info.isfile() or info.islnk():
        return EntryKind.FILE
    return EntryKind.LINK if info.issym() else EntryKind.VIRTUAL
