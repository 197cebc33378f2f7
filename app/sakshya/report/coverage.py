"""Which characters the shipped fonts can draw, and a visible form for those they cannot.

A PDF/UA file may hold no character without a glyph, so text is made printable before it is typeset: nothing is
dropped, every replacement can be read back and is stated on the paper.
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sakshya.domain.names import show_name
from sakshya.shipped import fonts

# PDF/A-2 allows neither byte order marks nor characters for private use (ISO 19005-2, 6.2.11.7).
_DISALLOWED = frozenset((0, 0xFEFF, 0xFFFE, 0xFFFF, *range(0xE000, 0xF900)))


@cache
def coverage() -> tuple[frozenset[int], ...]:
    """Return, for each shipped regular font, the code points it has a glyph for."""
    return tuple(frozenset(_code_points(path)) - _DISALLOWED for path in sorted(fonts().glob("*-Regular.ttf")))


def printable(text: str) -> str:
    r"""Return `text` with every character that cannot be typeset in visible form.

    Control characters, lone surrogates and bytes that are no Unicode come out as `\x0B`, `\uD800` and `\xFF`; a
    character no shipped font has, or a mark that the font of its letter does not have, as `[U+1F600]`. Line feeds stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(shown for shown, _ in _pieces(text))


def lacks_glyph(text: str) -> bool:
    """Tell whether `printable` would have to write a code point in brackets."""
    return not text.isascii() and any(is_bare for _, is_bare in _pieces(text))


def code_point(character: str) -> str:
    """Return the visible form of a character: `[U+1F600]`."""
    return f"[U+{ord(character):04X}]"


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each character's visible form, and whether that is a code point in brackets."""
    # One font must have a letter and all the marks on it.
    able = _fonts_with(" ")
    for character in text:
        shown = character if character == "\n" else show_name(character)
        if character == "\\" or shown == character:
            fonts_with = _fonts_with(character) if character != "\n" else able
            if unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf"):
                fonts_with &= able
            if fonts_with:
                able = fonts_with
                yield character, False
                continue
            shown = code_point(character)
        able = _fonts_with("]")
        yield shown, shown == code_point(character)


@cache
def _fonts_with(character: str) -> frozenset[int]:
    return frozenset(number for number, points in enumerate(coverage()) if ord(character) in points)


def _code_points(path: Path) -> Iterator[int]:
    """Read the `cmap` table (OpenType 1.9), formats 4 and 12."""
    data = path.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * n) for n in range(tables))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (subtables,) = struct.unpack_from(">H", data, start + 2)
    for n in range(subtables):
        _, _, offset = struct.unpack_from(">HHI", data, start + 4 + 8 * n)
        at = start + offset
        (layout,) = struct.unpack_from(">H", data, at)
        if layout == 4:
            yield from _format_4(data, at)
        elif layout == 12:
            yield from _format_12(data, at)


def _format_4(data: bytes, at: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", data, at + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", data, at + 16 + 2 * doubled)
    ranges_at = at + 16 + 3 * doubled
    ranges = struct.unpack_from(f">{count}H", data, ranges_at)
    for n, (first, last, delta, jump) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            if jump == 0:
                glyph = (code + delta) & 0xFFFF
            else:
                (glyph,) = struct.unpack_from(">H", data, ranges_at + 2 * n + jump + 2 * (code - first))
            if glyph:
                yield code


def _format_12(data: bytes, at: int) -> Iterator[int]:
    (groups,) = struct.unpack_from(">I", data, at + 12)
    for n in range(groups):
        first, last, glyph = struct.unpack_from(">III", data, at + 16 + 12 * n)
        yield from range(first if glyph else first + 1, last + 1)
