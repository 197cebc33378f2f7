"""NSRL RDS version 3 deltas: SQL text of one INSERT a line, read as data and never run."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sakshya.matching.importers.rows import Digest, Row, read_digest, read_size
from sakshya.matching.importers.source import ListFile

_NAMES = ("sha256", "sha1", "md5", "crc32", "file_name", "file_size", "package_id")
_INSERT = re.compile(
    r"\s*INSERT\s+(?:OR\s+\w+\s+)?INTO\s+[\"'`\[]?(\w+)[\"'`\]]?\s*(?:\(([^)]*)\))?\s*VALUES\s*\((.*)\)\s*;?\s*",
    re.IGNORECASE | re.DOTALL,
)
_TAKES_BACK = re.compile(r"\s*(?:DELETE|UPDATE|DROP|REPLACE)\b", re.IGNORECASE)
_LOOKED_AT = 8


@dataclass(frozen=True, slots=True)
class DeltaForm:
    """A delta: what an update adds to the release before it, and nothing of that release itself."""

    def __str__(self) -> str:
        return "NSRL RDS v3 delta (the additions alone)"


def looks_right(head: bytes) -> bool:
    """Tell whether one of the first lines inserts into FILE."""
    lines = head.decode("utf-8", "replace").splitlines()[:_LOOKED_AT]
    return any(re.match(r"\s*INSERT\s+INTO\s+\W?(?:FILE|METADATA)\b", line, re.IGNORECASE) for line in lines)


def read(source: ListFile) -> Iterator[Row]:
    """Yield a row for every line that adds a file; one that takes something back is a problem row, never obeyed."""
    for number, raw in source.lines():
        line = raw.decode("utf-8", "replace")
        insert = _INSERT.fullmatch(line)
        if insert is not None and insert[1].upper() in ("FILE", "METADATA"):
            yield _row(number, insert[2], insert[3])
        elif _TAKES_BACK.match(line):
            yield Row(number, (), problem="the line changes or removes earlier entries, which is not done here")


def _row(number: int, columns: str | None, values: str) -> Row:
    names = [one.strip(" \"'`[]").lower() for one in columns.split(",")] if columns else list(_NAMES)
    try:
        cells = next(csv.reader([values], quotechar="'", skipinitialspace=True, strict=True))
    except (csv.Error, StopIteration):
        return Row(number, (), problem="the values of the line cannot be read")
    table = dict(zip(names, cells, strict=False)) if len(names) == len(cells) else {}
    digests: list[Digest] = []
    problems: list[str] = [] if table else ["the line has another number of values than of columns"]
    for name in ("sha256", "sha1", "md5"):
        if not table.get(name) or table[name].upper() == "NULL":
            continue
        found = read_digest(table[name], name)
        if isinstance(found, str):
            problems.append(found)
        else:
            digests.append(found)
    if not digests and not problems:
        problems.append("the line has no hash")
    size = read_size(table.get("file_size") or table.get("bytes"))
    return Row(number, tuple(digests), size, "", "; ".join(problems))
