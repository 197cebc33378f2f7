"""What the person who imports a list says about it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sakshya.domain.category import Scheme
from sakshya.domain.faults import OperatorFault
from sakshya.domain.match import SetKind

FIELDS = ("md5", "sha1", "sha256", "hash", "category", "size")
_PAIR = re.compile(r"\s*([^=]*?)\s*=\s*(.*?)\s*")


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """The answers an import needs.

    Args:
        name: the set's name; with the version it makes the set's id.
        version: the supplier's version of the list.
        kind: whether the list says "known" or "may be left out of view".
        scheme: what its codes mean, None where the list has none or only `code_labels` explain them.
        columns: for tables, which column (from 1, or its heading) holds md5, sha1, sha256, category, size, or a hash
            whose length tells its kind.
        code_labels: the meaning of codes that the scheme does not define, as the importing person states it.
        supplier: who supplied the list.
    """

    name: str
    version: str
    kind: SetKind
    scheme: Scheme | None = None
    columns: Mapping[str, int | str] = field(default_factory=dict)
    code_labels: Mapping[str, str] = field(default_factory=dict)
    supplier: str = ""

    def __post_init__(self) -> None:
        for name, column in self.columns.items():
            if name not in FIELDS:
                raise OperatorFault(f"{name!r} is not a column that can be read", advice=f"use {', '.join(FIELDS)}")
            if isinstance(column, int) and column < 1:
                raise OperatorFault(f"column {column} does not exist", advice="columns are counted from 1")
        for code, label in self.code_labels.items():
            if not label.strip():
                raise OperatorFault(f"code {code} has an empty meaning", advice="state what the supplier says it means")


def read_columns(text: str) -> dict[str, int | str]:
    """Return the columns that a text like `md5=2,category=5` or `md5=MD5 value` names.

    Raises:
        OperatorFault: the text is not of that form or names a column twice.
    """
    columns: dict[str, int | str] = {}
    for part in text.split(","):
        name, value = _pair(part, "--columns", "md5=2,category=5")
        name = name.lower()
        if name in columns:
            raise OperatorFault(f"--columns names {name} twice", advice="name each once")
        columns[name] = int(value) if value.isascii() and value.isdigit() else value
    return columns


def read_code_labels(texts: Sequence[str]) -> dict[str, str]:
    """Return the meanings that texts like `0=not relevant` state.

    Raises:
        OperatorFault: a text is not of that form or a code is named twice.
    """
    labels: dict[str, str] = {}
    for text in texts:
        code, label = _pair(text, "--code", "7='what the supplier says it means'")
        if code in labels:
            raise OperatorFault(f"--code names {code} twice", advice="give each code one meaning")
        labels[code] = label
    return labels


def _pair(text: str, option: str, example: str) -> tuple[str, str]:
    match = _PAIR.fullmatch(text)
    if match is None or not match[1] or not match[2]:
        raise OperatorFault(f"{option} {text!r} cannot be read", advice=f"write for example {option} {example}")
    return match[1], match[2]
