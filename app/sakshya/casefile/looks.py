"""Contents that were hashed, that no set settles, and that are still to be decoded: a queue that outlives a stop.

A content is looked at once, however many places hold it, also places in exhibits attached later. Only where a look
says something of the place itself (it failed, or more lies inside), each place is looked at apart.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sakshya.casefile.coding import to_json
from sakshya.casefile.driver import CaseDatabase, Row
from sakshya.domain.digests import Digests
from sakshya.domain.entry import Recovery
from sakshya.domain.item import EntryId, Finding, ItemId

_IN = "IN (SELECT value FROM json_each(?))"
PLAIN, APART = 1, 2


@dataclass(frozen=True, slots=True)
class PendingLook:
    """One place of a content to decode; `text` is its locator's, `size` in bytes as it was read."""

    entry: EntryId
    item: ItemId
    text: str
    size: int
    digests: Digests
    recovery: Recovery | None


class Looks:
    """The queue of one case."""

    def __init__(self, db: CaseDatabase) -> None:
        self._db = db

    def amount(self) -> tuple[int, int]:
        """Return how many contents are still to be looked at, and their bytes."""
        row = self._db.one("SELECT count(*), total(size) FROM item WHERE id IN (SELECT item FROM look)")
        return (row[0], int(row[1])) if row else (0, 0)

    def waiting(self) -> Iterator[tuple[int, int, int]]:
        """Yield (entry, item, 1 where each place is looked at apart) in physical order, exhibit by exhibit."""
        sql = (
            "SELECT look.entry, look.item, item.looked = 2 FROM look JOIN entry ON entry.id = look.entry"
            " JOIN item ON item.id = look.item ORDER BY entry.exhibit, entry.first_byte, entry.id"
        )
        yield from self._db.stream(sql)

    def places_of(self, items: Sequence[int]) -> list[int]:
        """Return one waiting place for each of these items that is still to be looked at, in the order asked for."""
        rows: dict[int, int] = dict(
            self._db.all(f"SELECT item, min(entry) FROM look WHERE item {_IN} GROUP BY item", (to_json(items),))
        )
        return [rows[item] for item in items if item in rows]

    def get(self, entries: Sequence[int]) -> list[PendingLook]:
        """Return what is still waiting of these places, in the order asked for."""
        rows = self._db.all(
            "SELECT look.entry, look.item, entry.locator, item.size, entry.recovery, md5, sha1, sha256 FROM look"
            f" JOIN entry ON entry.id = look.entry JOIN item ON item.id = look.item WHERE look.entry {_IN}",
            (to_json(list(entries)),),
        )
        found = {row[0]: row for row in rows}
        return [_pending(found[one]) for one in entries if one in found]


def queue(db: CaseDatabase, settled: Sequence[Finding], items: Mapping[str, ItemId]) -> None:
    """Queue the places of contents not looked at yet, inside the caller's transaction."""
    rows = ((one.entry, items[one.digests.sha256]) for one in settled if one.digests)
    db.executemany(
        "INSERT OR IGNORE INTO look (entry, item) SELECT ?1, ?2 WHERE"
        f" (SELECT looked FROM item WHERE id = ?2) <> {PLAIN}",
        rows,
    )


def waiting_items(db: CaseDatabase, entries: Iterable[int]) -> dict[int, tuple[ItemId, str, int, int]]:
    """Return item, SHA-256, `looked` and `failed` of each of these places that is still queued."""
    rows = db.all(
        f"SELECT look.entry, item.id, sha256, looked, failed FROM look JOIN item ON item.id = item WHERE entry {_IN}",
        (to_json(list(entries)),),
    )
    return {entry: (ItemId(item), sha256, looked, failed) for entry, item, sha256, looked, failed in rows}


def done(db: CaseDatabase, seen: Sequence[tuple[EntryId, ItemId, int]]) -> None:
    """Take places from the queue, and with a plain look every other place of the same content."""
    db.executemany("UPDATE item SET looked = ? WHERE id = ?", [(looked, item) for _, item, looked in seen])
    db.executemany("DELETE FROM look WHERE item = ?", [(item,) for _, item, looked in seen if looked == PLAIN])
    db.executemany("DELETE FROM look WHERE entry = ?", [(entry,) for entry, _, looked in seen if looked != PLAIN])


def forget(db: CaseDatabase, items: Sequence[int]) -> None:
    """Take contents from the queue that are to be examined anew, inside the caller's transaction."""
    db.executemany("DELETE FROM look WHERE item = ?", [(item,) for item in items])
    db.executemany("UPDATE item SET looked = 0 WHERE id = ?", [(item,) for item in items])


def _pending(row: Row) -> PendingLook:
    entry, item, locator, size, recovery, md5, sha1, sha256 = row
    kept = Recovery(recovery) if recovery else None
    return PendingLook(EntryId(entry), ItemId(item), locator, size, Digests(md5, sha1, sha256), kept)
