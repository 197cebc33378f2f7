"""Zip archives, and everything that is one: Office Open XML, OpenDocument, EPUB, APK, JAR (PKWARE APPNOTE 6.3)."""

import io
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, cast

from sakshya.domain.absent import NotRecorded
from sakshya.domain.entry import EntryKind, Times
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.names import decode_name
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.archive import ArchiveMember
from sakshya.evidence.archives.packed.faults import as_fault
from sakshya.evidence.archives.packed.times import from_digits, from_posix, only_modified
from sakshya.evidence.archives.packed.unpacking import METHODS, ZSTANDARD, Unpacking
from sakshya.evidence.archives.packed.zip_headers import scanned
from sakshya.evidence.archives.packed.zip_keys import AesStream, OldCipher, aes_opened
from sakshya.evidence.damage import unreadable
from sakshya.evidence.file_object import FileObject

_ENCRYPTED, _LATER, _STRONG, _UTF8 = 1, 8, 0x40, 0x800
_AES = 99
_AES_FIELD, _EXTENDED_TIME = 0x9901, 0x5455
_LOCAL = struct.Struct("<4s22x2H")
_WRONG_KEYS = "none of the {} supplied keys opens it"


class ZipArchive:
    """A zip archive over a stream; where its directory is gone, what the members' own headers tell."""

    format = "zip"

    def __init__(self, stream: BinaryIO, size: int, keys: Sequence[str]) -> None:
        self._stream = stream
        self._size = size
        self._keys = keys
        self._fault: EvidenceFault | None = None
        try:
            with as_fault("the directory of the zip archive cannot be read, its members were found by their headers"):
                self._infos = zipfile.ZipFile(stream).infolist()
        except EvidenceFault as fault:
            self._fault = fault
            with as_fault("the members cannot be found"):
                self._infos = list(scanned(stream, size))
            if not self._infos:
                raise

    def members(self) -> Iterator[ArchiveMember]:
        """Yield the members in the order of the archive's directory.

        Raises:
            EvidenceFault: the directory is gone; what was found without it came before.
        """
        for index, info in enumerate(self._infos):
            size = None if self._has_lost_size(info) else info.file_size
            yield ArchiveMember(index, _name(info), _kind(info), size, _times(info), self._barrier(info))
        if self._fault is not None:
            raise self._fault

    def open(self, index: int) -> BinaryIO:
        """Return one member's content.

        Raises:
            EvidenceFault: the member is encrypted, kept in a way that is not read, or does not exist.
        """
        if not 0 <= index < len(self._infos):
            raise unreadable(Reason.BAD_METADATA, f"there is no member {index}")
        info = self._infos[index]
        if info.flag_bits & _ENCRYPTED:
            return self._decrypted(info)
        with as_fault(_name(info)):
            return self._unpacked(info, self._packed(info), info.compress_type)

    def close(self) -> None:
        """Nothing is held but the stream, which is the caller's."""

    def _barrier(self, info: zipfile.ZipInfo) -> str:
        if info.flag_bits & _STRONG:
            return f"{Reason.ENCRYPTED.value}: strong encryption of PKWARE is not read"
        if info.flag_bits & _ENCRYPTED and not self._keys:
            return f"{Reason.ENCRYPTED.value}: no key was supplied"
        if info.compress_type != _AES and info.compress_type not in METHODS and info.compress_type not in ZSTANDARD:
            return f"{Reason.UNSUPPORTED_FORMAT.value}: zip compression method {info.compress_type}"
        return ""

    def _has_lost_size(self, info: zipfile.ZipInfo) -> bool:
        return self._fault is not None and bool(info.flag_bits & _LATER)

    def _packed(self, info: zipfile.ZipInfo) -> BinaryIO:
        """The bytes as they lie in the archive; beyond the header, what the directory states is believed."""
        if info.header_offset < 0:
            raise unreadable(Reason.BAD_METADATA, "a member that begins before the archive")
        self._stream.seek(info.header_offset)
        raw = self._stream.read(_LOCAL.size)
        if len(raw) < _LOCAL.size or not raw.startswith(b"PK\x03\x04"):
            raise unreadable(Reason.BAD_METADATA, f"no header of a member at {info.header_offset}")
        _, name, extra = _LOCAL.unpack(raw)
        start = info.header_offset + _LOCAL.size + name + extra
        left = max(0, self._size - start)
        return self._slice(start, left if self._has_lost_size(info) else min(left, info.compress_size))

    def _slice(self, start: int, length: int) -> BinaryIO:
        def read(offset: int, wanted: int) -> bytes:
            self._stream.seek(start + offset)
            return self._stream.read(wanted)

        return cast(BinaryIO, FileObject(read, length))

    def _unpacked(self, info: zipfile.ZipInfo, packed: BinaryIO, method: int) -> BinaryIO:
        if method not in METHODS and method not in ZSTANDARD:
            raise unreadable(Reason.UNSUPPORTED_FORMAT, f"zip compression method {method}")
        is_lost = self._has_lost_size(info)
        # The second kind of AES members states no CRC-32.
        crc = None if is_lost or (info.compress_type == _AES and not info.CRC) else info.CRC
        content = Unpacking(packed, method, None if is_lost else info.file_size, crc)
        return cast(BinaryIO, io.BufferedReader(content, 1 << 16))

    def _decrypted(self, info: zipfile.ZipInfo) -> BinaryIO:
        if not self._keys or info.flag_bits & _STRONG:
            raise unreadable(Reason.ENCRYPTED, self._barrier(info).partition(": ")[2])
        for key in self._keys:
            raw = key.encode("utf-8", "surrogateescape")
            opened = self._with_aes(info, raw) if info.compress_type == _AES else self._with_old(info, raw)
            if opened is not None:
                return opened
        raise unreadable(Reason.ENCRYPTED, _WRONG_KEYS.format(len(self._keys)))

    def _with_aes(self, info: zipfile.ZipInfo, key: bytes) -> BinaryIO | None:
        field = _extra(info, _AES_FIELD)
        if field is None or len(field) < 7 or field[4] not in (1, 2, 3):
            raise unreadable(Reason.BAD_METADATA, "an AES member without its parameters")
        with as_fault(_name(info)):
            packed = self._packed(info)
            found = aes_opened(packed, info.compress_size, field[4], key)
            if found is None:
                return None
            content, secret = found
            inner = cast(BinaryIO, FileObject(_reader(packed, packed.tell()), content))
            method = int.from_bytes(field[5:7], "little")
            return self._unpacked(info, cast(BinaryIO, AesStream(inner, secret)), method)

    def _with_old(self, info: zipfile.ZipInfo, key: bytes) -> BinaryIO | None:
        """The format checks one byte only: the whole member tells whether the key was right."""
        check = _clock(info) >> 8 if info.flag_bits & _LATER else info.CRC >> 24
        if OldCipher(self._packed(info), key).header[11:] != bytes([check & 0xFF]):
            return None
        try:
            whole = self._clear(info, key)
            while whole.read(1 << 20):
                pass
        except EvidenceFault:
            return None
        return self._clear(info, key)

    def _clear(self, info: zipfile.ZipInfo, key: bytes) -> BinaryIO:
        return self._unpacked(info, cast(BinaryIO, OldCipher(self._packed(info), key)), info.compress_type)


def _reader(packed: BinaryIO, start: int) -> Callable[[int, int], bytes]:
    def read(offset: int, wanted: int) -> bytes:
        packed.seek(start + offset)
        return packed.read(wanted)

    return read


def _name(info: zipfile.ZipInfo) -> str:
    """Phones and macOS write UTF-8 without saying so; bytes that are none are kept as they are."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    try:
        return decode_name(info.orig_filename.encode("cp437"))
    except UnicodeEncodeError:
        return info.orig_filename


def _clock(info: zipfile.ZipInfo) -> int:
    _, _, _, hour, minute, second = info.date_time
    return hour << 11 | minute << 5 | second // 2


def _kind(info: zipfile.ZipInfo) -> EntryKind:
    if info.filename.endswith("/"):
        return EntryKind.DIRECTORY
    return EntryKind.LINK if stat.S_ISLNK(info.external_attr >> 16) else EntryKind.FILE


def _extra(info: zipfile.ZipInfo, wanted: int) -> bytes | None:
    at, extra = 0, info.extra
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == wanted:
            return extra[at + 4 : at + 4 + length]
        at += 4 + length
    return None


def _times(info: zipfile.ZipInfo) -> Times:
    field = _extra(info, _EXTENDED_TIME)
    if field is not None and len(field) >= 5 and field[0] & 1:
        return only_modified(from_posix(int.from_bytes(field[1:5], "little", signed=True)))
    if info.date_time == (1980, 0, 0, 0, 0, 0):
        return only_modified(NotRecorded("the archive states none"))
    return only_modified(from_digits(info.date_time))
