"""One record of a list, whatever its format, and how a hash is read."""

from typing import NamedTuple

from sakshya.domain.digests import EMPTY

Digest = tuple[str, bytes]

_BY_LENGTH = {32: "md5", 40: "sha1", 64: "sha256"}
_NAMES = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256"}
_OTHERS = {8: "a CRC-32", 48: "a Tiger hash", 56: "a SHA-224", 96: "a SHA-384", 128: "a SHA-512 or Whirlpool hash"}
_EMPTY = frozenset(bytes.fromhex(value) for _, value in EMPTY.items())
# Sizes are kept in 8 bytes; a larger number is no size.
_LARGEST = (1 << 63) - 1


class Row(NamedTuple):
    """What one record of a list says.

    `number` is its line or record number from 1, `size` in bytes (0 where not stated), `code` empty where the record
    gives no verdict, `problem` why a part or all of it is not used. `photodna` and `other` count hashes that cannot be
    compared here.
    """

    number: int
    digests: tuple[Digest, ...]
    size: int = 0
    code: str = ""
    problem: str = ""
    photodna: int = 0
    other: int = 0


def read_digest(text: str, expected: str | None = None) -> Digest | str:
    """Return (algorithm, bytes) for hexadecimal text in either case, or the reason why it is none."""
    algorithm = _BY_LENGTH.get(len(text))
    if algorithm is not None and (expected is None or algorithm == expected):
        try:
            raw = bytes.fromhex(text)
        except ValueError:
            return "a character in the hash is not hexadecimal"
        # fromhex overlooks blanks inside the text.
        if 2 * len(raw) == len(text):
            return algorithm, raw
        return "a character in the hash is not hexadecimal"
    length = f"the hash is {len(text)} characters long"
    if expected is not None:
        wanted = next(size for size, name in _BY_LENGTH.items() if name == expected)
        return f"{length}; {_NAMES[expected]} has {wanted}"
    if len(text) in _OTHERS:
        return f"{length}, perhaps {_OTHERS[len(text)]}; only MD5 (32), SHA-1 (40) and SHA-256 (64) are compared"
    return f"{length}; MD5 has 32, SHA-1 40, SHA-256 64"


def is_empty_content(digest: Digest) -> bool:
    """Tell whether this is a digest of the empty file, which says nothing about any content."""
    return digest[1] in _EMPTY


def read_size(value: object) -> int:
    """Return a size in bytes from a number or its text, 0 where it states none."""
    if isinstance(value, str):
        text = value.strip()
        value = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST else 0


def read_code(value: object) -> str | None:
    """Return a code as text, empty for none; None where the value cannot be a code."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else None
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    return text if len(text) <= 100 and text.isprintable() else None
