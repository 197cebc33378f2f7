"""Which known-hash sets were used on a case: id, version and digest. The sets themselves live beside cases."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sakshya.casefile.coding import from_json, to_json, to_text
from sakshya.casefile.driver import CaseDatabase
from sakshya.domain.match import KnownSet, SetKind
from sakshya.domain.moment import iso_utc


class SetRecords:
    """The sets used on one case."""

    def __init__(self, db: CaseDatabase) -> None:
        self._db = db

    def record(self, used: KnownSet, used_at: datetime) -> None:
        """Remember that a set was used; the first use of each state of it counts."""
        row = {
            "id": to_text(used.id),
            "digest": used.digest,
            "name": to_text(used.name),
            "used_at": iso_utc(used_at),
            "data": to_json(asdict(used)),
        }
        with self._db.transaction():
            self._db.table("known_set").insert(row, ignore=True)

    def all(self) -> list[KnownSet]:
        """Return every set used, in the order of first use."""
        return [_known_set(from_json(row[0])) for row in self._db.all("SELECT data FROM known_set ORDER BY rowid")]


def _known_set(fields: dict[str, Any]) -> KnownSet:
    fields |= {
        "kind": SetKind(fields["kind"]),
        "algorithms": tuple((name, number) for name, number in fields["algorithms"]),
    }
    return KnownSet(**fields)
