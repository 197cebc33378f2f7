"""The list of everything that was not read or not decoded, each once, with its reason."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from sakshya.casefile.coding import LARGEST, from_text, to_text
from sakshya.casefile.driver import CaseDatabase, Row
from sakshya.domain.item import EntryId
from sakshya.domain.locator import Locator
from sakshya.domain.unexamined import Of, Reason, Stage, Unexamined

_COLUMNS = "exhibit, of, stage, reason, detail, locator, bytes, retried"

_UNREAD = "entry.state = 0 AND entry.kind = 'file'"
_LEFT_BY_QUICK = "the last scan went quick: a standard scan reads it"

# Found while walking: stays. Found while scanning an entry: replaced when that entry is examined again.
# Found by the last verification: replaced by the next.
WALK, SCAN, VERIFICATION = "walk", "scan", "verify"


class UnexaminedList:
    """What one case did not examine."""

    def __init__(self, db: CaseDatabase) -> None:
        self._db = db

    def add(self, found: Sequence[Unexamined], entry: EntryId | None = None) -> None:
        """List things once; the same thing added again, as after a resume, stays one line."""
        with self._db.transaction():
            insert(self._db, ((one, entry) for one in found), WALK if entry is None else SCAN)

    def replace_damaged(self, number: str, found: Sequence[Unexamined]) -> None:
        """List what a verification of an exhibit found damaged, in place of what an earlier one did."""
        with self._db.transaction():
            self._db.execute("DELETE FROM unexamined WHERE exhibit = ? AND found = ?", (to_text(number), VERIFICATION))
            insert(self._db, ((one, None) for one in found), VERIFICATION)

    def reasons_at(self, number: str, reasons: Sequence[Reason]) -> Iterator[tuple[str, Reason]]:
        """Yield the text of the locator and the reason of each line of an exhibit that has one of these reasons."""
        marks = ",".join("?" * len(reasons))
        sql = f"SELECT locator, reason FROM unexamined WHERE exhibit = ? AND locator NOTNULL AND reason IN ({marks})"
        for locator, reason in self._db.stream(sql, (to_text(number), *reasons)):
            yield locator, Reason(reason)

    def all(self) -> Iterator[Unexamined]:
        """Yield every line by exhibit, in the order found; what a quick scan left unread comes last."""
        after = ("", 0)
        sql = f"SELECT id, {_COLUMNS} FROM unexamined WHERE (exhibit, id) > (?, ?) ORDER BY exhibit, id LIMIT 1000"
        while rows := self._db.all(sql, after):
            after = (rows[-1][1], rows[-1][0])
            for row in rows:
                yield _line(row[1:])
        yield from self._left_by_quick()

    def _left_by_quick(self) -> Iterator[Unexamined]:
        """Yield a line for each file that no scan has read, where the last one was to go quick.

        They are told from the entries themselves, so that a later scan has no million lines to take back.
        """
        if not self._is_quick():
            return
        after = 0
        sql = (
            "SELECT entry.id, number, locator, size FROM entry JOIN exhibit ON exhibit.id = entry.exhibit"
            f" WHERE entry.id > ? AND {_UNREAD} ORDER BY entry.id LIMIT 1000"
        )
        while rows := self._db.all(sql, (after,)):
            after = rows[-1][0]
            for _, number, locator, size in rows:
                where = Locator.parse(locator)
                yield Unexamined(number, Of.ENTRY, Stage.READ, Reason.NOT_REACHED, _LEFT_BY_QUICK, where, size)

    def _is_quick(self) -> bool:
        return bool(self._db.number("SELECT depth = 'quick' FROM scan ORDER BY id DESC LIMIT 1"))

    def _left(self) -> int:
        return self._db.number(f"SELECT count(*) FROM entry WHERE {_UNREAD}") if self._is_quick() else 0

    def counts(self) -> dict[Reason, int]:
        """Return how many lines there are for each reason that occurs."""
        rows = self._db.all("SELECT reason, count(*) FROM unexamined GROUP BY reason ORDER BY reason")
        counts = {Reason(reason): int(number) for reason, number in rows}
        if left := self._left():
            counts[Reason.NOT_REACHED] = counts.get(Reason.NOT_REACHED, 0) + left
        return counts

    def count(self) -> int:
        """Return how many lines there are."""
        return self._db.number("SELECT count(*) FROM unexamined") + self._left()


def insert(db: CaseDatabase, found: Iterable[tuple[Unexamined, EntryId | None]], when: str) -> None:
    """Add lines inside the caller's transaction; a line that is there already only learns that it was retried."""
    db.executemany(
        f"INSERT INTO unexamined (key, {_COLUMNS}, entry, found) VALUES (?,?,?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT (key) DO UPDATE SET retried = max(retried, excluded.retried),"
        " entry = coalesce(entry, excluded.entry)",
        (_row(one, entry, when) for one, entry in found),
    )


def _row(one: Unexamined, entry: EntryId | None, when: str) -> Row:
    locator = None if one.locator is None else str(one.locator)
    size = None if one.bytes is None else min(one.bytes, LARGEST)
    fields = (to_text(one.exhibit), one.of.value, one.stage.value, one.reason.value, to_text(one.detail), locator, size)
    key = hashlib.sha256(repr(fields).encode()).digest()[:16]
    return (key, *fields, int(one.retried), entry, when)


def _line(row: Row) -> Unexamined:
    exhibit, of, stage, reason, detail, locator, size, retried = row
    return Unexamined(
        exhibit=from_text(exhibit),
        of=Of(of),
        stage=Stage(stage),
        reason=Reason(reason),
        detail=from_text(detail),
        locator=None if locator is None else Locator.parse(locator),
        bytes=size,
        retried=bool(retried),
    )
