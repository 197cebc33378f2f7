"""Members of a zip archive whose directory is gone, found by their own headers (PKWARE APPNOTE 4.3.7)."""

import struct
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

_MARK = b"PK\x03\x04"
_HEADER = struct.Struct("<4s5H3I2H")
_WINDOW = 1 << 20
_LATER = 8


def scanned(stream: BinaryIO, size: int) -> Iterator[zipfile.ZipInfo]:
    """Yield what each local header in `stream` states, in order; sizes that follow the content count as unknown (0)."""
    at = 0
    while at + _HEADER.size <= size:
        stream.seek(at)
        window = stream.read(_WINDOW)
        found = window.find(_MARK)
        if found < 0:
            at += max(1, len(window) - 3)
            continue
        at += found
        stream.seek(at)
        info = _read(stream, at)
        if info is None:
            at += 4
            continue
        yield info
        known = info.compress_size if info.compress_size <= size - at else 0
        at += _HEADER.size + known


def _read(stream: BinaryIO, at: int) -> zipfile.ZipInfo | None:
    raw = stream.read(_HEADER.size)
    if len(raw) < _HEADER.size:
        return None
    _, version, flags, method, clock, day, crc, packed, unpacked, name_length, extra_length = _HEADER.unpack(raw)
    name = stream.read(name_length)
    if not name or b"\0" in name or version > 90:
        return None
    info = zipfile.ZipInfo(name.decode("utf-8" if flags & 0x800 else "cp437", "replace"))
    info.date_time = (1980 + (day >> 9), day >> 5 & 15, day & 31, clock >> 11, clock >> 5 & 63, (clock & 31) * 2)
    info.header_offset, info.flag_bits, info.compress_type = at, flags, method
    info.extra = stream.read(extra_length)
    is_later = bool(flags & _LATER) or packed == 0xFFFFFFFF
    info.CRC, info.compress_size, info.file_size = (0, 0, 0) if is_later else (crc, packed, unpacked)
    return info
