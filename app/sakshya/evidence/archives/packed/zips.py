"""Zip archives, and everything that is one: Office Open XML, OpenDocument, EPUB, APK, JAR (PKWARE APPNOTE 6.3)."""

import stat
import zipfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO, cast

from sakshya.domain.absent import NotRecorded
from sakshya.domain.entry import EntryKind, Times
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.archive import ArchiveMember
from sakshya.evidence.archives.packed.faults import as_fault
from sakshya.evidence.archives.packed.times import from_digits, from_posix, only_modified
from sakshya.evidence.damage import unreadable

_ENCRYPTED = 1
_AES = 99
_EXTENDED_TIME = 0x5455


class ZipArchive:
    """A zip archive over a stream."""

    format = "zip"

    def __init__(self, stream: BinaryIO, _size: int, keys: Sequence[str]) -> None:
        with as_fault("the list of members cannot be read"):
            self._zip = zipfile.ZipFile(stream)
        self._infos = self._zip.infolist()
        self._keys = keys

    def members(self) -> Iterator[ArchiveMember]:
        """Yield the members in the order of the central directory."""
        for index, info in enumerate(self._infos):
            yield ArchiveMember(index, info.filename, _kind(info), info.file_size, _times(info), self._barrier(info))

    def open(self, index: int) -> BinaryIO:
        """Return one member's content.

        Raises:
            EvidenceFault: the member is encrypted, or kept in a way that is not read.
        """
        info = self._infos[index]
        if info.flag_bits & _ENCRYPTED:
            return self._decrypted(info)
        with as_fault(info.filename):
            return cast(BinaryIO, self._zip.open(info))

    def close(self) -> None:
        """Let go of the stream."""
        self._zip.close()

    def _barrier(self, info: zipfile.ZipInfo) -> str:
        if info.flag_bits & _ENCRYPTED and (info.compress_type == _AES or not self._keys):
            return f"{Reason.ENCRYPTED.value}: {info.filename}"
        return ""

    def _decrypted(self, info: zipfile.ZipInfo) -> BinaryIO:
        if info.compress_type == _AES:
            raise unreadable(Reason.ENCRYPTED, "AES-encrypted zip members are not read")
        for key in self._keys:
            with_key = self._tried(info, key.encode("utf-8", "surrogateescape"))
            if with_key is not None:
                return with_key
        detail = f"none of the {len(self._keys)} supplied keys opens it" if self._keys else "no key was supplied"
        raise unreadable(Reason.ENCRYPTED, detail)

    def _tried(self, info: zipfile.ZipInfo, key: bytes) -> BinaryIO | None:
        """The format checks one byte only: the whole member tells whether the key was right."""
        try:
            with self._zip.open(info, pwd=key) as whole:
                while whole.read(1 << 20):
                    pass
            return cast(BinaryIO, self._zip.open(info, pwd=key))
        except Exception:  # noqa: BLE001 - door: a wrong key shows as any kind of broken content
            return None


def _kind(info: zipfile.ZipInfo) -> EntryKind:
    if info.is_dir():
        return EntryKind.DIRECTORY
    return EntryKind.LINK if stat.S_ISLNK(info.external_attr >> 16) else EntryKind.FILE


def _times(info: zipfile.ZipInfo) -> Times:
    at, extra = 0, info.extra
    while at + 4 <= len(extra):
        kind, length = int.from_bytes(extra[at : at + 2], "little"), int.from_bytes(extra[at + 2 : at + 4], "little")
        if kind == _EXTENDED_TIME and length >= 5 and extra[at + 4] & 1:
            return only_modified(from_posix(int.from_bytes(extra[at + 5 : at + 9], "little", signed=True)))
        at += 4 + length
    if info.date_time == (1980, 0, 0, 0, 0, 0):
        return only_modified(NotRecorded("the archive states none"))
    return only_modified(from_digits(info.date_time))
