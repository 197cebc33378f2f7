"""CSV that a spreadsheet opens without doing anything else (RFC 4180, UTF-8)."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a whole CSV file; see `csv_line`."""
    return csv_line(columns) + b"".join(map(csv_line, rows))


def csv_line(cells: Sequence[str]) -> bytes:
    """Return one line. A cell a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([_inert(cell) for cell in cells])
    return out.getvalue().encode("utf-8", "backslashreplace")


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
