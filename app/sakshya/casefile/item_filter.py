"""Which items are meant: `field=value[,value]`, fields joined by spaces or `;`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sakshya.casefile.coding import parse_category
from sakshya.casefile.driver import Row
from sakshya.casefile.faults import CaseFault
from sakshya.casefile.file_names import folded
from sakshya.domain.category import Category
from sakshya.domain.digests import digest_algorithm
from sakshya.domain.item import ItemId, Status
from sakshya.domain.media import Kind

_BEGINNING = re.compile(r"[0-9a-f]{6,64}")
_FIELD = re.compile(r"(?:^|[;\s]+)(\w+)=")


class Order(StrEnum):
    """How items are sorted: as recorded, by where the first copy lies in the exhibits, by size, or by SHA-256."""

    FOUND = "found"
    PLACE = "place"
    SIZE = "size"
    SHA256 = "sha256"


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Items that agree with one value of every field that has any; an empty field asks for nothing.

    `set` holds ids or names of sets that match exactly. `category` is what a decision or an exact match states.
    `name` holds parts of file names, of which any copy's own name (not its folders) contains one. `digest` holds
    beginnings of a SHA-256, SHA-1 or MD5, six digits or more, in lower case.
    """

    status: frozenset[Status] = frozenset()
    kind: frozenset[Kind] = frozenset()
    set: frozenset[str] = frozenset()
    exhibit: frozenset[str] = frozenset()
    sha256: frozenset[str] = frozenset()
    item: frozenset[ItemId] = frozenset()
    category: frozenset[Category] = frozenset()
    name: frozenset[str] = frozenset()
    digest: frozenset[str] = frozenset()


EVERYTHING = ItemFilter()


def parse_filter(text: str) -> ItemFilter:
    """Return the filter a text states; an empty text means everything.

    Raises:
        OperatorFault: a field is unknown, has no value, or a value is not one the field can have.
    """
    parts = _FIELD.split(text.strip())
    if parts[0].strip("; \t\n"):
        raise CaseFault(f"not a filter: {parts[0].strip()}", advice="write field=value, such as status=undecided")
    chosen: dict[str, frozenset[object]] = {}
    for field, values in zip(parts[1::2], parts[2::2], strict=True):
        read = _READERS.get(field)
        if read is None:
            raise CaseFault(f"unknown filter field {field}", advice=f"known fields: {', '.join(_READERS)}")
        wanted = [value.strip() for value in values.strip("; \t\n").split(",")]
        chosen[field] = chosen.get(field, frozenset()) | {_read(field, value, read) for value in wanted}
    return ItemFilter(**chosen)  # type: ignore[arg-type]


def condition(wanted: ItemFilter) -> tuple[str, Row]:
    """Return the filter as an SQL condition over the table `item`, with its bound values."""
    terms: list[str] = []
    bound: list[object] = []
    for field, sql in _CONDITIONS.items():
        values = sorted(_columns(field, value) for value in getattr(wanted, field))
        if values:
            marks = ",".join(_MARKS.get(field, "?") for _ in values)
            terms.append(sql.replace("?*", marks))
            bound.extend([value for row in values for value in row] * sql.count("?*"))
    return " AND ".join(terms) or "1", tuple(bound)


def _columns(field: str, value: object) -> tuple[str, ...]:
    if field == "name":
        return (folded(str(value)),)
    return (value.scheme, value.version, value.code) if isinstance(value, Category) else (str(value),)


def _read(field: str, value: str, read: Callable[[str], object]) -> object:
    try:
        return read(value)
    except ValueError as error:
        raise CaseFault(f"{field}={value} is not possible", advice=_possible(field)) from error


def _possible(field: str) -> str:
    choices: dict[str, type[StrEnum]] = {"status": Status, "kind": Kind}
    if field in choices:
        return f"{field} is one of {', '.join(choices[field])}"
    return {
        "sha256": "give 64 hexadecimal digits",
        "item": "give the number of an item",
        "category": "give scheme@version:code; a code alone means nothing",
        "digest": "give the first 6 to 64 hexadecimal digits",
    }.get(field, "give a value")


def _sha256(text: str) -> str:
    if digest_algorithm(text.lower()) != "sha256":
        raise ValueError("not a SHA-256")
    return text.lower()


def _digest(text: str) -> str:
    if not _BEGINNING.fullmatch(text.lower()):
        raise ValueError("not the beginning of a digest")
    return text.lower()


def _item(text: str) -> ItemId:
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise ValueError("not an item number")
    return ItemId(int(text))


def _plain(text: str) -> str:
    if not text or not text.isprintable():
        raise ValueError("not a name")
    return text


_READERS: dict[str, Callable[[str], object]] = {
    "status": Status,
    "kind": Kind,
    "set": _plain,
    "exhibit": _plain,
    "sha256": _sha256,
    "item": _item,
    "category": parse_category,
    "name": _plain,
    "digest": _digest,
}
FIELDS = tuple(_READERS)
_MARKS = {"category": "(?,?,?)", "name": "(?)", "digest": "(?)"}

_STATED = "(scheme, scheme_version, code) IN (VALUES ?*)"
_CONDITIONS = {
    "status": "item.status IN (?*)",
    "kind": "item.kind IN (?*)",
    "set": "item.id IN (SELECT match.item FROM match WHERE basis = 'exact' AND set_id IN"
    " (SELECT known_set.id FROM known_set WHERE name IN (?*) UNION SELECT set_id FROM match WHERE set_id IN (?*)))",
    "exhibit": "item.id IN (SELECT entry.item FROM entry JOIN exhibit ON exhibit.id = entry.exhibit"
    " WHERE exhibit.number IN (?*))",
    "sha256": "item.sha256 IN (?*)",
    "item": "item.id IN (?*)",
    "category": f"(item.decision IN (SELECT decision.id FROM decision WHERE {_STATED})"
    f" OR item.id IN (SELECT match.item FROM match WHERE basis = 'exact' AND {_STATED}))",
    "name": "item.id IN (SELECT entry.item FROM entry JOIN (VALUES ?*) AS part ON name_holds(locator, part.column1))",
    "digest": "EXISTS (SELECT 1 FROM (VALUES ?*) AS part WHERE column1 IN (substr(item.sha256, 1, length(column1)),"
    " substr(item.sha1, 1, length(column1)), substr(item.md5, 1, length(column1))))",
}
