"""Thumbs.db: the thumbnails Windows kept in a folder, with a catalogue up to XP and by hash from Vista on."""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from sakshya.domain.entry import Times
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.documents.compound import Compound, Path
from sakshya.evidence.archives.documents.filetime import from_filetime
from sakshya.evidence.archives.documents.sniffed import extension
from sakshya.evidence.archives.offered import Offer, OfferedArchive
from sakshya.evidence.archives.packed.times import NO_TIMES, only_modified
from sakshya.evidence.damage import unreadable

CATALOG = "Catalog"
_HEADER = 128
_HASHED = re.compile(r"\d+_[0-9a-fA-F]+")
_MARKS = (b"\xff\xd8\xff", b"\x89PNG", b"BM")


@dataclass(frozen=True, slots=True)
class Catalogued:
    """What the catalogue says about one thumbnail: the file it was made of, and when that was last changed."""

    name: str
    times: Times


def open_thumbsdb(stream: BinaryIO, _size: int, _keys: Sequence[str]) -> OfferedArchive:
    """Open a thumbnail store.

    Raises:
        EvidenceFault: it is no compound file that can be read.
    """
    compound = Compound(stream)
    return OfferedArchive("thumbsdb", thumbs_offers(compound), compound.close)


def thumbs_offers(compound: Compound) -> Iterator[Offer]:
    """Yield the thumbnails, without the header that stands before each."""
    known = _catalogue(compound)
    for path in compound.paths:
        if len(path) != 1 or not ((path[0].isascii() and path[0].isdigit()) or _HASHED.fullmatch(path[0])):
            continue
        stated = known.pop(path[0], None)
        head = compound.read(path, _HEADER)
        start = _start(head)
        ending = extension(head[start:])
        name = f"{stated.name}.thumbnail.{ending}" if stated else f"{path[0]}.{ending}"
        times = stated.times if stated else NO_TIMES

        def content(path: Path = path, start: int = start) -> bytes:
            return compound.read(path)[start:]

        yield Offer(name, content, compound.size(path) - start, times, compound.offer(path).barrier)
    if known:
        raise unreadable(Reason.NO_CONTENT_ADDRESS, f"{len(known)} names in the catalogue have no thumbnail")


def _start(head: bytes) -> int:
    """The header is 12, 16 or 24 bytes long by version: the picture's own first bytes tell; else it states itself."""
    places = [place for mark in _MARKS if (place := head.find(mark)) >= 0]
    if places:
        return min(places)
    stated = struct.unpack_from("<I", head)[0] if len(head) >= 4 else 0
    return stated if stated <= min(len(head), 64) else 0


def _catalogue(compound: Compound) -> dict[str, Catalogued]:
    """A thumbnail's stream has its number in the catalogue as name, the digits backwards."""
    if not compound.has(CATALOG) or compound.size((CATALOG,)) > 64 << 20:
        return {}
    data = compound.read((CATALOG,))
    result: dict[str, Catalogued] = {}
    at = struct.unpack_from("<H", data)[0] if len(data) >= 16 else len(data)
    while at + 16 <= len(data):
        length, number, changed = struct.unpack_from("<IIQ", data, at)
        if length < 16 or at + length > len(data):
            break
        name = data[at + 16 : at + length].decode("utf-16-le", "replace").split("\0", 1)[0]
        result[str(number)[::-1]] = Catalogued(name.replace("\\", "/"), only_modified(from_filetime(changed)))
        at += length
    return result
