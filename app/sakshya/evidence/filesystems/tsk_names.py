"""Names as they stand on the disk, where The Sleuth Kit has put `^` for what it would not print, or cut them."""

import re

import pytsk3

from sakshya.domain.names import decode_name
from sakshya.evidence.filesystems.signatures import Kind

# The library keeps no more than the first fifteen of a FAT name's records, thirteen UTF-16 units each; a name of
# characters beyond the basic plane is cut at half as many characters.
CUT_LENGTH = 15 * 13 // 2
_SURE = 60

_FILE_NAME = 48


def restored_name(file: pytsk3.File, raw: bytes, kind: Kind) -> str:
    """Return the name with its own characters where the disk still tells them; else as the library gives it."""
    shown = decode_name(raw)
    if kind is not Kind.NTFS:
        return shown
    try:
        for attribute in file:
            if int(attribute.info.type) == _FILE_NAME:
                content = file.read_random(0, min(int(attribute.info.size), 1024), _FILE_NAME, int(attribute.info.id))
                name: str = content[66 : 66 + 2 * content[64]].decode("utf-16-le", "surrogatepass")
                if is_same_name(name, shown):
                    return name
    except (OSError, RuntimeError, IndexError):
        return shown
    return shown


def is_same_name(name: str, shown: str) -> bool:
    """Tell whether `shown` can be `name` with marks in place of control characters and lone surrogates.

    The library puts one mark for a control character, one to three for a lone surrogate, and swallows the character
    behind a high one.
    """
    parts = re.split(r"(\^+)", shown)
    pattern = "".join(f".{{1,{2 * len(part)}}}" if part.startswith("^") else re.escape(part) for part in parts)
    return re.fullmatch(pattern, name, re.DOTALL) is not None


def begins_alike(name: str, shown: str) -> bool:
    """Tell whether `shown` can be `name` cut: what the library writes of the records behind the fifteenth is not it."""
    return is_same_name(name[:_SURE], shown[:_SURE])
