"""Distinct contents of a case: recorded in batches, found by filter, drawn as tiles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sakshya.casefile import item_reading, recording, tiles
from sakshya.casefile.driver import CaseDatabase
from sakshya.casefile.faults import CaseFault
from sakshya.casefile.item_filter import EVERYTHING, ItemFilter, Order, condition
from sakshya.domain.digests import Digests
from sakshya.domain.item import Finding, Item, ItemId, Status, Tile
from sakshya.domain.media import Kind

_PAGE = 500
_ORDERS = {
    Order.FOUND: "item.id",
    Order.PLACE: "item.first_entry, item.id",
    Order.SIZE: "item.size DESC, item.id",
    Order.SHA256: "item.sha256",
}


@dataclass(frozen=True, slots=True)
class Facets:
    """How many items of a filter have each status, kind, set (by id, exact matches) and exhibit (by number)."""

    status: dict[Status, int]
    kind: dict[Kind, int]
    set: dict[str, int]
    exhibit: dict[str, int]


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """Distinct contents by status; the six numbers add up to `total`."""

    total: int
    decided: int
    known: int
    ignorable: int
    unexamined: int
    undecided: int
    not_media: int


class Items:
    """The distinct contents of one case."""

    def __init__(self, db: CaseDatabase) -> None:
        self._db = db

    def record(self, findings: Sequence[Finding]) -> list[ItemId]:
        """Record what workers found, all of it or nothing, and return the items concerned, each once.

        A content seen before only gains a place and matches. A finding without digests marks its entry as unexamined.
        Recording the same finding again changes nothing.

        Raises:
            KeyError: a finding names an entry that is not in the case.
            DiskFullFault: the batch was not kept.
        """
        with self._db.transaction():
            return recording.record(self._db, findings)

    def get(self, item: ItemId | int | str) -> Item:
        """Return one item by its id or its SHA-256.

        Raises:
            OperatorFault: there is no such item in the case.
        """
        if isinstance(item, str):
            identity = self._db.number("SELECT id FROM item WHERE sha256 = ?", (ascii(item.lower())[1:-1],))
        else:
            identity = int(item)
        found = item_reading.load(self._db, [identity])
        if not found:
            raise CaseFault(f"there is no item {item} in this case", advice="give an item's number or its SHA-256")
        return found[0]

    def find(self, wanted: ItemFilter = EVERYTHING) -> Iterator[Item]:
        """Yield the items of a filter by id, a page at a time; recording meanwhile is allowed."""
        sql, bound = condition(wanted)
        last = 0
        while rows := self._db.all(
            f"SELECT item.id FROM item WHERE item.id > ? AND {sql} ORDER BY item.id LIMIT {_PAGE}", (last, *bound)
        ):
            last = rows[-1][0]
            yield from item_reading.load(self._db, [row[0] for row in rows])

    def ids(self, wanted: ItemFilter = EVERYTHING, order: Order = Order.FOUND) -> list[int]:
        """Return the ids of a filter's items, sorted."""
        sql, bound = condition(wanted)
        return self._db.column(f"SELECT item.id FROM item WHERE {sql} ORDER BY {_ORDERS[order]}", bound)

    def tiles(self, ids: Sequence[int]) -> list[Tile]:
        """Return the tiles of these items in the order asked for; known and ignorable ones have no cells."""
        return tiles.load(self._db, ids)

    def contents(self) -> Iterator[tuple[ItemId, Digests, int]]:
        """Yield id, digests and size in bytes of every content, for looking all of them up in a new set."""
        last = 0
        sql = "SELECT id, md5, sha1, sha256, size FROM item WHERE id > ? ORDER BY id LIMIT 2000"
        while rows := self._db.all(sql, (last,)):
            last = rows[-1][0]
            for identity, md5, sha1, sha256, size in rows:
                yield ItemId(identity), Digests(md5, sha1, sha256), size

    def facets(self, wanted: ItemFilter = EVERYTHING) -> Facets:
        """Return how the items of a filter divide by status, kind, set and exhibit."""
        sql, bound = condition(wanted)
        chosen = "" if sql == "1" else f" AND item IN (SELECT item.id FROM item WHERE {sql})"
        by_both = self._db.all(f"SELECT status, kind, count(*) FROM item WHERE {sql} GROUP BY status, kind", bound)
        sets = self._db.all(
            f"SELECT set_id, count(DISTINCT item) FROM match WHERE basis = 'exact'{chosen} GROUP BY set_id", bound
        )
        exhibits = self._db.all(
            "SELECT exhibit.number, n FROM exhibit JOIN (SELECT exhibit AS of, count(DISTINCT item) AS n FROM entry"
            f" WHERE item IS NOT NULL{chosen} GROUP BY exhibit) ON of = exhibit.id ORDER BY exhibit.id",
            bound,
        )
        return Facets(
            status={one: n for one in Status if (n := sum(row[2] for row in by_both if row[0] == one))},
            kind={one: n for one in Kind if (n := sum(row[2] for row in by_both if row[1] == one))},
            set=dict(sets),
            exhibit=dict(exhibits),
        )

    def counts(self) -> ItemCounts:
        """Return how many distinct contents have each status."""
        rows: dict[str, int] = dict(self._db.all("SELECT status, count(*) FROM item GROUP BY status"))
        return ItemCounts(
            total=sum(rows.values()),
            decided=rows.get(Status.DECIDED, 0),
            known=rows.get(Status.KNOWN, 0),
            ignorable=rows.get(Status.IGNORABLE, 0),
            unexamined=rows.get(Status.UNEXAMINED, 0),
            undecided=rows.get(Status.UNDECIDED, 0),
            not_media=rows.get(Status.NOT_MEDIA, 0),
        )
