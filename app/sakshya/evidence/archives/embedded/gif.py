"""Where a GIF ends (GIF89a)."""

from typing import BinaryIO

from sakshya.evidence.archives.offered import bytes_at

_BLOCKS = 2_000_000


def gif_end(stream: BinaryIO, size: int) -> int | None:
    """Return the offset after the trailer, or None where the blocks lead to none."""
    head = bytes_at(stream, 0, 13)
    if len(head) < 13:
        return None
    at = 13 + _table(head[10])
    for _ in range(_BLOCKS):
        mark = bytes_at(stream, at, 10)
        if not mark or at >= size:
            return None
        if mark[0] == 0x3B:
            return at + 1
        if mark[0] == 0x21:
            after = _after_blocks(stream, at + 2, size)
        elif mark[0] == 0x2C and len(mark) == 10:
            after = _after_blocks(stream, at + 11 + _table(mark[9]), size)
        else:
            return None
        if after is None:
            return None
        at = after
    return None


def _table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(stream: BinaryIO, at: int, size: int) -> int | None:
    stream.seek(at)
    while at < size:
        length = stream.read(1)
        if not length:
            return None
        at += 1 + length[0]
        if not length[0]:
            return at
        stream.seek(length[0], 1)
    return None
