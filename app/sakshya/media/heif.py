"""What a HEIF or AVIF file says of its primary picture, read from its boxes without any decoder."""

import io
from dataclasses import dataclass
from struct import error as StructError
from struct import unpack_from
from typing import BinaryIO

from sakshya.media.boxes import Box, boxes, content, find, top_boxes
from sakshya.media.limits import BOX_BYTES, BOXES
from sakshya.media.streams import read_at


@dataclass(frozen=True, slots=True)
class HeifHeader:
    """Size in pixels of the primary picture before rotation, and its EXIF block (a TIFF)."""

    width: int | None = None
    height: int | None = None
    exif: bytes | None = None


def read_heif_header(stream: BinaryIO) -> HeifHeader:
    """Return what the `meta` box says; an empty header where there is none or it is damaged."""
    meta = next((box for box in top_boxes(stream) if box.name == b"meta"), None)
    if meta is None:
        return HeifHeader()
    parts = {box.name: box for box in boxes(stream, meta.start + 4, meta.end)}
    try:
        width, height = _size(stream, parts)
    except (StructError, IndexError):
        width, height = None, None
    try:
        exif = _exif(stream, parts)
    except (StructError, IndexError):
        exif = None
    return HeifHeader(width, height, exif)


def _size(stream: BinaryIO, parts: dict[bytes, Box]) -> tuple[int | None, int | None]:
    if b"iprp" not in parts:
        return None, None
    store = find(stream, parts[b"iprp"], b"ipco")
    links = find(stream, parts[b"iprp"], b"ipma")
    if store is None:
        return None, None
    properties = list(boxes(stream, store.start, store.end))
    wanted: list[int] = []
    if links is not None and b"pitm" in parts:
        wanted = _associations(content(stream, links)).get(_primary(content(stream, parts[b"pitm"])), [])
    chosen = [properties[at - 1] for at in wanted if 0 < at <= len(properties)] or properties
    sizes = [unpack_from(">4xII", content(stream, box)) for box in chosen if box.name == b"ispe"]
    # Without a primary item the largest picture is the one meant; the others are its tiles and thumbnail.
    return max(sizes, key=lambda size: size[0] * size[1], default=(None, None))


def _primary(body: bytes) -> int:
    return int(unpack_from(">I" if body[0] else ">H", body, 4)[0])


def _associations(body: bytes) -> dict[int, list[int]]:
    version, wide = body[0], body[3] & 1
    count, at = unpack_from(">I", body, 4)[0], 8
    found: dict[int, list[int]] = {}
    for _ in range(min(count, BOXES)):
        item = unpack_from(">I" if version else ">H", body, at)[0]
        at += 4 if version else 2
        entries, at = body[at], at + 1
        indexes = []
        for _ in range(entries):
            indexes.append(unpack_from(">H", body, at)[0] & 0x7FFF if wide else body[at] & 0x7F)
            at += 2 if wide else 1
        found[item] = indexes
    return found


def _exif(stream: BinaryIO, parts: dict[bytes, Box]) -> bytes | None:
    if b"iinf" not in parts or b"iloc" not in parts:
        return None
    item = _exif_item(stream, parts[b"iinf"])
    if item is None:
        return None
    method, extents = _extents(content(stream, parts[b"iloc"])).get(item, (0, []))
    base = parts[b"idat"].start if method == 1 and b"idat" in parts else 0
    block = b"".join(read_at(stream, base + start, min(length, BOX_BYTES)) for start, length in extents[:64])
    if len(block) < 8:
        return None
    # Four bytes say how far behind them the TIFF header stands, usually past "Exif\0\0".
    begin = 4 + int.from_bytes(block[:4], "big")
    if block[begin : begin + 2] in (b"II", b"MM"):
        return block[begin:]
    _, mark, tiff = block.partition(b"Exif\x00\x00")
    return tiff if mark else None


def _exif_item(stream: BinaryIO, box: Box) -> int | None:
    head = read_at(stream, box.start, 8)
    if len(head) < 8:
        return None
    for entry in boxes(stream, box.start + (8 if head[0] else 6), box.end):
        body = read_at(stream, entry.start, 16)
        if entry.name != b"infe" or body[0] < 2:
            continue
        number, kind = (body[4:6], body[8:12]) if body[0] == 2 else (body[4:8], body[10:14])
        if kind == b"Exif":
            return int.from_bytes(number, "big")
    return None


def _extents(body: bytes) -> dict[int, tuple[int, list[tuple[int, int]]]]:
    """Return item → (construction method, [(offset, length)])."""
    version, reader = body[0], io.BytesIO(body)
    reader.seek(4)
    sizes = unpack_from(">BB", body, 4)
    offset_size, length_size, base_size = sizes[0] >> 4, sizes[0] & 15, sizes[1] >> 4
    index_size = sizes[1] & 15 if version else 0
    reader.seek(6)

    def number(size: int) -> int:
        raw = reader.read(size)
        if len(raw) < size:
            raise IndexError(size)
        return int.from_bytes(raw, "big")

    found: dict[int, tuple[int, list[tuple[int, int]]]] = {}
    for _ in range(min(number(4 if version == 2 else 2), BOXES)):
        item = number(4 if version == 2 else 2)
        method = number(2) & 15 if version else 0
        number(2)
        base, extents = number(base_size), []
        for _ in range(number(2)):
            number(index_size)
            start, length = number(offset_size), number(length_size)
            extents.append((base + start, length))
        found[item] = (method, extents)
    return found
