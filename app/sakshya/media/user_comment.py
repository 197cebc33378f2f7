"""The EXIF user comment, which names its own character set in its first eight bytes."""

from typing import BinaryIO

from sakshya.media.limits import EXIF_TEXT, IFD_ENTRIES
from sakshya.media.streams import read_at
from sakshya.media.tiff_tags import Order, Tag, byte_order, read_directory

_EXIF_DIRECTORY, _USER_COMMENT = 0x8769, 0x9286


def user_comment(block: BinaryIO) -> str | None:
    """Return the comment as text, None where there is none or it is blank."""
    head = read_at(block, 0, 8)
    order = byte_order(head)
    if order is None or len(head) < 8:
        return None
    pointer = _find(block, int.from_bytes(head[4:8], order), _EXIF_DIRECTORY, order)
    tag = _find(block, pointer.number_value, _USER_COMMENT, order) if pointer else None
    if tag is None or tag.count <= 8:
        return None
    raw = read_at(block, tag.offset, min(tag.count, 8 + EXIF_TEXT * 4))
    return _decode(raw[:8], raw[8:], order).replace("\x00", " ").strip() or None


def _find(block: BinaryIO, at: int, number: int, order: Order) -> Tag | None:
    directory = read_at(block, at, 2 + 12 * IFD_ENTRIES)
    # Read as if it stood at offset 8; the values are looked up in the block itself.
    return next((tag for tag in read_directory(bytes(8) + directory, 8, order) if tag.number == number), None)


def _decode(code: bytes, body: bytes, order: Order) -> str:
    if code.startswith(b"UNICODE"):
        # The standard leaves the byte order open; most writers follow the TIFF, some always write one of the two.
        even = body[: len(body) & ~1]
        text = even.decode("utf-16-le" if order == "little" else "utf-16-be", "replace")
        other = even.decode("utf-16-be" if order == "little" else "utf-16-le", "replace")
        return text if _ascii_share(text) >= _ascii_share(other) else other
    if code.startswith(b"JIS"):
        return body.decode("iso2022_jp", "replace")
    return body.decode("utf-8", "replace")


def _ascii_share(text: str) -> int:
    return sum(character < "\x80" for character in text)
