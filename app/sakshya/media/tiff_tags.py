"""Reads directories of a TIFF from bytes at hand: enough for sizes, kinds and embedded previews, and bounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sakshya.media.limits import IFD_ENTRIES

Order = Literal["little", "big"]

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}


@dataclass(frozen=True, slots=True)
class Tag:
    """One directory entry; `offset` is where its value lies, `number_value` its first value where that is inline."""

    number: int
    type: int
    count: int
    offset: int
    number_value: int

    @property
    def length(self) -> int:
        """Length of the whole value in bytes."""
        return self.count * _SIZES.get(self.type, 1)


def byte_order(head: bytes) -> Order | None:
    """Return the byte order a TIFF header states, None where it is no TIFF header."""
    if head[:2] == b"II":
        return "little"
    return "big" if head[:2] == b"MM" else None


def read_directory(data: bytes, at: int, order: Order) -> list[Tag]:
    """Return the entries of the directory at `at`, as many as lie whole in `data`."""
    if at < 8 or at + 2 > len(data):
        return []
    count = min(int.from_bytes(data[at : at + 2], order), IFD_ENTRIES)
    return [
        _entry(data[start : start + 12], start, order)
        for start in range(at + 2, min(at + 2 + 12 * count, len(data) - 11), 12)
    ]


def _entry(raw: bytes, start: int, order: Order) -> Tag:
    number, kind = int.from_bytes(raw[:2], order), int.from_bytes(raw[2:4], order)
    count, value = int.from_bytes(raw[4:8], order), int.from_bytes(raw[8:12], order)
    size = _SIZES.get(kind, 1)
    if count * size <= 4:
        inline = int.from_bytes(raw[8 : 8 + min(size, 4)], order)
        return Tag(number, kind, count, start + 8, inline)
    return Tag(number, kind, count, value, value)


def numbers(data: bytes, tag: Tag, order: Order, limit: int) -> Sequence[int]:
    """Return up to `limit` whole-number values of the tag, those that lie in `data`."""
    size = _SIZES.get(tag.type, 0)
    if size not in (1, 2, 4, 8) or tag.type in (5, 10, 11, 12):
        return []
    end = min(tag.offset + size * min(tag.count, limit), len(data) - size + 1)
    return [int.from_bytes(data[at : at + size], order) for at in range(tag.offset, end, size)]
