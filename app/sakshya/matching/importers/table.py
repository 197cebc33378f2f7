"""CSV and TSV lists: delimiter and heading found, columns chosen by number or heading."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sakshya.domain.faults import OperatorFault
from sakshya.matching.importers.rows import Row, read_code, read_digest, read_size
from sakshya.matching.importers.source import ListFile

Columns = Mapping[str, int | str]

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_HASHES = ("md5", "sha1", "sha256", "hash")
_HEADINGS = {
    "md5": ("md5", "md5hash", "hashmd5", "md5value"),
    "sha1": ("sha1", "sha1hash", "hashsha1"),
    "sha256": ("sha256", "sha256hash", "hashsha256"),
    # A column that names no algorithm: the length of each hash tells.
    "hash": ("hash", "hashvalue", "indicator"),
    # The exchange format of ThreatExchange states each hash's kind beside it.
    "type": ("type", "indicatortype"),
    "category": ("category", "cat", "classification"),
    "size": ("size", "filesize", "mediasize", "bytes"),
}
_KINDS = {
    "hashmd5": "md5",
    "hashsha1": "sha1",
    "hashsha256": "sha256",
    "md5": "md5",
    "sha1": "sha1",
    "sha256": "sha256",
}
_PHOTODNA = "photodna"
_LOOKED_AT = 30


@dataclass(frozen=True, slots=True)
class TableForm:
    """A table: `places` are (field, column from 0) pairs, `headed` whether the first row is a heading."""

    delimiter: str
    headed: bool
    places: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        used = ", ".join(f"{name} in column {place + 1}" for name, place in self.places if name in _HEADINGS)
        return f"table ({_DELIMITERS[self.delimiter]}-separated; {used})"


def detect(path: Path, head: bytes, columns: Columns) -> TableForm:
    """Return how the table is made, from its first rows and the chosen columns.

    Raises:
        OperatorFault: a chosen column does not exist, or none is chosen and no heading names a hash.
    """
    lines = [line for line in head.decode("utf-8", "replace").splitlines() if line.strip()][:_LOOKED_AT]
    delimiter = _delimiter(lines)
    rows = _parse(lines, delimiter)
    first = rows[0] if rows else []
    places = _chosen(path, first, columns) if columns else _named(first)
    if not any(name in _HASHES for name in places):
        raise OperatorFault(
            "no column of the table is known to hold hashes" if columns else "the list's format was not recognised",
            where=f"{path}, whose first row has {len(first)} columns" + _listed(first),
            advice="name the hash column, for example --columns md5=1,category=2",
        )
    headed = bool(first) and all(
        _is_heading(first[place]) for name, place in places.items() if name in _HASHES and place < len(first)
    )
    width = max(map(len, rows), default=0)
    for name, place in places.items():
        if place >= width:
            raise OperatorFault(
                f"{name} should be in column {place + 1}, but the table has {width}",
                where=str(path),
                advice="correct --columns; columns are counted from 1",
            )
    if headed and _PHOTODNA not in places:
        extra = {_key(title): place for place, title in enumerate(first)}
        if _PHOTODNA in extra:
            places[_PHOTODNA] = extra[_PHOTODNA]
    return TableForm(delimiter, headed, tuple(sorted(places.items())))


def read(source: ListFile, form: TableForm) -> Iterator[Row]:
    """Yield a row for every record but the heading and blank ones, numbered by the line on which it starts.

    A quoted field may run over several lines. One that is never closed is a problem row that names the lines it
    swallowed.
    """
    places = dict(form.places)
    reader = csv.reader(_text_lines(source), delimiter=form.delimiter, strict=True)
    heading_due = form.headed
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(number, (), problem=_csv_problem(number, reader.line_num, str(error)))
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if heading_due:
            heading_due = False
            continue
        yield _row(number, cells, places)


def _row(number: int, cells: list[str], places: Mapping[str, int]) -> Row:
    digests, problems = [], []
    other = 0
    for name in _HASHES:
        text = _cell(cells, places, name)
        if not text:
            continue
        algorithm = None if name == "hash" else name
        kind = _cell(cells, places, "type")
        if name == "hash" and kind:
            algorithm = _KINDS.get(_key(kind))
            if algorithm is None:
                # A PDQ hash is as long as a SHA-256: only its stated kind tells them apart.
                other += 1
                problems.append("hashes of the stated kind are not compared here")
                continue
        read = read_digest(text, algorithm)
        if isinstance(read, str):
            problems.append(_spoiled(text) or read)
        else:
            digests.append(read)
    code = read_code(_cell(cells, places, "category"))
    if code is None or _spoiled(code):
        code = ""
        problems.append("the category is not readable text")
    if not digests and not problems:
        problems.append("the row has no hash")
    photodna = 1 if _cell(cells, places, _PHOTODNA) else 0
    return Row(
        number, tuple(digests), read_size(_cell(cells, places, "size")), code, "; ".join(problems), photodna, other
    )


def _cell(cells: list[str], places: Mapping[str, int], name: str) -> str:
    place = places.get(name)
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _spoiled(text: str) -> str:
    """Tell whether bytes that are not UTF-8 lie in a cell; elsewhere in the row they do no harm."""
    return "not valid UTF-8" if any("\udc80" <= one <= "\udcff" for one in text) else ""


def _text_lines(source: ListFile) -> Iterator[str]:
    for _, line in source.lines():
        yield line.decode("utf-8", "surrogateescape") + "\n"


def _csv_problem(first: int, last: int, error: str) -> str:
    return f"lines {first} to {last} are one broken quoted row ({error})" if last > first else f"broken row ({error})"


def _delimiter(lines: list[str]) -> str:
    """Return the delimiter under which most rows have the same number of columns, and more than one."""

    def fit(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in _parse(lines, delimiter) if len(row) > 1]
        commonest = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        return widths.count(commonest), commonest

    return max(_DELIMITERS, key=fit)


def _parse(lines: list[str], delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for line in lines:
        try:
            rows.extend(csv.reader([line], delimiter=delimiter))
        except csv.Error:
            continue
    return rows


def _chosen(path: Path, first: list[str], columns: Columns) -> dict[str, int]:
    places = {}
    titles = {_key(title): place for place, title in reversed(list(enumerate(first)))}
    for name, column in columns.items():
        if isinstance(column, int):
            places[name] = column - 1
        elif _key(column) in titles:
            places[name] = titles[_key(column)]
        else:
            raise OperatorFault(
                f"the table has no column headed {column!r}",
                where=str(path) + _listed(first),
                advice="correct --columns or give the column's number",
            )
    return places


def _named(first: list[str]) -> dict[str, int]:
    titles = {_key(title): place for place, title in reversed(list(enumerate(first)))}
    named = {
        name: next((titles[one] for one in spellings if one in titles), -1) for name, spellings in _HEADINGS.items()
    }
    found = {name: place for name, place in named.items() if place >= 0}
    if any(name in found for name in ("md5", "sha1", "sha256")):
        found.pop("hash", None)
    if "hash" not in found or _key(first[found["hash"]]) != "indicator":
        # Elsewhere a column headed type is a file's.
        found.pop("type", None)
    return found


def _is_heading(cell: str) -> bool:
    """Tell a heading from a hash: it has a letter that no hash has."""
    return any(one not in "0123456789abcdefABCDEF" for one in cell.strip())


def _key(title: str) -> str:
    return "".join(one for one in title.casefold() if one.isalnum())


def _listed(first: list[str]) -> str:
    """Return the headings for a fault's text, but never a row of data."""
    titles = [title.strip() for title in first]
    if not titles or not all(len(title) < 32 and _is_heading(title) for title in titles):
        return ""
    return f" ({', '.join(titles)})"
