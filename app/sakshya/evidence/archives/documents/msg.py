"""Outlook messages saved as files ([MS-OXMSG]): bodies, attachments, messages attached to messages."""

import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from sakshya.domain.absent import NotRecorded
from sakshya.domain.entry import Times
from sakshya.evidence.archives.documents.compound import Compound, Path
from sakshya.evidence.archives.documents.filetime import from_filetime
from sakshya.evidence.archives.offered import Offer, OfferedArchive

MARK = "__properties_version1.0"
_ATTACHMENT = "__attach_version1.0_#"
_VALUE = "__substg1.0_"
_DATA, _OBJECT = f"{_VALUE}37010102", f"{_VALUE}3701000D"
_NAMES = ("3707", "3704", "3001")
_BODIES = {
    "1000001F": "body.txt",
    "1000001E": "body.txt",
    "10130102": "body.html",
    "1013001E": "body.html",
    "10090102": "body.rtf.compressed",
}
_CREATED, _MODIFIED = 0x3007, 0x3008
_NONE = NotRecorded("the message states none")


def open_msg(stream: BinaryIO, _size: int, _keys: Sequence[str]) -> OfferedArchive:
    """Open a message file.

    Raises:
        EvidenceFault: it is no compound file that can be read.
    """
    compound = Compound(stream)
    return OfferedArchive("msg", message_offers(compound), compound.close)


def message_offers(compound: Compound) -> Iterator[Offer]:
    """Yield bodies and attachments of the message and of those attached to it, in the file's order."""
    for path in compound.paths:
        leaf = path[-1]
        shown = _shown(compound, path[:-1])
        if leaf == _DATA and _is_attachment(path[:-1]):
            plain = compound.offer(path, shown)
            yield Offer(plain.name, plain.content, plain.size, _times(compound, path[:-1]), plain.barrier)
        elif leaf.startswith(_VALUE) and leaf[len(_VALUE) :] in _BODIES:
            yield compound.offer(path, "/".join(filter(None, (shown, _BODIES[leaf[len(_VALUE) :]]))))
        elif _OBJECT in path[:-1] and not leaf.startswith("__"):
            yield compound.offer(path, f"{shown}/{leaf}")


def _is_attachment(storage: Path) -> bool:
    return bool(storage) and storage[-1].startswith(_ATTACHMENT)


def _shown(compound: Compound, storage: Path) -> str:
    steps = (storage[: depth + 1] for depth, step in enumerate(storage) if step.startswith(_ATTACHMENT))
    return "/".join(_name(compound, step) for step in steps)


def _name(compound: Compound, storage: Path) -> str:
    for tag in _NAMES:
        for kind, coding in (("001F", "utf-16-le"), ("001E", "cp1252")):
            path = (*storage, f"{_VALUE}{tag}{kind}")
            if compound.has(*path):
                name = compound.read(path, 1024).decode(coding, "replace").rstrip("\0")
                if name:
                    return name.replace("/", "_")
    return f"attachment-{storage[-1].removeprefix(_ATTACHMENT)}"


def _times(compound: Compound, storage: Path) -> Times:
    path = (*storage, MARK)
    found: dict[int, int] = {}
    if compound.has(*path):
        data = compound.read(path, 1 << 16)
        for at in range(8, len(data) - 15, 16):
            kind, tag, _, value = struct.unpack_from("<HHIQ", data, at)
            if kind == 0x40:
                found[tag] = value
    modified, created = (from_filetime(found[tag]) if tag in found else _NONE for tag in (_MODIFIED, _CREATED))
    return Times(modified, _NONE, _NONE, created)
