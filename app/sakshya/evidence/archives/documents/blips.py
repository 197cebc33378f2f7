"""Pictures in Office drawings: the blip records of [MS-ODRAW] 2.2.23 to 2.2.31, found in whatever they are wrapped."""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from sakshya.domain.unexamined import Reason
from sakshya.evidence.damage import unreadable

LIMIT = 64 << 20
_METAFILE_HEADER = 34
_BITMAP_TAG = 1
# Record type: extension, and the instances with one and with two identifiers before the picture.
_KINDS: dict[int, tuple[str, tuple[int, ...], tuple[int, ...]]] = {
    0xF01A: ("emf", (0x3D4,), (0x3D5,)),
    0xF01B: ("wmf", (0x216,), (0x217,)),
    0xF01C: ("pict", (0x542,), (0x543,)),
    0xF01D: ("jpg", (0x46A, 0x6E2), (0x46B, 0x6E3)),
    0xF01E: ("png", (0x6E0,), (0x6E1,)),
    0xF01F: ("bmp", (0x7A8,), (0x7A9,)),
    0xF029: ("tif", (0x6E4,), (0x6E5,)),
    0xF02A: ("jpg", (0x46A, 0x6E2), (0x46B, 0x6E3)),
}
_METAFILES = frozenset({"emf", "wmf", "pict"})
_TYPE = re.compile(rb"[\x1a-\x1f\x29\x2a]\xf0")


@dataclass(frozen=True, slots=True)
class Blip:
    """A picture found: `offset` and `length` of what is kept, in bytes; metafiles may be compressed."""

    extension: str
    offset: int
    length: int
    compressed: bool = False


def blips(data: bytes) -> Iterator[Blip]:
    """Yield the pictures in a drawing's bytes, in order; none lies in another."""
    at = 0
    while (match := _TYPE.search(data, at)) is not None:
        found = _blip(data, match.start() - 2)
        if found is None:
            at = match.start() + 1
        else:
            yield found
            at = found.offset + found.length


def content(data: bytes, blip: Blip) -> bytes:
    """Return the picture as a file: metafiles inflated, device-independent bitmaps with the header a file has.

    Raises:
        EvidenceFault: it is broken, or larger than 64 MiB when inflated.
    """
    raw = data[blip.offset : blip.offset + blip.length]
    if blip.compressed:
        return inflated(raw)
    return bitmap_file(raw) if blip.extension == "bmp" else raw


def inflated(raw: bytes) -> bytes:
    """Return what a zlib stream holds.

    Raises:
        EvidenceFault: it is broken, or holds more than 64 MiB.
    """
    packed = zlib.decompressobj()
    try:
        result = packed.decompress(raw, LIMIT)
    except zlib.error as error:
        raise unreadable(Reason.BAD_METADATA, str(error)) from error
    if packed.unconsumed_tail:
        raise unreadable(Reason.TOO_LARGE, f"more than {LIMIT} bytes when inflated")
    return result


def bitmap_file(dib: bytes) -> bytes:
    """Return a device-independent bitmap with a bitmap file's header before it."""
    if len(dib) < 40 or dib.startswith(b"BM"):
        return dib
    header, bits, compression, used = *struct.unpack("<I10xH", dib[:16]), *struct.unpack("<I12xI", dib[16:36])
    colours = used or (1 << bits if bits <= 8 else 0)
    masks = 12 if compression == 3 and header == 40 else 0
    pixels = 14 + header + masks + 4 * min(colours, 256)
    return struct.pack("<2sIHHI", b"BM", 14 + len(dib), 0, 0, pixels) + dib


def _blip(data: bytes, at: int) -> Blip | None:
    if at < 0 or at + 8 > len(data):
        return None
    version, kind, length = struct.unpack_from("<HHI", data, at)
    extension, once, twice = _KINDS[kind]
    instance = version >> 4
    if version & 0xF or instance not in once + twice or at + 8 + length > len(data):
        return None
    before = 16 * (1 if instance in once else 2)
    if extension not in _METAFILES:
        before += _BITMAP_TAG
        return Blip(extension, at + 8 + before, length - before) if length > before else None
    before += _METAFILE_HEADER
    if length <= before:
        return None
    return Blip(extension, at + 8 + before, length - before, data[at + 8 + before - 2] == 0)
