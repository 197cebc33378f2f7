"""The structure of JPEG files as far as it says where things lie (ITU-T T.81, CIPA DC-007)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from sakshya.evidence.archives.offered import bytes_at

_CHUNK = 1 << 20
_END_PAIR = 0xD9FF
_SEGMENTS = 4096
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_SCAN, _END, _START = 0xDA, 0xD9, 0xD8
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True, slots=True)
class Segment:
    """One marker segment: `offset` and `length` of its payload in bytes."""

    marker: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Shape:
    """What the header of a JPEG says: width and height in pixels, and where its first scan's data starts."""

    width: int
    height: int
    scan: int
    segments: tuple[Segment, ...]


def shape(stream: BinaryIO, start: int, end: int) -> Shape | None:
    """Return the header of the JPEG at `start`, or None where it has no frame that ordinary decoders show."""
    found, frame = [], None
    for segment in _segments(stream, start, end):
        found.append(segment)
        if segment.marker in _FRAMES and segment.length >= 6 and frame is None:
            frame = struct.unpack(">HH", bytes_at(stream, segment.offset + 1, 4))
    if frame is None or not found or found[-1].marker != _SCAN or 0 in frame:
        return None
    return Shape(frame[1], frame[0], found[-1].offset + found[-1].length, tuple(found))


def end_of(stream: BinaryIO, scan: int, end: int) -> int | None:
    """Return the offset after the end marker that follows `scan`, or None where there is none before `end`.

    Inside entropy-coded data and the tables between scans the marker's two bytes do not occur.
    """
    at, last = scan, b""
    while at < end:
        chunk = bytes_at(stream, at, min(_CHUNK, end - at))
        if not chunk:
            return None
        place = _end_mark(last + chunk)
        if place >= 0:
            return at - len(last) + place + 2
        at, last = at + len(chunk), chunk[-1:]
    return None


def _end_mark(data: bytes) -> int:
    """Return where the end marker's two bytes first stand, or -1; many times faster than `bytes.find` on such data."""
    places = []
    for start in (0, 1):
        pairs = np.frombuffer(data, "<u2", max(0, len(data) - start) // 2, start) == _END_PAIR
        if pairs.size and pairs[first := int(pairs.argmax())]:
            places.append(2 * first + start)
    return min(places, default=-1)


def _segments(stream: BinaryIO, start: int, end: int) -> Iterator[Segment]:
    at = start + 2
    for _ in range(_SEGMENTS):
        head = bytes_at(stream, at, 4)
        if len(head) < 4 or at + 4 > end or head[0] != 0xFF:
            return
        marker = head[1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in (_END, _START):
            return
        if marker in _ALONE:
            at += 2
            continue
        length = int.from_bytes(head[2:4], "big")
        if length < 2 or at + 2 + length > end:
            return
        yield Segment(marker, at + 4, length - 2)
        if marker == _SCAN:
            return
        at += 2 + length
