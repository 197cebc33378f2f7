r"""Names from a disk, shown and exported in one reversible form.

A name that is valid Unicode passes unharmed. A byte that is not valid UTF-8 becomes `\xFF`, a lone surrogate
`\uD800`, a control character `\x0A`, and a backslash is doubled, so that the original comes back exactly.
"""

import re

_ESCAPE = re.compile(r"\\(\\|x[0-9A-F]{2}|u[0-9A-F]{4})")
_BYTE_CARRIER = re.compile("[\udc80-\udcff]")
# C0, C1, line and paragraph separators, and the bidirectional controls that can make a name read as another.
_CONTROLS = frozenset(
    [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


def decode_name(raw: bytes) -> str:
    """Return the name with invalid bytes carried as surrogate escapes (PEP 383), so that nothing is lost.

    Lone surrogates encoded in the WTF-8 way, as NTFS names arrive, become lone surrogates in the result, but for
    U+DC80 to U+DCFF, which PEP 383 has taken for bytes.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        name = raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "surrogateescape") if _BYTE_CARRIER.search(name) else name


def encode_name(name: str) -> bytes:
    """Return the bytes `decode_name` was given."""
    try:
        return name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogatepass")


def show_name(name: str) -> str:
    """Return the name in printable, reversible form; valid names without backslash come back as they are."""
    # Controls and surrogates are never printable, so that the common name costs one test.
    if name.isprintable() and "\\" not in name:
        return name
    return "".join(map(_show_character, name))


def read_name(shown: str) -> str:
    """Return the name that `show_name` was given.

    Raises:
        ValueError: an escape is not one that `show_name` writes.
    """
    if "\\" not in shown:
        return shown
    rest = _ESCAPE.sub("", shown)
    if "\\" in rest:
        raise ValueError(f"unknown escape in name: {shown!r}")
    return _ESCAPE.sub(_read_escape, shown)


def _show_character(character: str) -> str:
    code = ord(character)
    if character == "\\":
        return "\\\\"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02X}"
    if 0xD800 <= code <= 0xDFFF or (code > 0xFF and code in _CONTROLS):
        return f"\\u{code:04X}"
    if code in _CONTROLS:
        # A C1 control is two bytes of valid UTF-8, so \x would read back as an invalid byte.
        return f"\\u{code:04X}" if code > 0x7F else f"\\x{code:02X}"
    return character


def _read_escape(match: re.Match[str]) -> str:
    body = match.group(1)
    if body == "\\":
        return "\\"
    code = int(body[1:], 16)
    if body[0] == "x":
        return chr(code) if code < 0x80 else chr(0xDC00 + code)
    return chr(code)
