"""Where the directories of TIFF, Exif and camera raw files say that JPEG pictures lie (TIFF 6.0, Exif 3.0, DNG 1.7)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from sakshya.evidence.archives.offered import bytes_at

_DIRECTORIES = 64
_FIELDS = 512
_VALUES = 64
_SIZES = {1: 1, 3: 2, 4: 4, 7: 1, 13: 4}
_CODES = {1: "B", 3: "H", 4: "I", 7: "B", 13: "I"}
_WIDTH, _HEIGHT, _COMPRESSION, _STRIPS, _STRIP_SIZES = 0x100, 0x101, 0x103, 0x111, 0x117
_SUB, _TABLES, _JPEG_AT, _JPEG_SIZE, _EXIF, _RAW_JPEG = 0x14A, 0x15B, 0x201, 0x202, 0x8769, 0x2E
_ORDERS = {b"II": "<", b"MM": ">"}
_JPEG_COMPRESSIONS = frozenset({6, 7, 34892})


@dataclass(slots=True)
class Directories:
    """What was found: the greatest width and height stated, and (offset, length) of what is said to be JPEG."""

    width: int = 0
    height: int = 0
    pictures: list[tuple[int, int]] = field(default_factory=list)


def read_directories(stream: BinaryIO, base: int, end: int) -> Directories:
    """Follow every directory of the TIFF structure at `base`; each is followed once, so that loops end."""
    result = Directories()
    head = bytes_at(stream, base, 8)
    order = _ORDERS.get(head[:2])
    if order is None or len(head) < 8:
        return result
    waiting: list[int] = [struct.unpack(order + "I", head[4:8])[0]]
    seen: set[int] = set()
    while waiting and len(seen) < _DIRECTORIES:
        at = waiting.pop(0)
        if not at or at in seen or base + at + 2 > end:
            continue
        seen.add(at)
        fields, following = _fields(stream, base, at, order)
        waiting += [*fields.get(_SUB, ()), *fields.get(_EXIF, ()), following]
        _take(result, fields, base, end)
    return result


def _take(result: Directories, fields: dict[int, tuple[int, ...]], base: int, end: int) -> None:
    width, height = _one(fields, _WIDTH), _one(fields, _HEIGHT)
    if width * height > result.width * result.height:
        result.width, result.height = width, height
    for offset, length in _said(fields):
        start = base + offset
        if offset and length > 4 and start + length <= end and (start, length) not in result.pictures:
            result.pictures.append((start, length))


def _said(fields: dict[int, tuple[int, ...]]) -> Iterator[tuple[int, int]]:
    yield _one(fields, _JPEG_AT), _one(fields, _JPEG_SIZE)
    strips, sizes = fields.get(_STRIPS, ()), fields.get(_STRIP_SIZES, ())
    if len(strips) == len(sizes) == 1 and _one(fields, _COMPRESSION) in _JPEG_COMPRESSIONS and _TABLES not in fields:
        yield strips[0], sizes[0]


def _one(fields: dict[int, tuple[int, ...]], tag: int) -> int:
    return fields.get(tag, (0,))[0]


def _fields(stream: BinaryIO, base: int, at: int, order: str) -> tuple[dict[int, tuple[int, ...]], int]:
    count_bytes = bytes_at(stream, base + at, 2)
    count = min(_FIELDS, struct.unpack(order + "H", count_bytes)[0]) if len(count_bytes) == 2 else 0
    data = bytes_at(stream, base + at + 2, count * 12 + 4)
    result: dict[int, tuple[int, ...]] = {}
    for place in range(0, min(len(data) // 12, count) * 12, 12):
        tag, kind, values = struct.unpack(order + "HHI", data[place : place + 8])
        if tag == _RAW_JPEG:
            where = struct.unpack(order + "I", data[place + 8 : place + 12])[0]
            result[_JPEG_AT], result[_JPEG_SIZE] = (where,), (values,)
        elif kind in _SIZES and 0 < values <= _VALUES:
            length = _SIZES[kind] * values
            where = struct.unpack(order + "I", data[place + 8 : place + 12])[0]
            raw = data[place + 8 : place + 8 + length] if length <= 4 else bytes_at(stream, base + where, length)
            if len(raw) == length:
                result[tag] = struct.unpack(f"{order}{values}{_CODES[kind]}", raw)
    following = data[count * 12 : count * 12 + 4]
    return result, struct.unpack(order + "I", following)[0] if len(following) == 4 else 0
