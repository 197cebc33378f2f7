"""The segments of a JPEG before its picture data, read without decoding."""

from dataclasses import dataclass
from typing import BinaryIO

from sakshya.media.limits import SEGMENTS
from sakshya.media.streams import read_at

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_SOI, _EOI, _SOS, _APP1 = 0xD8, 0xD9, 0xDA, 0xE1
_WINDOW = 64 * 1024
# Bytes of rubbish that are passed over in search of the next marker.
_RUBBISH = 1024 * 1024


@dataclass(frozen=True, slots=True)
class JpegHeader:
    """What stands before the picture data; sizes in pixels, None where no frame header was found."""

    width: int | None = None
    height: int | None = None
    components: int = 0
    progressive: bool = False
    exif: bytes | None = None


class _Reader:
    """Reads the stream through a window, so that a header of many small segments costs few reads."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._start = 0
        self._window = b""

    def read(self, offset: int, length: int) -> bytes:
        inside = offset - self._start
        if inside < 0 or inside + length > len(self._window):
            self._start, inside = offset, 0
            self._window = read_at(self._stream, offset, max(length, _WINDOW))
        return self._window[inside : inside + length]

    def next_marker(self, offset: int) -> tuple[int, int] | None:
        """Return (marker, offset behind it) of the first marker at or after `offset`."""
        end = offset + _RUBBISH
        while offset < end:
            piece = self.read(offset, 4096)
            at = piece.find(b"\xff")
            if len(piece) < 2:
                return None
            if at < 0 or at + 1 >= len(piece):
                offset += len(piece) - 1 if at >= 0 else len(piece)
                continue
            if piece[at + 1] not in (0x00, 0xFF):
                return piece[at + 1], offset + at + 2
            offset += at + (2 if piece[at + 1] == 0 else 1)
        return None


def read_jpeg_header(stream: BinaryIO) -> JpegHeader:
    """Return size, coding and EXIF block of the JPEG that begins at the start of the stream.

    Stops at the picture data; a damaged header gives what was met before the damage.
    """
    reader, offset = _Reader(stream), 2
    frame, exif = JpegHeader(), None
    for _ in range(SEGMENTS):
        found = reader.next_marker(offset)
        if found is None:
            break
        marker, offset = found
        if marker in _WITHOUT_LENGTH or marker == _SOI:
            continue
        if marker in (_EOI, _SOS):
            break
        length = int.from_bytes(reader.read(offset, 2), "big")
        if length < 2:
            continue
        if marker in _FRAMES and frame.width is None:
            frame = _frame(marker, reader.read(offset + 2, 6))
        elif marker == _APP1 and exif is None and reader.read(offset + 2, 5) == b"Exif\x00":
            exif = reader.read(offset + 8, length - 8)
        offset += length
    return JpegHeader(frame.width, frame.height, frame.components, frame.progressive, exif)


def _frame(marker: int, body: bytes) -> JpegHeader:
    if len(body) < 6:
        return JpegHeader()
    height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    return JpegHeader(width, height, body[5], marker in _PROGRESSIVE)
