"""RIFF: WebP and AVI, by the chunks inside the stated size."""

import struct

from sakshya.evidence.carve.stretch import Broken, Source

_WEBP = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP", b"EXIF", b"XMP "}
_FIRST_WEBP = {b"VP8 ", b"VP8L", b"VP8X"}
_LISTS = {b"LIST", b"RIFF"}


def measure(source: Source) -> tuple[str, int]:
    """Return the format and size of the WebP or AVI there.

    Raises:
        Broken: a chunk lies across the end of what holds it, or bears no known name.
    """
    size, form = struct.unpack("<4xI4s", source.need(0, 12))
    if form == b"WEBP":
        return "webp", _webp(source, 8 + size)
    if form != b"AVI ":
        raise Broken(0)
    end = _avi(source, 8 + size)
    while source.read(end, 4) == b"RIFF" and source.read(end + 8, 4) == b"AVIX":
        end = _list(source, end + 12, end + 8 + struct.unpack("<I", source.need(end + 4, 4))[0])
    return "avi", end


def _webp(source: Source, end: int) -> int:
    at = 12
    while at < end:
        name, size = struct.unpack("<4sI", source.need(at, 8))
        if name not in (_FIRST_WEBP if at == 12 else _WEBP) or at + 8 + size > end:
            raise Broken(at)
        if name == b"VP8 " and source.need(at + 11, 3) != b"\x9d\x01\x2a":
            raise Broken(at)
        if name == b"VP8L" and source.need(at + 8, 1) != b"\x2f":
            raise Broken(at)
        at += 8 + size + size % 2
    if at < 30 or end > source.size:
        raise Broken(at)
    return end


def _avi(source: Source, end: int) -> int:
    if source.need(12, 4) != b"LIST" or source.need(20, 4) != b"hdrl":
        raise Broken(12)
    return _list(source, 12, end)


def _list(source: Source, at: int, end: int) -> int:
    """Walk the chunks up to `end`, into the lists among them."""
    if end > source.size:
        raise Broken(min(at, source.size))
    ends = [end]
    while at < end:
        while ends and at >= ends[-1]:
            ends.pop()
        name, size = struct.unpack("<4sI", source.need(at, 8))
        if at + 8 + size > ends[-1] or not all(32 <= byte < 127 for byte in name):
            raise Broken(at)
        if name in _LISTS and len(ends) < 8:
            ends.append(at + 8 + size)
            at += 12
        else:
            at += 8 + size + size % 2
    return end
