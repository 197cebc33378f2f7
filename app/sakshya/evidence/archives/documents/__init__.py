"""Documents, mail boxes and thumbnail caches."""

import re
from collections.abc import Callable, Sequence
from typing import BinaryIO

from sakshya.evidence.archives.archive import Archive
from sakshya.evidence.archives.documents.cached_thumbnails import open_thumbcache
from sakshya.evidence.archives.documents.mail import open_eml, open_mbox
from sakshya.evidence.archives.documents.msg import open_msg
from sakshya.evidence.archives.documents.office import open_ole
from sakshya.evidence.archives.documents.pdf import open_pdf
from sakshya.evidence.archives.documents.pst import open_pst
from sakshya.evidence.archives.documents.thumbsdb import open_thumbsdb

FORMATS: dict[str, Callable[[BinaryIO, int, Sequence[str]], Archive]] = {
    "ole": open_ole,
    "thumbsdb": open_thumbsdb,
    "thumbcache": open_thumbcache,
    "pdf": open_pdf,
    "mbox": open_mbox,
    "eml": open_eml,
    "msg": open_msg,
    "pst": open_pst,
}
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_THUMBNAILS = "Catalog".encode("utf-16-le") + b"\0\0"
_MESSAGE = "__properties_version1.0".encode("utf-16-le")
_SECTOR = 512
_THUMBS_NAME = re.compile(r"(?:eh)?thumbs(?:_\w+)?\.db", re.IGNORECASE)
_BOX = re.compile(rb"From (?:\S.* \d{4}|- |\?\?\?@)[^\r\n]*\r?\n(?:>?From [^\n]*\n)?[A-Za-z][A-Za-z0-9-]*:")
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,63}:")
_TELLING = frozenset(
    {b"received", b"return-path", b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"delivered-to"}
    | {b"content-type"}
)
_TELLING_COUNT = 3
_LEAST = 32


def detect(head: bytes, name: str, size: int) -> str | None:
    """Return the format of a document, mail box or thumbnail cache, told by its first bytes and sometimes its name."""
    if head.startswith(_COMPOUND):
        return _compound(head, name)
    if head.startswith(b"!BDN"):
        return "pst"
    if head.startswith(b"CMMM"):
        return "thumbcache"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"From ") and _BOX.match(head):
        return "mbox"
    return "eml" if size >= _LEAST and _is_message(head) else None


def _compound(head: bytes, name: str) -> str:
    """Which kind is certain only with its directory, wherever that lies; "ole" opens every kind."""
    if _MESSAGE in head:
        return "msg"
    return "thumbsdb" if _THUMBS_NAME.fullmatch(name.rpartition("/")[2]) or _THUMBNAILS in head else "ole"


def _is_message(head: bytes) -> bool:
    """At least three of the header names that messages have, and nothing but headers before the empty line."""
    if not head[:1].isalnum():
        return False
    lines = head[:16384].split(b"\n")
    if lines[0].strip().isdigit():
        lines = lines[1:]
    found = set()
    for line in lines[:-1] if len(head) > 16384 else lines:
        if not line.strip():
            break
        match = _HEADER.match(line)
        if match is None and not line.startswith((b" ", b"\t")):
            return False
        if match is not None:
            found.add(match[0][:-1].lower())
    return len(found & _TELLING) >= _TELLING_COUNT
