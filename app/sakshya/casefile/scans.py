"""Runs of the scan over a case."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sakshya.casefile.coding import from_json, from_text, to_json, to_text
from sakshya.casefile.driver import CaseDatabase, Row
from sakshya.domain.moment import iso_utc

_COLUMNS = "id, depth, by, begun_at, summary"


class Scans:
    """The scans of one case."""

    def __init__(self, db: CaseDatabase) -> None:
        self._db = db

    def begin(self, depth: str, at: datetime, by: str) -> int:
        """Record that a scan starts and return its number."""
        with self._db.transaction():
            row = {"depth": depth, "by": to_text(by), "begun_at": iso_utc(at)}
            return self._db.table("scan").insert(row).last_rowid or 0

    def finish(self, scan: int, summary: Mapping[str, object]) -> None:
        """Record what a scan ended with."""
        with self._db.transaction():
            self._db.execute("UPDATE scan SET summary = ? WHERE id = ?", (to_json(dict(summary)), scan))

    def last(self) -> dict[str, Any] | None:
        """Return the summary of the last finished scan, with its `id`, `depth`, `by` and `begun_at`."""
        row = self._db.one(f"SELECT {_COLUMNS} FROM scan WHERE summary IS NOT NULL ORDER BY id DESC LIMIT 1")
        return _scan(row) if row else None

    def unfinished(self) -> dict[str, Any] | None:
        """Return `id`, `depth`, `by` and `begun_at` of the last scan where it was not finished, else None."""
        row = self._db.one(f"SELECT {_COLUMNS} FROM scan ORDER BY id DESC LIMIT 1")
        return _scan(row) if row and row[4] is None else None


def _scan(row: Row) -> dict[str, Any]:
    identity, depth, by, begun_at, summary = row
    own = {"id": identity, "depth": depth, "by": from_text(by), "begun_at": begun_at}
    return {**(from_json(summary) if summary else {}), **own}
