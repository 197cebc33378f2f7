"""How domain values are spelt in database columns, and back.

Text from a disk or a keyboard may hold lone surrogates, which SQLite cannot store: free text goes through
`names.show_name`, JSON is written in ASCII with escapes. Both come back exactly.
"""

import json
from typing import Any, assert_never

from sakshya.casefile.faults import CaseFault
from sakshya.domain.absent import Absent, NotApplicable, NotRecorded, Unparsable, Unreadable
from sakshya.domain.category import Category
from sakshya.domain.entry import Times
from sakshya.domain.moment import UTC_BASIS, Moment
from sakshya.domain.names import read_name, show_name

_ABSENT: dict[str, type[Unreadable | Unparsable | NotApplicable | NotRecorded]] = {
    "unreadable": Unreadable,
    "unparsable": Unparsable,
    "not applicable": NotApplicable,
    "not recorded": NotRecorded,
}
_ABSENT_NAMES = {kind: name for name, kind in _ABSENT.items()}
_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), check_circular=False).encode

# SQLite keeps 64-bit integers; a damaged file system can state more.
LARGEST = (1 << 63) - 1


def to_json(value: object) -> str:
    """Return compact ASCII JSON."""
    return _encode(value)


def from_json(text: str) -> Any:  # noqa: ANN401 - parsed at this edge by the caller
    """Return what `to_json` was given, tuples as lists."""
    return json.loads(text)


def to_text(text: str) -> str:
    """Return free text in the form a column can hold."""
    return show_name(text)


def from_text(text: str) -> str:
    """Return the free text that `to_text` was given."""
    return read_name(text)


def times_to_json(times: Times) -> str:
    """Return the four times as a JSON list in the order modified, accessed, changed, created."""
    return _encode([_time(one) for one in (times.modified, times.accessed, times.changed, times.created)])


def times_from_json(text: str) -> Times:
    """Return what `times_to_json` was given."""
    return Times(*(_read_time(one) for one in json.loads(text)))


def category_columns(category: Category | None) -> tuple[str | None, str | None, str | None]:
    """Return scheme, version and code: all three, or none.

    Raises:
        CaseFault: a part of the category is empty.
    """
    if category and not (category.scheme and category.version and category.code):
        raise CaseFault(f"{category} is no category", advice="a category is scheme, version and code")
    return (category.scheme, category.version, category.code) if category else (None, None, None)


def category_from(scheme: str | None, version: str | None, code: str | None) -> Category | None:
    """Return the category of three columns, None where they are empty."""
    return None if scheme is None or version is None or code is None else Category(scheme, version, code)


def parse_category(text: str) -> Category:
    """Return the category whose text form is `scheme@version:code`.

    Raises:
        ValueError: a part is missing; a bare code is not a category.
    """
    scheme, _, rest = text.partition("@")
    version, _, code = rest.rpartition(":")
    if not (scheme and version and code):
        raise ValueError(f"not a category: {text!r}")
    return Category(scheme, version, code)


def _time(value: Moment | Absent) -> str | list[str]:
    match value:
        case Moment():
            return value.value if value.basis == UTC_BASIS else [value.value, value.basis]
        case Unreadable() | Unparsable() | NotApplicable() | NotRecorded():
            return ["", _ABSENT_NAMES[type(value)], value.reason]
        case _:
            assert_never(value)


def _read_time(value: str | list[str]) -> Moment | Absent:
    if isinstance(value, str):
        return Moment(value, UTC_BASIS)
    if len(value) == 2:
        return Moment(value[0], value[1])
    return _ABSENT[value[1]](value[2])
