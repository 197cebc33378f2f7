"""ISO base media boxes: the tree of lengths and names inside HEIC, AVIF, JPEG 2000, MP4 and QuickTime."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sakshya.media.limits import BOX_BYTES, BOXES
from sakshya.media.streams import length_of, read_at


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its four-character name, where its content lies, and how many of its bytes lie past the end."""

    name: bytes
    start: int
    end: int
    missing: int = 0

    @property
    def length(self) -> int:
        """Length of the content in bytes, without the box's own head."""
        return self.end - self.start


def boxes(stream: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes between two offsets; a box that runs past the end is cut there and is the last."""
    at = start
    for _ in range(BOXES):
        head = read_at(stream, at, 16)
        if len(head) < 8 or at + 8 > end:
            return
        length, body = int.from_bytes(head[:4], "big"), at + 8
        if length == 1 and len(head) == 16:
            length, body = int.from_bytes(head[8:16], "big"), at + 16
        stop = end if length == 0 else at + length
        if stop < body:
            return
        yield Box(head[4:8], body, min(stop, end), max(0, stop - end))
        if stop >= end:
            return
        at = stop


def top_boxes(stream: BinaryIO) -> list[Box]:
    """Return the boxes of the file itself."""
    return list(boxes(stream, 0, length_of(stream)))


def content(stream: BinaryIO, box: Box) -> bytes:
    """Return a box's content, at most `BOX_BYTES` of it."""
    return read_at(stream, box.start, min(box.length, BOX_BYTES))


def find(stream: BinaryIO, within: Box, name: bytes, *, skip: int = 0) -> Box | None:
    """Return the first box of that name inside another, whose content begins with `skip` bytes of its own."""
    return next((box for box in boxes(stream, within.start + skip, within.end) if box.name == name), None)
