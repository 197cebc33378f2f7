"""Pictures that a picture carries beside itself: previews, motion photos, appended files.

Every embedded JPEG is listed; whether it shows something else than the picture around it, only decoding both can tell,
which is left to the caller. They are cut out in memory only.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.embedded import jpeg
from sakshya.evidence.archives.embedded.gif import gif_end
from sakshya.evidence.archives.embedded.ifds import read_directories
from sakshya.evidence.archives.embedded.tail import Found, appended, boxes, png_chunks
from sakshya.evidence.archives.offered import Offer, OfferedArchive, bytes_at, part_offer
from sakshya.evidence.damage import unreadable

_MOST = 64
_MOST_BEGINNINGS = 4096
_HEADER = 1 << 18
_MPF_ENTRIES = 0xB002
_APPS = range(0xE0, 0xF0)


def open_picture(stream: BinaryIO, size: int, _keys: Sequence[str]) -> OfferedArchive:
    """Open a picture as a container of what it carries beside itself; most carry nothing."""
    return OfferedArchive("picture", _named(stream, _found(stream, size)))


def _found(stream: BinaryIO, size: int) -> Iterator[tuple[str, Found]]:
    head = bytes_at(stream, 0, 16)
    readers: tuple[tuple[bytes, Callable[[BinaryIO, int], Iterator[tuple[str, Found]]]], ...] = (
        (b"\xff\xd8\xff", _in_jpeg),
        (b"\x89PNG", _in_png),
        (b"GIF8", _in_gif),
        (b"FUJIFILMCCD-RAW", _in_raf),
        (b"RIFF", _in_riff),
    )
    for mark, reader in readers:
        if head.startswith(mark):
            return reader(stream, size)
    return _in_boxes(stream, size) if head[4:8] == b"ftyp" else _in_tiff(stream, size)


def _named(stream: BinaryIO, found: Iterator[tuple[str, Found]]) -> Iterator[Offer]:
    counts: dict[str, int] = {}
    for stem, one in found:
        counts[stem] = counts.get(stem, 0) + 1
        number = "" if stem == "motion" and counts[stem] == 1 else f"-{counts[stem]}"
        yield part_offer(stream, f"{stem}{number}.{one.extension}", one.offset, one.length)


def _in_jpeg(stream: BinaryIO, size: int) -> Iterator[tuple[str, Found]]:
    shape = jpeg.shape(stream, 0, size)
    if shape is None:
        return
    multi: list[tuple[int, int]] = []
    for segment in shape.segments:
        if segment.marker in _APPS and segment.length > 64:
            payload = bytes_at(stream, segment.offset, segment.length)
            if payload.startswith(b"MPF\0"):
                multi += _multi_pictures(payload[4:], segment.offset + 4, size)
            yield from _previews(stream, _jpegs_in(payload, segment.offset))
    end = jpeg.end_of(stream, shape.scan, size)
    if end is None or end >= size:
        return
    yield from _after(stream, end, size, {start for start, _ in multi})


def _after(stream: BinaryIO, end: int, size: int, previews: set[int]) -> Iterator[tuple[str, Found]]:
    """What the multi-picture index names are previews; anything else after the end is appended."""
    for one in appended(stream, end, size):
        if one.offset in previews:
            yield from _previews(stream, [(one.offset, one.length)])
        else:
            yield "motion" if one.extension == "mp4" else "appended", one


def _multi_pictures(data: bytes, base: int, size: int) -> list[tuple[int, int]]:
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 10:
        return []
    at = struct.unpack(order + "I", data[4:8])[0]
    count = struct.unpack(order + "H", data[at : at + 2])[0] if at + 2 <= len(data) else 0
    for place in range(at + 2, min(at + 2 + count * 12, len(data) - 11), 12):
        tag, _, length, where = struct.unpack(order + "HHII", data[place : place + 12])
        if tag == _MPF_ENTRIES:
            table = data[where : where + min(length, _MOST * 16)]
            pairs = [struct.unpack(order + "4xII4x", table[i : i + 16]) for i in range(0, len(table) - 15, 16)]
            return [(base + offset, long) for long, offset in pairs if offset and base + offset + long <= size]
    return []


def _jpegs_in(payload: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Yield where a JPEG may begin, and how much follows it.

    Raises:
        EvidenceFault: after the last, where there are more than are looked at.
    """
    at = payload.find(b"\xff\xd8\xff")
    for _ in range(_MOST_BEGINNINGS):
        if at < 0:
            return
        yield offset + at, len(payload) - at
        at = payload.find(b"\xff\xd8\xff", at + 3)
    if at >= 0:
        raise unreadable(Reason.TOO_MANY, f"what may be previews from byte {offset + at} on was not looked at")


def _previews(stream: BinaryIO, places: Iterable[tuple[int, int]]) -> Iterator[tuple[str, Found]]:
    done = 0
    for offset, length in places:
        if offset < done or bytes_at(stream, offset, 3) != b"\xff\xd8\xff":
            continue
        shape = jpeg.shape(stream, offset, offset + length)
        if shape is None:
            continue
        end = jpeg.end_of(stream, shape.scan, offset + length) or offset + length
        done = end
        yield "preview", Found("jpg", offset, end - offset)


def _in_tiff(stream: BinaryIO, size: int) -> Iterator[tuple[str, Found]]:
    known = read_directories(stream, 0, size)
    yield from _previews(stream, known.pictures)


def _in_raf(stream: BinaryIO, size: int) -> Iterator[tuple[str, Found]]:
    where = bytes_at(stream, 84, 8)
    if len(where) == 8:
        offset, length = struct.unpack(">II", where)
        yield from _previews(stream, [(offset, max(0, min(length, size - offset)))])


def _in_png(stream: BinaryIO, size: int) -> Iterator[tuple[str, Found]]:
    for kind, offset, length in png_chunks(stream, 0, size):
        if kind == b"eXIf":
            yield from _previews(stream, read_directories(stream, offset, offset + length).pictures)
        elif kind == b"IEND" and offset + length + 4 < size:
            yield from _after(stream, offset + length + 4, size, set())


def _in_gif(stream: BinaryIO, size: int) -> Iterator[tuple[str, Found]]:
    end = gif_end(stream, size)
    if end is not None and end < size:
        yield from _after(stream, end, size, set())


def _in_riff(stream: BinaryIO, size: int) -> Iterator[tuple[str, Found]]:
    length = struct.unpack("<I", bytes_at(stream, 4, 4))[0] + 8
    if 12 < length < size:
        yield from _after(stream, length, size, set())


def _in_boxes(stream: BinaryIO, size: int) -> Iterator[tuple[str, Found]]:
    header = bytes_at(stream, 0, _HEADER)
    at = header.find(b"Exif\0\0")
    if at >= 0:
        yield from _previews(stream, _jpegs_in(header[at : at + (1 << 16)], at))
    end = 0
    for kind, offset, length in boxes(stream, 0, size):
        end = offset + length
        if kind == b"mpvd":
            yield "motion", Found("mp4", offset, length)
    if 0 < end < size:
        yield from _after(stream, end, size, set())
