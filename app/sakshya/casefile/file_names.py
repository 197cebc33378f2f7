"""The name of a file in the text form of its locator, and whether it holds what somebody looks for.

Works on the text, not on a `Locator`: a case has millions of them, and parsing each takes too long.
"""

import unicodedata

from sakshya.domain.names import read_name, show_name

_PATH, _STREAM, _INSIDE = 3, 4, 6


def file_name(locator: str) -> str:
    """Return the last part of a locator's path in printable form, and its stream where it has one.

    What lies inside a file has its own name there.
    """
    fields = locator.split("|")
    if len(fields) > _INSIDE:
        return _readable(fields[-1].partition(":")[2].rpartition("/")[2])
    path = fields[_PATH] if len(fields) > _PATH else ""
    name = _readable(path.rpartition("/")[2] or path)
    return f"{name}:{_readable(fields[_STREAM])}" if len(fields) > _STREAM and fields[_STREAM] else name


def folded(text: str) -> str:
    """Return a text in the form in which names are compared: no difference of case or of composition.

    HFS+ writes accents and vowel signs as characters of their own, and a keyboard does not.
    """
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).casefold()


def name_holds(locator: str, part: str) -> bool:
    """Tell whether the name of the file at a locator contains a part that `folded` returned."""
    return part in folded(file_name(locator))


def _readable(field: str) -> str:
    # A locator spells `|` as an escape of its own; on the screen only what is not plain text stays escaped.
    return show_name(read_name(field)) if "\\" in field else field
