"""Camera raw files: the JPEG preview that the camera stored beside the sensor's data."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from sakshya.domain.media import Sniffed
from sakshya.media.limits import ENCODED_BYTES, IFD_ENTRIES, IFDS
from sakshya.media.streams import read_at
from sakshya.media.tiff_tags import Order, Tag, byte_order, numbers, read_directory

RAW = frozenset({"cr2", "nef", "arw", "dng", "pef", "orf", "rw2", "raf", "cr3", "crw", "mrw", "x3f"})

_STRIPS, _STRIP_BYTES, _SUB_IFDS, _JPEG_AT, _JPEG_BYTES, _EXIF = 0x111, 0x117, 0x14A, 0x201, 0x202, 0x8769
_JPG_FROM_RAW = 0x2E
_SOI = b"\xff\xd8\xff"
_LOSSLESS_FRAME = b"\xff\xc3"


def embedded_preview(stream: BinaryIO, sniffed: Sniffed) -> BinaryIO | None:
    """Return the largest embedded JPEG that an ordinary decoder reads, None where there is none.

    Raises:
        EvidenceFault: the bytes could not be read.
    """
    if sniffed.format == "raf":
        place = read_at(stream, 84, 8)
        candidates = [(int.from_bytes(place[:4], "big"), int.from_bytes(place[4:], "big"))]
    else:
        candidates = list(_places(stream))
    for start, length in sorted(set(candidates), key=lambda place: -place[1]):
        head = read_at(stream, start, 4096)
        # Raw sensor data is often a lossless JPEG, which begins alike.
        if head.startswith(_SOI) and _LOSSLESS_FRAME not in head and length <= ENCODED_BYTES:
            return io.BytesIO(read_at(stream, start, length))
    return None


def _places(stream: BinaryIO) -> Iterator[tuple[int, int]]:
    head = read_at(stream, 0, 8)
    order = byte_order(head)
    if order is None or len(head) < 8:
        return
    waiting, seen = [int.from_bytes(head[4:8], order)], set[int]()
    while waiting and len(seen) < IFDS:
        at = waiting.pop()
        if at in seen or at < 8:
            continue
        seen.add(at)
        block = read_at(stream, at, 2 + 12 * IFD_ENTRIES)
        tags = {tag.number: tag for tag in read_directory(bytes(8) + block, 8, order)}
        end = 2 + 12 * int.from_bytes(block[:2], order)
        waiting += [*_pointers(stream, tags, order), int.from_bytes(block[end : end + 4], order)]
        yield from _jpegs(tags)


def _pointers(stream: BinaryIO, tags: dict[int, Tag], order: Order) -> list[int]:
    found = [tags[_EXIF].number_value] if _EXIF in tags else []
    if _SUB_IFDS in tags:
        tag = tags[_SUB_IFDS]
        if tag.length <= 4:
            found.append(tag.number_value)
        else:
            values = read_at(stream, tag.offset, 4 * IFDS)
            found += numbers(values, Tag(tag.number, 4, tag.count, 0, 0), order, IFDS)
    return found


def _jpegs(tags: dict[int, Tag]) -> Iterator[tuple[int, int]]:
    for place, length in ((_JPEG_AT, _JPEG_BYTES), (_STRIPS, _STRIP_BYTES)):
        if place in tags and length in tags and tags[place].count == 1:
            yield tags[place].number_value, tags[length].number_value
    if _JPG_FROM_RAW in tags:
        yield tags[_JPG_FROM_RAW].offset, tags[_JPG_FROM_RAW].length
