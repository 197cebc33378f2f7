"""Small bounded reads from a seekable stream."""

import io
from typing import BinaryIO


def read_at(stream: BinaryIO, offset: int, length: int) -> bytes:
    """Return up to `length` bytes from `offset`; fewer only at the end, none before the start or past the end."""
    if offset < 0 or length <= 0 or offset >= 1 << 62:
        return b""
    stream.seek(offset)
    return stream.read(length)


def length_of(stream: BinaryIO) -> int:
    """Return the stream's length in bytes."""
    return stream.seek(0, io.SEEK_END)
