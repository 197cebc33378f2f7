"""thumbcache_*.db: the thumbnails Windows keeps for a user, from Vista to 11.

Names are the 64-bit key in hexadecimal; which file a key stands for is in other places of the system.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.documents.sniffed import extension
from sakshya.evidence.archives.offered import Offer, OfferedArchive, bytes_at, part_offer
from sakshya.evidence.damage import unreadable

_MARK = b"CMMM"
_VISTA, _SEVEN, _GREATEST = 0x14, 0x15, 0x40
_FILE_HEADER, _ENTRY_HEADER = 24, 48
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Cached:
    """One entry: its whole size, its key, and where in it how many bytes of picture lie."""

    size: int
    key: int
    start: int
    length: int


def open_thumbcache(stream: BinaryIO, size: int, _keys: Sequence[str]) -> OfferedArchive:
    """Open a thumbnail cache."""
    return OfferedArchive("thumbcache", _offers(stream, size))


def _offers(stream: BinaryIO, size: int) -> Iterator[Offer]:
    """Entries whose lengths cannot be true are passed over to the next mark, and counted."""
    head = bytes_at(stream, 0, 12)
    if len(head) < 12 or not head.startswith(_MARK):
        raise unreadable(Reason.BAD_METADATA, "it does not begin as a thumbnail cache does")
    version = struct.unpack_from("<I", head, 4)[0]
    if not _VISTA <= version <= _GREATEST:
        raise unreadable(Reason.UNSUPPORTED_FORMAT, f"thumbnail cache of version {version:#x}")
    broken, place = 0, _next_mark(stream, _FILE_HEADER, size)
    while place is not None:
        one = _entry(bytes_at(stream, place, _ENTRY_HEADER), version, size - place)
        if one is None:
            broken += 1
        elif one.length:
            ending = extension(bytes_at(stream, place + one.start, 12))
            yield part_offer(stream, f"{one.key:016x}.{ending}", place + one.start, one.length)
        place = _next_mark(stream, place + (one.size if one else len(_MARK)), size)
    if broken:
        raise unreadable(Reason.BAD_METADATA, f"{broken} entries whose lengths cannot be true")


def _entry(head: bytes, version: int, left: int) -> _Cached | None:
    """Vista has an extension after the key; 8 and later have width and height after the lengths."""
    if len(head) < _ENTRY_HEADER:
        return None
    length, key = struct.unpack_from("<IQ", head, 4)
    named, padding, data = struct.unpack_from("<III", head, 24 if version == _VISTA else 16)
    start = (48 if version == _SEVEN else 56) + named + padding
    if length < _ENTRY_HEADER or length > left or (data and start + data > length):
        return None
    return _Cached(length, key, start, data)


def _next_mark(stream: BinaryIO, at: int, size: int) -> int | None:
    while at + _ENTRY_HEADER <= size:
        if bytes_at(stream, at, len(_MARK)) == _MARK:
            return at
        chunk = bytes_at(stream, at, min(_CHUNK, size - at))
        place = chunk.find(_MARK)
        if place >= 0:
            return at + place
        if len(chunk) < len(_MARK):
            return None
        at += len(chunk) - len(_MARK) + 1
    return None
