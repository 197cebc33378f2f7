"""Office documents before 2007 and other compound files ([MS-CFB], [MS-ODRAW]): the pictures in their drawings.

A drawing's pictures lie in the streams as blip records. A stream that is a picture itself, or an object packed into
the document, is a member of its own. Excel cuts a drawing into records; it is joined again before it is searched.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.documents.blips import Blip, blips, content
from sakshya.evidence.archives.documents.compound import Compound, Path
from sakshya.evidence.archives.documents.msg import message_offers
from sakshya.evidence.archives.documents.sniffed import extension
from sakshya.evidence.archives.documents.thumbsdb import thumbs_offers
from sakshya.evidence.archives.offered import Offer, OfferedArchive
from sakshya.evidence.damage import unreadable

_WORKBOOKS = frozenset({"Workbook", "Book"})
_DRAWING_GROUP, _CONTINUE = 0x00EB, 0x003C
_ENCRYPTED_WORD = 0x0100


def open_ole(stream: BinaryIO, _size: int, _keys: Sequence[str]) -> OfferedArchive:
    """Open a compound file of any kind.

    Raises:
        EvidenceFault: it is no compound file that can be read, or it is encrypted.
    """
    compound = Compound(stream)
    if compound.has("EncryptedPackage") or _is_encrypted_word(compound):
        raise unreadable(Reason.ENCRYPTED, "the Office document needs a password; it is not decrypted")
    offers = _offers(compound)
    if compound.has("__properties_version1.0"):
        offers = message_offers(compound)
    elif compound.has("Catalog"):
        offers = thumbs_offers(compound)
    return OfferedArchive("ole", offers, compound.close)


def _is_encrypted_word(compound: Compound) -> bool:
    if not compound.has("WordDocument"):
        return False
    head = compound.read(("WordDocument",), 12)
    return len(head) == 12 and bool(struct.unpack_from("<H", head, 10)[0] & _ENCRYPTED_WORD)


def _offers(compound: Compound) -> Iterator[Offer]:
    for path in compound.readable():
        data = _drawing(compound, path)
        kind = extension(data[:4096])
        if kind in ("jpg", "png", "gif", "bmp", "tif"):
            yield compound.offer(path, f"{'/'.join(path)}.{kind}")
            continue
        for number, blip in enumerate(blips(data), start=1):
            yield _picture(compound, path, blip, number)


def _picture(compound: Compound, path: Path, blip: Blip, number: int) -> Offer:
    def read() -> bytes:
        return content(_drawing(compound, path), blip)

    return Offer(f"{'/'.join(path)}/picture-{number}.{blip.extension}", read)


def _drawing(compound: Compound, path: Path) -> bytes:
    data = compound.read(path)
    return _joined(data) if path[-1] in _WORKBOOKS else data


def _joined(workbook: bytes) -> bytes:
    """Return the workbook's drawing group without the record headers that cut it."""
    parts: list[bytes] = []
    at, inside = 0, False
    while at + 4 <= len(workbook):
        kind, length = struct.unpack_from("<HH", workbook, at)
        inside = kind == _DRAWING_GROUP or (inside and kind == _CONTINUE)
        if inside:
            parts.append(workbook[at + 4 : at + 4 + length])
        at += 4 + length
    return b"".join(parts)
