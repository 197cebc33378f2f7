"""Where each format keeps its EXIF: found here, bounded, so that the EXIF reader itself meets only a plain TIFF."""

import io
import re
import zlib
from collections.abc import Callable
from typing import BinaryIO

from sakshya.domain.media import Sniffed
from sakshya.media.boxes import content, top_boxes
from sakshya.media.heif import read_heif_header
from sakshya.media.jpeg_header import read_jpeg_header
from sakshya.media.limits import CHUNKS, EXIF_BYTES
from sakshya.media.streams import length_of, read_at


def exif_block(stream: BinaryIO, sniffed: Sniffed) -> BinaryIO | None:
    """Return the picture's EXIF as a stream that begins with its TIFF header, None where it has none.

    Raises:
        EvidenceFault: the bytes could not be read.
    """
    if sniffed.format in _TIFF_INSIDE:
        return stream
    finder = _FINDERS.get(sniffed.format)
    block = finder(stream) if finder else None
    if not block:
        return None
    return io.BytesIO(block)


def _jpeg(stream: BinaryIO) -> bytes | None:
    return read_jpeg_header(stream).exif


def _png(stream: BinaryIO) -> bytes | None:
    at, end = 8, length_of(stream)
    for _ in range(CHUNKS):
        head = read_at(stream, at, 8)
        if len(head) < 8 or at >= end:
            return None
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        if name == b"eXIf":
            return _without_mark(read_at(stream, at + 8, min(length, EXIF_BYTES)))
        if name in (b"zTXt", b"tEXt") and read_at(stream, at + 8, 21) in _RAW_PROFILES:
            return _raw_profile(name, read_at(stream, at + 8, min(length, EXIF_BYTES)))
        at += 12 + length
    return None


_RAW_PROFILES = (b"Raw profile type exif", b"Raw profile type APP1")
_PROFILE_TEXT = re.compile(rb"\s*\w+\s+\d+\s+([0-9a-fA-F\s]*)")


def _raw_profile(name: bytes, body: bytes) -> bytes | None:
    """ImageMagick's older habit: the block as hexadecimal text, with its name and length before it."""
    _, _, text = body.partition(b"\x00")
    if name == b"zTXt":
        try:
            text = zlib.decompressobj().decompress(text[1:], EXIF_BYTES)
        except zlib.error:
            return None
    found = _PROFILE_TEXT.match(text)
    digits = b"".join(found[1].split()) if found else b""
    return _without_mark(bytes.fromhex(digits[: len(digits) & ~1].decode("ascii")))


def _webp(stream: BinaryIO) -> bytes | None:
    at, end = 12, length_of(stream)
    for _ in range(CHUNKS):
        head = read_at(stream, at, 8)
        if len(head) < 8 or at >= end:
            return None
        length = int.from_bytes(head[4:], "little")
        if head[:4].upper() == b"EXIF":
            return _without_mark(read_at(stream, at + 8, min(length, EXIF_BYTES)))
        at += 8 + length + (length & 1)
    return None


def _heif(stream: BinaryIO) -> bytes | None:
    return read_heif_header(stream).exif


def _jxl(stream: BinaryIO) -> bytes | None:
    box = next((box for box in top_boxes(stream) if box.name == b"Exif"), None)
    if box is None:
        return None
    body = content(stream, box)
    return body[4 + int.from_bytes(body[:4], "big") :]


def _raf(stream: BinaryIO) -> bytes | None:
    """A Fuji raw file carries a whole JPEG, whose place stands at byte 84."""
    place = read_at(stream, 84, 8)
    start, length = int.from_bytes(place[:4], "big"), int.from_bytes(place[4:], "big")
    preview = read_at(stream, start, min(length, EXIF_BYTES))
    return read_jpeg_header(io.BytesIO(preview)).exif if preview else None


def _psd(stream: BinaryIO) -> bytes | None:
    at = 26
    at += 4 + int.from_bytes(read_at(stream, at, 4), "big")
    end = at + 4 + int.from_bytes(read_at(stream, at, 4), "big")
    at += 4
    for _ in range(CHUNKS):
        head = read_at(stream, at, 7)
        if at >= end or head[:4] not in (b"8BIM", b"MeSa"):
            return None
        at += 6 + (head[6] + 2 & ~1)
        length = int.from_bytes(read_at(stream, at, 4), "big")
        if head[4:6] == b"\x04\x22":
            return read_at(stream, at + 4, min(length, EXIF_BYTES))
        at += 4 + (length + 1 & ~1)
    return None


def _without_mark(block: bytes) -> bytes:
    return block[6:] if block.startswith(b"Exif\x00\x00") else block


_TIFF_INSIDE = frozenset({"tiff", "cr2", "nef", "arw", "dng", "pef", "orf", "rw2"})
_FINDERS: dict[str, Callable[[BinaryIO], bytes | None]] = {
    "jpeg": _jpeg,
    "png": _png,
    "webp": _webp,
    "heic": _heif,
    "avif": _heif,
    "jxl": _jxl,
    "raf": _raf,
    "psd": _psd,
}
