"""Files that stand after a picture's end: further pictures, archives, the video of a motion photo."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.embedded import jpeg
from sakshya.evidence.archives.offered import bytes_at
from sakshya.evidence.damage import unreadable

_CHUNK = 1 << 20
_OVERLAP = 16
_MOST = 4096
_MARKS = re.compile(
    rb"\xff\xd8\xff[\xc0-\xc4\xdb\xdd\xe0-\xef\xfe]|\x89PNG\r\n\x1a\n|PK\x03\x04|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07"
    rb"|\x00\x00[\x00-\x01].ftyp[A-Za-z0-9 ]{4}|GIF8[79]a|%PDF-1",
    re.DOTALL,
)
_KINDS = {b"\x89PNG": "png", b"PK\x03\x04": "zip", b"7z\xbc\xaf": "7z", b"Rar!": "rar", b"GIF8": "gif", b"%PDF": "pdf"}


@dataclass(frozen=True, slots=True)
class Found:
    """A file found: its extension, and `offset` and `length` in bytes."""

    extension: str
    offset: int
    length: int


def appended(stream: BinaryIO, start: int, end: int) -> Iterator[Found]:
    """Yield the files that begin between `start` and `end`, in order; what is inside a found one is not looked for.

    Raises:
        EvidenceFault: after the last, where there are more beginnings than are looked at.
    """
    at = start
    for _ in range(_MOST):
        place = _next_mark(stream, at, end)
        if place is None:
            return
        found = _measured(stream, place, end)
        if found is None:
            at = place + 4
        else:
            yield found
            at = found.offset + found.length
    if _next_mark(stream, at, end) is not None:
        raise unreadable(Reason.TOO_MANY, f"what seems to be appended from byte {at} on was not looked at")


def _next_mark(stream: BinaryIO, at: int, end: int) -> int | None:
    while at < end:
        chunk = bytes_at(stream, at, min(_CHUNK, end - at))
        match = _MARKS.search(chunk)
        if match is not None:
            return at + match.start()
        if at + len(chunk) >= end or len(chunk) <= _OVERLAP:
            return None
        at += len(chunk) - _OVERLAP
    return None


def _measured(stream: BinaryIO, at: int, end: int) -> Found | None:
    head = bytes_at(stream, at, 12)
    if head[:2] == b"\xff\xd8":
        shape = jpeg.shape(stream, at, end)
        if shape is None:
            return None
        return Found("jpg", at, (jpeg.end_of(stream, shape.scan, end) or end) - at)
    if head[4:8] == b"ftyp":
        return Found("mp4", at, boxes_end(stream, at, end) - at)
    kind = _KINDS[head[:4]]
    return Found(kind, at, (png_end(stream, at, end) or end if kind == "png" else end) - at)


def boxes_end(stream: BinaryIO, at: int, end: int) -> int:
    """Return where the ISO base media boxes that begin at `at` end (ISO/IEC 14496-12)."""
    for _, offset, length in boxes(stream, at, end):
        at = offset + length
    return at


def boxes(stream: BinaryIO, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (type, payload offset, payload length) of the boxes from `at`, up to the first that is none."""
    for _ in range(_CHUNK >> 4):
        head = bytes_at(stream, at, 16)
        if len(head) < 8 or not re.fullmatch(rb"[A-Za-z0-9 _\-\xa9]{4}", head[4:8]):
            return
        length, used = struct.unpack(">I", head[:4])[0], 8
        if length == 1 and len(head) == 16:
            length, used = struct.unpack(">Q", head[8:])[0], 16
        elif length == 0:
            length = end - at
        if length < used or at + length > end:
            return
        yield head[4:8], at + used, length - used
        at += length


def png_end(stream: BinaryIO, at: int, end: int) -> int | None:
    """Return the offset after the last chunk of the PNG at `at`, or None where it has no end."""
    for kind, offset, length in png_chunks(stream, at, end):
        if kind == b"IEND":
            return offset + length + 4
    return None


def png_chunks(stream: BinaryIO, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (type, payload offset, payload length) of a PNG's chunks (W3C PNG, third edition)."""
    at += 8
    while at + 12 <= end:
        length, kind = struct.unpack(">I4s", bytes_at(stream, at, 8).ljust(8, b"\0"))
        if at + 12 + length > end or not kind.isalpha():
            return
        yield kind, at + 8, length
        if kind == b"IEND":
            return
        at += 12 + length
