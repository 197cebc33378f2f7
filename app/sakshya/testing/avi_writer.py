"""A Motion-JPEG AVI writer (RIFF, one video stream, `idx1` index): videos without a video library."""

import struct
from collections.abc import Sequence

_KEY_FRAME = 0x10
_HAS_INDEX = 0x10


def mjpeg_avi(frames: Sequence[bytes], *, width: int, height: int, per_second: int = 10) -> bytes:
    """Return an AVI file of these JPEG frames; `width` and `height` in pixels.

    Raises:
        ValueError: there is no frame.
    """
    if not frames:
        raise ValueError("a video needs a frame")
    largest = max(map(len, frames))
    header = _chunk(b"avih", _main_header(len(frames), width, height, per_second, largest))
    stream = _chunk(b"strh", _stream_header(len(frames), width, height, per_second, largest))
    stream += _chunk(b"strf", _bitmap_header(width, height))
    movie, index = b"movi", b""
    for frame in frames:
        index += struct.pack("<4sIII", b"00dc", _KEY_FRAME, len(movie), len(frame))
        movie += _chunk(b"00dc", frame)
    lists = _chunk(b"LIST", b"hdrl" + header + _chunk(b"LIST", b"strl" + stream))
    return _chunk(b"RIFF", b"AVI " + lists + _chunk(b"LIST", movie) + _chunk(b"idx1", index))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2)


def _main_header(count: int, width: int, height: int, per_second: int, largest: int) -> bytes:
    rate = largest * per_second
    return struct.pack("<10I16x", 1_000_000 // per_second, rate, 0, _HAS_INDEX, count, 0, 1, largest, width, height)


def _stream_header(count: int, width: int, height: int, per_second: int, largest: int) -> bytes:
    times = struct.pack("<IIIIIIiI", 0, 1, per_second, 0, count, largest, -1, 0)
    return struct.pack("<4s4sIHH", b"vids", b"MJPG", 0, 0, 0) + times + struct.pack("<4h", 0, 0, width, height)


def _bitmap_header(width: int, height: int) -> bytes:
    return struct.pack("<IiiHH4sIiiII", 40, width, height, 1, 24, b"MJPG", width * height * 3, 0, 0, 0, 0)
