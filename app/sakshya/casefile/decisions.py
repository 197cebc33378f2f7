"""What people decided: appended, never changed; an undo is a further line that takes earlier ones back."""

from collections.abc import Sequence
from datetime import datetime

from sakshya.casefile import status
from sakshya.casefile.coding import category_columns, category_from, from_text, to_json, to_text
from sakshya.casefile.driver import CaseDatabase, Row
from sakshya.casefile.faults import CaseFault
from sakshya.domain.category import Category
from sakshya.domain.decision import Decision
from sakshya.domain.item import ItemId
from sakshya.domain.moment import iso_utc

COLUMNS = "id, item, scheme, scheme_version, code, by, at, reason, replaces"
_INSERT = (
    "INSERT INTO decision (step, item, scheme, scheme_version, code, by, at, reason, replaces, undoes)"
    " VALUES (?,?,?,?,?,?,?,?,?,?)"
)


class Decisions:
    """The decisions of one case. One act of deciding, over however many items, is one step, and is undone as one."""

    def __init__(self, db: CaseDatabase) -> None:
        self._db = db

    def decide(
        self, items: Sequence[ItemId], category: Category, *, by: str, at: datetime, reason: str = ""
    ) -> list[Decision]:
        """Put items into a category as one step.

        Raises:
            OperatorFault: an item is not in the case, none is given, or the category lacks a part.
        """
        wanted = list(dict.fromkeys(items))
        with self._db.transaction():
            current = self._current_ids(wanted)
            step = self._next_step()
            scheme, version, code = category_columns(category)
            rows = [
                (step, item, scheme, version, code, to_text(by), iso_utc(at), to_text(reason), current[item], None)
                for item in wanted
            ]
            self._db.executemany(_INSERT, rows)
            made = self._of_step(step)
            self._db.executemany("UPDATE item SET decision = ? WHERE id = ?", [(one.id, one.item) for one in made])
            status.refresh(self._db, wanted)
        return made

    def undo(self, by: str, at: datetime) -> list[Decision]:
        """Take back the last step of this person that stands; return a line for each item, empty if none stands.

        Each item goes back to the decision it had before, unless somebody has decided it anew since.
        """
        with self._db.transaction():
            last = self._last_step(by)
            if last is None:
                return []
            step = self._next_step()
            taken_back = self._of_step(last)
            when = iso_utc(at)
            self._db.executemany(
                _INSERT,
                [(step, one.item, None, None, None, to_text(by), when, "", one.id, last) for one in taken_back],
            )
            current = self._current_ids([ItemId(one.item) for one in taken_back])
            self._db.executemany(
                "UPDATE item SET decision = ? WHERE id = ?",
                [(self._standing(one.replaces), one.item) for one in taken_back if current[one.item] == one.id],
            )
            status.refresh(self._db, [one.item for one in taken_back])
            return self._of_step(step)

    def all(self) -> list[Decision]:
        """Return every decision of the case, oldest first."""
        return [decision_from(row) for row in self._db.all(f"SELECT {COLUMNS} FROM decision ORDER BY id")]

    def _current_ids(self, items: Sequence[int]) -> dict[int, int | None]:
        rows = self._db.all(
            "SELECT id, decision FROM item WHERE id IN (SELECT value FROM json_each(?))", (to_json(items),)
        )
        current: dict[int, int | None] = dict(rows)
        if missing := [one for one in items if one not in current]:
            raise CaseFault(f"there is no item {missing[0]} in this case", advice="give numbers of items in the case")
        if not items:
            raise CaseFault("no item is chosen", advice="choose at least one")
        return current

    def _next_step(self) -> int:
        return self._db.number("SELECT max(step) FROM decision") + 1

    def _last_step(self, by: str) -> int | None:
        row = self._db.one(
            "SELECT step FROM decision WHERE by = ? AND undoes IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM decision AS undo WHERE undo.undoes = decision.step)"
            " ORDER BY step DESC LIMIT 1",
            (to_text(by),),
        )
        return int(row[0]) if row else None

    def _of_step(self, step: int) -> list[Decision]:
        return [
            decision_from(row)
            for row in self._db.all(f"SELECT {COLUMNS} FROM decision WHERE step = ? ORDER BY id", (step,))
        ]

    def _standing(self, decision: int | None) -> int | None:
        """Return the decision itself, or the nearest one before it that was not taken back."""
        while decision is not None:
            row = self._db.one(
                "SELECT replaces, EXISTS (SELECT 1 FROM decision AS undo WHERE undo.undoes = decision.step)"
                " FROM decision WHERE id = ?",
                (decision,),
            )
            if row is None or not row[1]:
                break
            decision = row[0]
        return decision


def decision_from(row: Row) -> Decision:
    """Return the decision of a row with `COLUMNS`."""
    identity, item, scheme, version, code, by, at, reason, replaces = row
    category = category_from(scheme, version, code)
    return Decision(identity, item, category, from_text(by), at, from_text(reason), replaces)
