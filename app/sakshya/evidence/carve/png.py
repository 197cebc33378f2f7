"""PNG: every chunk has a checksum, so its extent is known for certain."""

import struct
import zlib

from sakshya.evidence.carve.stretch import Broken, Source

_PIECE = 1 << 18
_LARGEST = 1 << 28


def measure(source: Source) -> tuple[str, int]:
    """Return the format and size of the PNG there.

    Raises:
        Broken: a chunk is not whole.
    """
    at = before = 8
    if source.need(at, 8)[4:] != b"IHDR":
        raise Broken(at)
    has_data = False
    while True:
        length, kind = struct.unpack(">I4s", source.need(at, 8))
        if length > _LARGEST or not kind.isalpha() or at + length > source.size:
            raise Broken(at, before)
        after = at + 12 + length
        if kind != b"IEND" and not source.need(after, 8)[4:].isalpha():
            raise Broken(after, at)
        check, done = zlib.crc32(kind), 0
        while done < length:
            piece = source.need(at + 8 + done, min(_PIECE, length - done))
            check, done = zlib.crc32(piece, check), done + len(piece)
        if source.need(at + 8 + length, 4) != struct.pack(">I", check):
            raise Broken(after, at)
        before, at = at, after
        has_data = has_data or kind == b"IDAT"
        if kind == b"IEND":
            if not has_data:
                raise Broken(at)
            return "png", at
