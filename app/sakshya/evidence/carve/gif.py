"""GIF: blocks are walked and each picture's codes counted, so that foreign bytes inside show."""

import struct

from sakshya.evidence.carve.stretch import Broken, Source

_MOST_PIXELS = 1 << 27


def measure(source: Source) -> tuple[str, int]:
    """Return the format and size of the GIF there.

    Raises:
        Broken: a block is not whole, or a picture's codes do not give as many pixels as it has.
    """
    head = source.need(0, 13)
    if head[:6] not in (b"GIF87a", b"GIF89a") or head[12]:
        raise Broken(0)
    at = 13 + (3 << (head[10] & 7) + 1 if head[10] & 0x80 else 0)
    frames = 0
    while True:
        mark = source.need(at, 1)
        if mark == b";" and frames:
            return "gif", at + 1
        if mark == b"!":
            label = source.need(at, 2)[1]
            if label not in (0x01, 0xF9, 0xFE, 0xFF):
                raise Broken(at)
            at, _ = _blocks(source, at + 2)
        elif mark == b",":
            at = _frame(source, at)
            frames += 1
        else:
            raise Broken(at)


def _frame(source: Source, at: int) -> int:
    width, height, flags = struct.unpack("<4xHHB", source.need(at + 1, 9))
    start = at + 10 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    least = source.need(start, 1)[0]
    if not 1 <= least <= 11 or not 0 < width * height <= _MOST_PIXELS:
        raise Broken(at)
    end, data = _blocks(source, start + 1)
    read = _count(data, least, width * height)
    if read is not None:
        raise Broken(start + 1 + read + read // 255)
    return end


def _blocks(source: Source, at: int) -> tuple[int, bytes]:
    pieces: list[bytes] = []
    while size := source.need(at, 1)[0]:
        pieces.append(source.need(at + 1, size))
        at += 1 + size
    return at + 1, b"".join(pieces)


def _count(data: bytes, least: int, pixels: int) -> int | None:
    """Return None when the codes give just that many pixels, else how many bytes had been read when they did not."""
    clear, end = 1 << least, (1 << least) + 1
    first = [1] * clear + [0, 0]
    lengths, width, held, bits, made, before = list(first), least + 1, 0, 0, 0, 0
    for index, byte in enumerate(data):
        held |= byte << bits
        bits += 8
        while bits >= width:
            code = held & ((1 << width) - 1)
            held >>= width
            bits -= width
            if code == clear:
                lengths, width, before = list(first), least + 1, 0
                continue
            if code == end:
                return None if made == pixels and index >= len(data) - 2 else index
            if code > len(lengths) or (code == len(lengths) and not before):
                return index
            if before and len(lengths) < 4096:
                lengths.append(before + 1)
            before = lengths[code] if code < len(lengths) else before
            made += before
            if made > pixels:
                return index
            if len(lengths) == 1 << width and width < 12:
                width += 1
    return None if made == pixels else len(data)
