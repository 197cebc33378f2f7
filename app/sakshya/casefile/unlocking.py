"""Takes in what a key supplied later opened, beside what an earlier scan recorded."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.coding import to_json
from sakshya.casefile.driver import CaseDatabase, Row
from sakshya.casefile.entries import INSIDE, READ
from sakshya.casefile.exhibits import exhibit_id
from sakshya.domain.entry import ByteAccount, VolumeTable
from sakshya.domain.locator import Locator
from sakshya.domain.unexamined import Reason, Unexamined

_ENCRYPTED = (
    "SELECT entry FROM unexamined WHERE exhibit = :number AND reason = :reason AND found = 'scan' AND entry NOTNULL"
)
_MEMBERS = (
    "EXISTS (SELECT 1 FROM entry AS inner WHERE inner.exhibit = entry.exhibit AND inner.ordinal >= :inside"
    " AND substr(inner.locator, 1, length(entry.locator)) = entry.locator)"
)


class Unlocked:
    """Adds to an exhibit that was listed before; what the case has already stays as it is."""

    def __init__(self, case: CaseFile, number: str) -> None:
        self._case = case
        self._number = number
        db = case.database()
        rows = db.stream("SELECT locator FROM entry WHERE exhibit = ?", (exhibit_id(db, number),))
        self._known = {_mark(row[0]) for row in rows}
        self._ordinal = case.entries.walk_state(number).done
        table = case.entries.volumes(number)
        self._before = {_space(volume.offset, volume.layers) for volume in (table.volumes if table else ())}
        self.added = 0

    def add(self, rows: Sequence[Row]) -> None:
        """Add those of these entries, given as rows of the case, that are not in it."""
        fresh = [row for row in rows if _mark(row[0]) not in self._known]
        self._known.update(_mark(row[0]) for row in fresh)
        with self._case.transaction():
            self.added += self._case.entries.add_rows(self._number, self._ordinal, fresh)
        self._ordinal += len(fresh)

    def finish(self, table: VolumeTable, account: ByteAccount, lines: Sequence[Unexamined]) -> None:
        """Replace the lines about what was encrypted, and let such files be looked at again by the next scan."""
        case, db = self._case, self._case.database()
        named = {"number": self._number, "reason": Reason.ENCRYPTED.value}
        kept = [one for one in lines if one.reason is Reason.ENCRYPTED or self._is_new(one.locator)]
        with case.transaction():
            identity = exhibit_id(db, self._number)
            db.execute("UPDATE exhibit SET volumes = ? WHERE id = ?", (to_json(asdict(table)), identity))
            case.exhibits.record_account(self._number, account)
            db.execute("DELETE FROM unexamined WHERE exhibit = :number AND reason = :reason AND found = 'walk'", named)
            case.unexamined.add(kept)
            _look_again(db, named)

    def _is_new(self, locator: Locator | None) -> bool:
        return locator is not None and _space(locator.offset, locator.layers) not in self._before


def _space(offset: int, layers: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return offset, layers


def _mark(locator: str) -> bytes:
    """A million of these take a tenth of the memory of a million locators."""
    return hashlib.blake2b(locator.encode("utf-8", "surrogatepass"), digest_size=12).digest()


def _look_again(db: CaseDatabase, named: dict[str, str]) -> None:
    """Put encrypted files back among those to be examined, and archives whose very listing was encrypted."""
    found = f"(state = 2 OR (state = 1 AND NOT {_MEMBERS})) AND id IN ({_ENCRYPTED})"
    sql = f"SELECT id, state, item FROM entry WHERE {found}"
    for entry, state, item in db.execute(sql, {**named, "inside": INSIDE}).fetchall():
        db.execute("DELETE FROM unexamined WHERE entry = ? AND found = 'scan'", (entry,))
        db.execute("UPDATE entry SET state = 0 WHERE id = ?", (entry,))
        if state == READ:
            db.execute("UPDATE item SET places = places - 1 WHERE id = ?", (item,))
