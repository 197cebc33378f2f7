"""7-Zip archives, plain, solid or encrypted, through py7zr.

A solid archive can only be unpacked from its start, so members are unpacked some at a time, into memory.
"""

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from sakshya.domain.entry import EntryKind
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.archive import ArchiveMember
from sakshya.evidence.archives.packed.faults import as_fault
from sakshya.evidence.archives.packed.times import NO_TIMES, from_posix, only_modified
from sakshya.evidence.damage import unreadable

if TYPE_CHECKING:
    import py7zr

_LARGEST = 512 << 20
_WINDOW = 64 << 20
_WINDOW_MEMBERS = 4096


class SevenZipArchive:
    """A 7z archive over a stream."""

    format = "7z"

    def __init__(self, stream: BinaryIO, _size: int, keys: Sequence[str]) -> None:
        self._stream = stream
        self._keys: tuple[str | None, ...] = (None, *keys)
        self._key: str | None = None
        self._unpacked: dict[int, bytes] = {}
        self._list = self._listed()

    def members(self) -> Iterator[ArchiveMember]:
        """Yield the members in the archive's order."""
        for index, info in enumerate(self._list):
            kind = EntryKind.DIRECTORY if info.is_directory else EntryKind.FILE
            times = only_modified(from_posix(info.creationtime.timestamp())) if info.creationtime else NO_TIMES
            yield ArchiveMember(index, info.filename, kind, int(info.uncompressed or 0), times)

    def open(self, index: int) -> BinaryIO:
        """Return one member's content.

        Raises:
            EvidenceFault: it is encrypted, broken, or larger than is unpacked into memory.
        """
        if index not in self._unpacked:
            self._unpack(index)
        return io.BytesIO(self._unpacked[index])

    def close(self) -> None:
        """Let go of what was unpacked."""
        self._unpacked.clear()

    def _opened(self, key: str | None) -> "py7zr.SevenZipFile":
        import py7zr

        self._stream.seek(0)
        return py7zr.SevenZipFile(self._stream, "r", password=key)

    def _listed(self) -> list["py7zr.FileInfo"]:
        import py7zr

        for key in self._keys:
            self._key = key
            try:
                with as_fault("the list of members cannot be read"), self._opened(key) as archive:
                    if archive.needs_password() and key is None and len(self._keys) > 1:
                        continue
                    return list(archive.list())
            except Exception as error:
                cause = error.__cause__
                if key is None and not isinstance(cause, py7zr.exceptions.PasswordRequired):
                    raise
        raise self._locked()

    def _unpack(self, index: int) -> None:
        if int(self._list[index].uncompressed or 0) > _LARGEST:
            detail = f"{self._list[index].uncompressed} bytes, members above {_LARGEST} are not unpacked"
            raise unreadable(Reason.TOO_LARGE, detail)
        wanted = self._window(index)
        keys = self._keys if len(self._keys) > 1 else (None,)
        for key in keys:
            if self._filled(wanted, key):
                if index not in self._unpacked:
                    detail = f"member {index} of the 7z archive has no content of its own"
                    raise unreadable(Reason.BAD_METADATA, detail)
                return
        raise self._locked()

    def _filled(self, wanted: dict[str, int], key: str | None) -> bool:
        import py7zr
        from py7zr.io import BytesIOFactory

        factory = BytesIOFactory(_LARGEST)
        try:
            with as_fault("the member cannot be unpacked"), self._opened(key) as archive:
                if archive.needs_password() and key is None:
                    return False
                archive.extract(targets=list(wanted), factory=factory)
        except Exception as error:
            if isinstance(error.__cause__, py7zr.exceptions.PasswordRequired) or key is not None:
                return False
            raise
        self._unpacked = {}
        for name, product in factory.products.items():
            product.seek(0)
            if name in wanted:
                self._unpacked[wanted[name]] = product.read()
        for index in wanted.values():
            if not self._list[index].uncompressed:
                self._unpacked.setdefault(index, b"")
        return True

    def _window(self, index: int) -> dict[str, int]:
        """Return the members from `index` on that are unpacked together, by name."""
        wanted: dict[str, int] = {}
        total = 0
        for number in range(index, min(len(self._list), index + _WINDOW_MEMBERS)):
            info = self._list[number]
            total += int(info.uncompressed or 0)
            if wanted and total > _WINDOW:
                break
            if not info.is_directory:
                wanted[info.filename] = number
        return wanted

    def _locked(self) -> Exception:
        count = len(self._keys) - 1
        detail = f"none of the {count} supplied keys opens the 7z archive" if count else "7z: no key was supplied"
        return unreadable(Reason.ENCRYPTED, detail)
