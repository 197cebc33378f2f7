"""Text: told by the absence of anything that text never holds, then by how it begins."""

import re

from sakshya.domain.media import Kind, Sniffed

_LOOK = 4096
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_SVG = re.compile(r"<(?:\w+:)?svg[\s>]", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|script|title)[\s>]", re.IGNORECASE)

_PLAIN = Sniffed(Kind.DOCUMENT, "text/plain", "text")
_UTF16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def sniff_text(head: bytes, size: int) -> Sniffed | None:
    """Name SVG, PostScript, HTML, XML, mail and plain text; None where the bytes are not text."""
    text = _as_text(head[:_LOOK])
    if text is None:
        return None
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("%!PS"):
        if "EPSF" in start[:64]:
            return Sniffed(Kind.PICTURE, "image/x-eps", "eps")
        return Sniffed(Kind.DOCUMENT, "application/postscript", "ps")
    if start.startswith("<"):
        if _SVG.search(start):
            return Sniffed(Kind.PICTURE, "image/svg+xml", "svg")
        if _HTML.search(start[:1024]):
            return Sniffed(Kind.DOCUMENT, "text/html", "html")
        if start.startswith("<?xml"):
            return Sniffed(Kind.DOCUMENT, "application/xml", "xml")
    if start.startswith("/* XPM */"):
        return Sniffed(Kind.PICTURE, "image/x-xpixmap", "xpm")
    return _PLAIN


def _as_text(head: bytes) -> str | None:
    codec = _UTF16_MARKS.get(head[:2])
    if codec is not None:
        text = head[2 : len(head) & ~1].decode(codec, "replace")
        return text if text and "\x00" not in text and text.count("\ufffd") <= 1 else None
    # PostScript may carry binary data after its first line, and is told by that line.
    if _BINARY.search(head) and not head.startswith(b"%!PS"):
        return None
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character cut by the end of the head is no fault of the text.
        if len(head) == _LOOK and error.start >= len(head) - 4:
            return head[: error.start].decode("utf-8")
    if head.startswith(b"%!PS"):
        return head.decode("latin-1")
    # Old 8-bit text (CP1252, ISCII, CP720 …): mostly ASCII, or line after line without a control character.
    high = sum(byte >= 0x80 for byte in head)
    if len(head) >= 32 and high * 4 < len(head):
        return head.decode("latin-1")
    return None
