"""Pictures in disguise: their first bytes, and their bytes written as characters."""

import base64
import re
from collections.abc import Iterator

# The longest run a paper of ours holds for good reason is a signature of 128 hex digits.
_HEX_RUN = re.compile(rb"(?<![0-9A-Fa-f])[0-9A-Fa-f]{160,}")
# No picture worth the name fits into 75 bytes, which are 100 characters; wrapped lines are mended before decoding.
_BASE64_RUN = re.compile(
    rb"(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/_-]{100,}|(?:[A-Za-z0-9+/_-]{30,}(?:\\[rn]|\s)+){2,}[A-Za-z0-9+/_-]+)"
)
_NUMBER_LIST = re.compile(rb"(?<![\d.-])(?:-?\d+(?:\.\d+)?[\s,;]+){48}")
_DRAWING = re.compile(
    rb"<(?:[a-z]+:)?(?:svg|img|video|picture|canvas|object|embed)\b|data:[a-z]+/[a-z0-9.+-]+[;,]", re.I
)
_PORTABLE_MAP = re.compile(rb"\s*P[1-7]\s+(?:#.*\s+)?\d+\s+\d+\s")


def refused_in_text(content: bytes) -> str:
    """Return why a text may not leave: it is no text, or characters in it spell a picture."""
    if not _is_text(content):
        return "the file is not plain text"
    if _DRAWING.search(content) or _PORTABLE_MAP.match(content):
        return "the text draws a picture"
    if _NUMBER_LIST.search(content):
        return "the text holds a list of numbers that could be picture cells"
    for hidden in _decoded_runs(content):
        if picture_kind(hidden) or _INSIDE.search(hidden):
            return f"characters in the text spell a {picture_kind(hidden) or 'picture'} file"
    return ""


def _is_text(content: bytes) -> bool:
    """Tell whether the bytes are UTF-8 without control characters other than line ends and tabs."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", content) is None


def picture_kind(head: bytes) -> str:
    """Return the short name of the picture or video format that begins like `head`, else an empty text."""
    for name, pattern in _SIGNATURES:
        if pattern.match(head):
            return name
    return ""


_SIGNATURES = tuple(
    (name, re.compile(pattern, re.DOTALL))
    for name, pattern in (
        ("JPEG", rb"\xff\xd8\xff[\xc0-\xfe]"),
        ("PNG", rb"\x89PNG\r\n\x1a\n"),
        ("GIF", rb"GIF8[79]a"),
        ("RIFF", rb"RIFF.{4}(?:WEBP|AVI )"),
        ("ISO media", rb"\0\0\0.(?:ftyp|moov|mdat|wide|free)|\0\0\0\x0c(?:jP  |JXL )"),
        ("TIFF", rb"II\*\0|MM\0\*|II\x2b\0\x08\0"),
        ("BMP", rb"BM.{4}\0\0\0\0.{2}\0\0[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0"),
        ("JPEG XL", rb"\xff\x0a[\x00-\xff]{3}"),
        ("JPEG 2000", rb"\xff\x4f\xff\x51"),
        ("Matroska", rb"\x1a\x45\xdf\xa3"),
        ("MPEG", rb"\0\0\x01[\xb3\xba]"),
        ("Windows Media", rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
        ("FLV", rb"FLV\x01"),
        ("icon", rb"\0\0[\x01\x02]\0[\x01-\x20]\0.{2}\0\0?[\0\x01]\0"),
        ("PSD", rb"8BPS\0"),
        ("Ogg", rb"OggS\0"),
    )
)


# Signatures long enough to be looked for anywhere in a run, whatever stands before them.
_INSIDE = re.compile(
    rb"\xff\xd8\xff[\xc0\xdb\xe0-\xef\xfe]|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF.{4}(?:WEBP|AVI )|\0\0\0.ftyp", re.DOTALL
)


def _decoded_runs(content: bytes) -> Iterator[bytes]:
    for match in _HEX_RUN.finditer(content):
        run = match.group()
        for skip in (0, 1):
            yield bytes.fromhex(run[skip : skip + (len(run) - skip) // 2 * 2].decode("ascii"))
    for match in _BASE64_RUN.finditer(content):
        run = re.sub(rb"\\[rn]|\s", b"", match.group()).translate(bytes.maketrans(b"-_", b"+/"))
        # The run may begin with characters that are not part of it, so that its groups of four are out of step.
        for skip in range(4):
            piece = run[skip:]
            yield base64.b64decode(piece[: len(piece) // 4 * 4])
