"""Names as they stand on the disk, where The Sleuth Kit has put `^` in place of what it would not print."""

import pytsk3

from sakshya.domain.names import decode_name
from sakshya.evidence.filesystems.signatures import Kind

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
    """Tell whether `shown` is `name` with marks in place of control characters and lone surrogates."""
    if name == shown:
        return True
    place = 0
    for character in name:
        code = ord(character)
        if place < len(shown) and shown[place] == character:
            place += 1
        elif code < 0x20 or 0xD800 <= code <= 0xDFFF:
            marks = 0
            while marks < 3 and place < len(shown) and shown[place] == "^":
                place, marks = place + 1, marks + 1
                if code < 0x20:
                    break
            if not marks:
                return False
        else:
            return False
    return place == len(shown)
