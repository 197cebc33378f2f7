"""PDFs for tests: a paper of ours, and one that holds a picture."""

import struct
import zlib
from datetime import UTC, datetime
from functools import cache

import typst

from sakshya.report import blocks
from sakshya.report.heads import RESTRICTED
from sakshya.report.render import typeset

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def png(side: int = 24) -> bytes:
    """Return a small PNG of grey stripes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes((x * y * 7) % 256 for x in range(side)) for y in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 0)) + chunk(b"IEND", b"")


@cache
def paper_pdf() -> bytes:
    """Return a paper of one section."""
    words = ("title", "subtitle", "author", "practice_line", "running_title", "running_case", "page_of", "footing")
    head: dict[str, object] = dict.fromkeys((*words, "replaced_note"), "words")
    head |= {"keywords": [], "practice": False, "restricted": RESTRICTED}
    data = {"head": head, "sections": [blocks.section("Section", [blocks.text("BI (text) आशा علی")])]}
    return typeset("shared/report.typ", data, language="en", at=AT)


@cache
def with_picture() -> bytes:
    """Return a typeset page with a PNG on it."""
    numbers = ",".join(map(str, png()))
    page = f'#set document(title: "x")\n#image(bytes(({numbers},)), alt: "stripes")'
    return typst.compile(page.encode(), format="pdf")
