"""Office 97 to 2003 documents and other compound files: pictures, embedded files, and every stream as it is."""

import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.documents import blips
from sakshya.evidence.archives.documents.compound import Compound, Path
from sakshya.evidence.archives.documents.msg import MARK as _MESSAGE
from sakshya.evidence.archives.documents.msg import message_offers
from sakshya.evidence.archives.documents.thumbsdb import CATALOG, thumbs_offers
from sakshya.evidence.archives.offered import Offer, OfferedArchive
from sakshya.evidence.damage import unreadable

_WORKBOOKS = frozenset({"Workbook", "Book"})
_DRAWN = frozenset({"WordDocument", "Data", "Pictures", "1Table", "0Table", *_WORKBOOKS})
_NATIVE = "\x01Ole10Native"
_DRAWING_GROUP, _CONTINUE, _FILE_PASS = 0xEB, 0x3C, 0x2F
_WORD_ENCRYPTED = 0x0100
_POWERPOINT_ENCRYPTED = 0xF3D1C4DF


def open_ole(stream: BinaryIO, _size: int, _keys: Sequence[str]) -> OfferedArchive:
    """Open a compound file; messages and thumbnail stores are told by their streams and opened as what they are.

    Raises:
        EvidenceFault: it is no compound file that can be read.
    """
    compound = Compound(stream)
    if compound.has(_MESSAGE):
        return OfferedArchive("ole", message_offers(compound), compound.close)
    if compound.has(CATALOG):
        return OfferedArchive("ole", thumbs_offers(compound), compound.close)
    return OfferedArchive("ole", _offers(compound), compound.close)


def _offers(compound: Compound) -> Iterator[Offer]:
    """Pictures, then the streams; an encrypted document lists its streams alone, and then says what it is."""
    secret = _encryption(compound)
    if not secret:
        number = 0
        for path in compound.readable():
            for one in _pictures(compound, path) if path[-1] in _DRAWN else ():
                number += 1
                yield Offer(f"picture-{number}.{one.name}", one.content, one.size)
    for path in compound.paths:
        if path[-1] == _NATIVE and compound.size(path) <= blips.LIMIT:
            yield from _native(compound, path)
        yield compound.offer(path)
    if secret:
        raise unreadable(Reason.ENCRYPTED, secret, advice="open it in Office with the password and keep a copy")


def _pictures(compound: Compound, path: Path) -> Iterator[Offer]:
    for one in blips.blips(_drawing(compound, path)):

        def content(blip: blips.Blip = one) -> bytes:
            return blips.content(_drawing(compound, path), blip)

        is_kept = not one.compressed and one.extension != "bmp"
        yield Offer(one.extension, content, one.length if is_kept else None)


def _drawing(compound: Compound, path: Path) -> bytes:
    data = compound.read(path)
    return _joined(data) if path[-1] in _WORKBOOKS else data


def _joined(data: bytes) -> bytes:
    """A workbook cuts its drawings into records of at most 8224 bytes ([MS-XLS] 2.4.58, 2.4.171)."""
    parts, last = [], 0
    for kind, body in _records(data):
        if kind == _DRAWING_GROUP or (kind == _CONTINUE and last == _DRAWING_GROUP):
            parts.append(body)
            last = _DRAWING_GROUP
        else:
            last = kind
    return b"".join(parts)


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        yield kind, data[at + 4 : at + 4 + length]
        at += 4 + length


def _native(compound: Compound, path: Path) -> Iterator[Offer]:
    """An embedded file of any kind keeps its label and two paths before its bytes ([MS-OLEDS] 2.3.6)."""
    data = compound.read(path)
    label_end = data.find(b"\0", 6)
    source_end = data.find(b"\0", label_end + 1)
    if label_end < 0 or source_end < 0 or source_end + 9 > len(data):
        return
    at = source_end + 9 + struct.unpack_from("<I", data, source_end + 5)[0]
    if at + 4 > len(data):
        return
    start, size = at + 4, struct.unpack_from("<I", data, at)[0]
    if start + size <= len(data):
        name = data[6:label_end].decode("cp1252", "replace") or "embedded.bin"
        yield Offer(name, lambda: compound.read(path)[start : start + size], size)


def _encryption(compound: Compound) -> str:
    if compound.has("EncryptedPackage"):
        return "an Office document behind a password"
    if compound.has("WordDocument"):
        head = compound.read(("WordDocument",), 12)
        if len(head) == 12 and struct.unpack_from("<H", head, 10)[0] & _WORD_ENCRYPTED:
            return "a Word document behind a password"
    if compound.has("Current User"):
        head = compound.read(("Current User",), 16)
        if len(head) == 16 and struct.unpack_from("<I", head, 12)[0] == _POWERPOINT_ENCRYPTED:
            return "a PowerPoint document behind a password"
    for name in sorted(_WORKBOOKS):
        if compound.has(name) and any(kind == _FILE_PASS for kind, _ in _records(compound.read((name,), 4096))):
            return "an Excel workbook behind a password"
    return ""
