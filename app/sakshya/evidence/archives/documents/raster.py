"""Pixels without a file around them, written as PNG (W3C) or TIFF (6.0), in memory."""

import struct
import zlib

_GREY, _RGB, _PALETTE = 0, 2, 3
_SHORT, _LONG = 3, 4


def row_length(width: int, channels: int, bits: int) -> int:
    """Return how many bytes one row takes, rows beginning on whole bytes."""
    return (width * channels * bits + 7) // 8


def png(width: int, height: int, bits: int, pixels: bytes, *, channels: int = 1, palette: bytes = b"") -> bytes:
    """Return grey (1 channel), RGB (3 channels) or palette pixels as PNG; missing rows are black."""
    row = row_length(width, channels, bits)
    kind = _PALETTE if palette else _RGB if channels == 3 else _GREY
    packer = zlib.compressobj(1)
    packed = bytearray()
    for at in range(0, row * height, row):
        packed += packer.compress(b"\0" + pixels[at : at + row].ljust(row, b"\0"))
    packed += packer.flush()
    header = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
    colours = _chunk(b"PLTE", palette) if palette else b""
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + colours + _chunk(b"IDAT", bytes(packed)) + _chunk(b"IEND", b"")
    )


def cmyk_tiff(width: int, height: int, pixels: bytes) -> bytes:
    """Return CMYK pixels of 8 bits as TIFF; missing rows are white."""
    data = pixels[: width * height * 4].ljust(width * height * 4, b"\0")
    return _tiff(width, height, data, {258: (8, 8, 8, 8), 259: (1,), 262: (5,), 277: (4,)})


def fax_tiff(width: int, height: int, pixels: bytes, k: int, *, black_is_one: bool) -> bytes:
    """Return fax-coded pixels as TIFF; `k` as PDF has it: below 0 is Group 4, else Group 3."""
    tags: dict[int, tuple[int, ...]] = {
        258: (1,),
        259: (4 if k < 0 else 3,),
        262: (1 if black_is_one else 0,),
        277: (1,),
    }
    if k > 0:
        tags[292] = (1,)
    return _tiff(width, height, pixels, tags)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _tiff(width: int, height: int, data: bytes, tags: dict[int, tuple[int, ...]]) -> bytes:
    fields = {256: (width,), 257: (height,), 273: (8,), 278: (height,), 279: (len(data),), **tags}
    start = 8 + len(data) + len(data) % 2
    after = start + 2 + 12 * len(fields) + 4
    directory, extra = struct.pack("<H", len(fields)), b""
    for tag, values in sorted(fields.items()):
        kind, code = (_SHORT, "H") if tag not in (256, 257, 273, 278, 279, 292) else (_LONG, "I")
        raw = struct.pack(f"<{len(values)}{code}", *values)
        if len(raw) > 4:
            raw, extra = struct.pack("<I", after + len(extra)), extra + raw
        directory += struct.pack("<HHI", tag, kind, len(values)) + raw.ljust(4, b"\0")
    header = struct.pack("<2sHI", b"II", 42, start)
    return header + data + b"\0" * (len(data) % 2) + directory + b"\0" * 4 + extra
