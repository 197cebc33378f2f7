"""From a few typed words to the items that are meant: by number, by the beginning of a digest, or by file name."""

import re

from sakshya.casefile.faults import CaseFault
from sakshya.casefile.item_filter import FIELDS, ItemFilter, parse_filter
from sakshya.casefile.items import Items
from sakshya.domain.item import ItemId

_NUMBER = re.compile(r"#?\s*([0-9]{1,15})")
_DIGEST = re.compile(r"[0-9a-f]{6,64}")
_STATED = re.compile(rf"(?:{'|'.join(FIELDS)})=", re.IGNORECASE)


def find(items: Items, words: str) -> list[int]:
    """Return the ids of the items that `words` mean, sorted; an empty list where there are none.

    A number (`1042` or `#1042`) is an item, if there is one of it. Six or more hexadecimal digits are the beginning of
    a SHA-256, SHA-1 or MD5. Anything is a part of a file name. A whole filter (`name=…`) is taken as one.

    Raises:
        OperatorFault: there is nothing to look for, or a filter is wrong.
    """
    text = words.strip()
    if not text or not text.isprintable():
        raise CaseFault("nothing to look for", advice="type an item number, six digits of a digest, or part of a name")
    if _STATED.match(text):
        return items.ids(parse_filter(text))
    number = _NUMBER.fullmatch(text)
    if number is not None:
        found = items.ids(ItemFilter(item=frozenset({ItemId(int(number[1]))})))
        if found or text.startswith("#"):
            return found
    found_by_name = items.ids(ItemFilter(name=frozenset({text})))
    if _DIGEST.fullmatch(text.lower()):
        return sorted({*found_by_name, *items.ids(ItemFilter(digest=frozenset({text.lower()})))})
    return found_by_name
