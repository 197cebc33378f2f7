"""Which characters the shipped fonts can draw, and a visible form for those they cannot.

A PDF/UA file may hold no character without a glyph, so text is made printable before it is typeset: nothing is
dropped, every replacement can be read back and is stated on the paper.
"""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sakshya.domain.names import show_name
from sakshya.shipped import fonts


@cache
def covered() -> frozenset[int]:
    """Return every code point that at least one shipped regular font has a glyph for."""
    found: set[int] = set()
    for path in sorted(fonts().glob("*-Regular.ttf")):
        found.update(_code_points(path))
    return frozenset(found)


def printable(text: str) -> str:
    r"""Return `text` with every character that cannot be typeset in visible form.

    Control characters, lone surrogates and bytes that are no Unicode come out as `\x0B`, `\uD800` and `\xFF`; a
    character no shipped font has as `[U+1F600]`. Line feeds stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_printable, text))


def lacks_glyph(text: str) -> bool:
    """Tell whether `printable` would have to write a code point in brackets."""
    return any(_is_bare(character) for character in text)


def _printable(character: str) -> str:
    if character == "\n" or " " <= character <= "~":
        return character
    shown = show_name(character)
    if shown != character:
        return shown
    return f"[U+{ord(character):04X}]" if _is_bare(character) else character


def _is_bare(character: str) -> bool:
    return character != "\n" and show_name(character) == character and ord(character) not in covered()


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
