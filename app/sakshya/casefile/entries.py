"""Directory entries of the exhibits: added while walking, ticked off while scanning."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sakshya.casefile.coding import from_json, from_text, times_from_json, to_json
from sakshya.casefile.driver import CaseDatabase, Row
from sakshya.casefile.entry_rows import row_of
from sakshya.casefile.exhibits import exhibit_id
from sakshya.domain.entry import Entry, EntryKind, Recovery, Volume, VolumeTable
from sakshya.domain.item import EntryId
from sakshya.domain.locator import Locator, Run
from sakshya.domain.unexamined import Of, Reason

# Positions in the walk are below; what a full scan adds beside it, and what lies inside files, is counted from here.
DEEP, INSIDE = 1 << 40, 1 << 41
_WALKED, _DEEPENED = 1, 2

# States of a file entry: its content was not looked at yet, was read to its end, or is listed as unexamined.
PENDING, READ, UNEXAMINED = 0, 1, 2

_COLUMNS = "locator, filesystem, kind, size, allocated, recovery, first_byte, times, link_target, exact_size"


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """A file whose content was not examined yet; `text` is its locator's, `size` and `first_byte` in bytes."""

    id: EntryId
    text: str
    size: int
    first_byte: int | None
    recovery: Recovery | None

    @property
    def locator(self) -> Locator:
        """Where it lies; parsed when it is asked for, as most are only handed on."""
        return Locator.parse(self.text)


@dataclass(frozen=True, slots=True)
class WalkState:
    """How far an exhibit's tree is in the case: `done` entries from ordinal 0 on.

    `deepened` tells whether shadow copies and free space were gone through as well.
    """

    done: int
    finished: bool
    deepened: bool = False


@dataclass(frozen=True, slots=True)
class EntryCounts:
    """Directory entries by kind and by what became of them.

    Directories, links and virtual entries are read when they are listed. `entries` = `read` + `unexamined` once a
    scan is complete; until then `pending` is the rest.
    """

    entries: int
    files: int
    directories: int
    links: int
    virtual: int
    read: int
    unexamined: int

    @property
    def pending(self) -> int:
        """Files nobody has looked at yet."""
        return self.entries - self.read - self.unexamined


class Entries:
    """The directory entries of one case."""

    def __init__(self, db: CaseDatabase) -> None:
        self._db = db

    def add(self, exhibit_number: str, first_ordinal: int, entries: Sequence[Entry]) -> int:
        """Add entries in walking order; those whose ordinal is there already stay as they are. Return how many are new.

        Args:
            exhibit_number: the exhibit they lie in.
            first_ordinal: the position of the first of them in the walk, counted from 0.
            entries: consecutive entries of the walk.
        """
        return self.add_rows(exhibit_number, first_ordinal, [row_of(entry) for entry in entries])

    def add_rows(self, exhibit_number: str, first_ordinal: int, rows: Sequence[Row]) -> int:
        """Do as `add` does with what `entry_rows` made of the entries."""
        with self._db.transaction():
            exhibit = exhibit_id(self._db, exhibit_number)
            return self._db.executemany(
                f"INSERT INTO entry (exhibit, ordinal, {_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
                " ON CONFLICT (exhibit, ordinal) DO NOTHING",
                ((exhibit, ordinal, *row) for ordinal, row in enumerate(rows, first_ordinal)),
            )

    def walk_state(self, number: str) -> WalkState:
        """Return how many entries of the exhibit's walk are in the case, and whether it was finished."""
        exhibit = exhibit_id(self._db, number)
        done = self._db.number("SELECT max(ordinal) + 1 FROM entry WHERE exhibit = ? AND ordinal < ?", (exhibit, DEEP))
        walked = self._db.number("SELECT walked FROM exhibit WHERE id = ?", (exhibit,))
        return WalkState(done, walked >= _WALKED, walked >= _DEEPENED)

    def finish_walk(self, number: str, volumes: VolumeTable) -> None:
        """Record that every entry of the exhibit was added, and how the exhibit is divided."""
        with self._db.transaction():
            self._db.execute(
                "UPDATE exhibit SET walked = 1, volumes = ? WHERE id = ?",
                (to_json(asdict(volumes)), exhibit_id(self._db, number)),
            )

    def finish_deep(self, number: str) -> None:
        """Record that shadow copies and free space were gone through: they are no longer listed as left out."""
        with self._db.transaction():
            self._db.execute("UPDATE exhibit SET walked = ? WHERE id = ?", (_DEEPENED, exhibit_id(self._db, number)))
            self._db.execute(
                "DELETE FROM unexamined WHERE exhibit = ? AND found = 'walk'"
                " AND (reason = ? OR (reason = ? AND of = ?))",
                (number, Reason.NOT_CARVED.value, Reason.NOT_REACHED.value, Of.VOLUME.value),
            )

    def last_id(self) -> int:
        """Return the highest number of an entry, 0 where there is none."""
        return self._db.number("SELECT coalesce(max(id), 0) FROM entry")

    def volumes(self, number: str) -> VolumeTable | None:
        """Return how the exhibit is divided, None before its walk was finished."""
        row = self._db.one("SELECT volumes FROM exhibit WHERE id = ?", (exhibit_id(self._db, number),))
        return _volume_table(from_json(row[0])) if row and row[0] else None

    def pending(self, number: str) -> list[PendingEntry]:
        """Return the files not examined yet in physical order; `pending_pages` does the same in less memory."""
        return [entry for page in self.pending_pages(number) for entry in page]

    def pending_pages(
        self, number: str, page: int = 2000, *, after: int = 0, up_to: int | None = None
    ) -> Iterator[list[PendingEntry]]:
        """Yield the files not examined yet in physical order, a page at a time; recording between pages is allowed.

        Only entries whose number is above `after` and not above `up_to` are given.
        """
        exhibit, last = exhibit_id(self._db, number), (-1, 0)
        # Files without a first byte (resident or lost content) sort first, as NULL does in the index.
        where = f"exhibit = ? AND state = 0 AND kind = 'file' AND id > {after:d}"
        if up_to is not None:
            where += f" AND id <= {up_to:d}"
        steps = (
            (f"{where} AND first_byte IS NULL AND id > ?", lambda at: (at[1],)),
            (f"{where} AND (first_byte, id) > (?, ?)", lambda at: at),
        )
        for condition, bounds in steps:
            sql = f"SELECT id, locator, size, first_byte, recovery FROM entry WHERE {condition} ORDER BY first_byte, id"
            while rows := self._db.all(f"{sql} LIMIT {page}", (exhibit, *bounds(last))):
                last = (-1 if rows[-1][3] is None else rows[-1][3], rows[-1][0])
                yield [_pending(row) for row in rows]
            last = (-1, 0)

    def outline(self, number: str) -> Iterator[tuple[int, int, int]]:
        """Yield (id, size, first byte or -1) of every file of an exhibit not examined yet that is not empty."""
        yield from self._db.stream(
            "SELECT id, size, coalesce(first_byte, -1) FROM entry"
            " WHERE exhibit = ? AND state = 0 AND kind = 'file' AND size > 0",
            (exhibit_id(self._db, number),),
        )

    def described(self, number: str) -> Iterator[tuple[int, int, int, str, str, str]]:
        """Yield what `outline` does, with the text of the locator, the file system, and the modified time or ""."""
        sql = (
            "SELECT id, size, coalesce(first_byte, -1), locator, filesystem, times FROM entry"
            " WHERE exhibit = ? AND state = 0 AND kind = 'file' AND size > 0"
        )
        for identity, size, first, locator, filesystem, times in self._db.stream(sql, (exhibit_id(self._db, number),)):
            # The first of the four, told without decoding the others: this is read for every file of a disk.
            modified = times[2:12] if times.startswith('["') else times[3:13] if times.startswith('[["') else ""
            yield identity, size, first, locator, filesystem, modified if modified[:1].isdigit() else ""

    def chosen(self, ids: Sequence[int]) -> list[PendingEntry]:
        """Return those of these files that are still not examined, in the order asked for."""
        rows = self._db.all(
            "SELECT id, locator, size, first_byte, recovery FROM entry WHERE state = 0 AND kind = 'file'"
            " AND id IN (SELECT value FROM json_each(?))",
            (to_json([int(one) for one in ids]),),
        )
        found = {row[0]: row for row in rows}
        return [_pending(found[one]) for one in ids if one in found]

    def pending_amount(self, number: str) -> tuple[int, int]:
        """Return how many files were not examined yet, and their bytes as the file system states them."""
        row = self._db.one(
            # total() counts in floating point: sum() fails where a damaged file system states absurd sizes.
            "SELECT count(*), total(size) FROM entry WHERE exhibit = ? AND state = 0 AND kind = 'file'",
            (exhibit_id(self._db, number),),
        )
        return (row[0], int(row[1])) if row else (0, 0)

    def counts(self, number: str | None = None) -> EntryCounts:
        """Return the counts of one exhibit, or of the whole case."""
        where, bound = ("", ()) if number is None else (" WHERE exhibit = ?", (exhibit_id(self._db, number),))
        rows = self._db.all(f"SELECT kind, state, count(*) FROM entry{where} GROUP BY kind, state", bound)
        kinds = {kind: sum(n for name, _, n in rows if name == kind) for kind in EntryKind}
        files = EntryKind.FILE
        return EntryCounts(
            entries=sum(kinds.values()),
            files=kinds[files],
            directories=kinds[EntryKind.DIRECTORY],
            links=kinds[EntryKind.LINK],
            virtual=kinds[EntryKind.VIRTUAL],
            read=sum(n for name, state, n in rows if state == READ or (name != files and state == PENDING)),
            unexamined=sum(n for _, state, n in rows if state == UNEXAMINED),
        )

    def all(self, number: str) -> Iterator[tuple[EntryId, Entry]]:
        """Yield every entry of an exhibit in walking order."""
        exhibit, ordinal = exhibit_id(self._db, number), -1
        sql = f"SELECT ordinal, id, {_COLUMNS} FROM entry WHERE exhibit = ? AND ordinal > ? ORDER BY ordinal LIMIT 1000"
        while rows := self._db.all(sql, (exhibit, ordinal)):
            ordinal = rows[-1][0]
            for row in rows:
                yield EntryId(row[1]), _entry(row[2:])


def add_members(db: CaseDatabase, holder: EntryId, members: Sequence[Entry]) -> None:
    """Add what lies inside the file `holder`, inside the caller's transaction."""
    exhibit = db.number("SELECT exhibit FROM entry WHERE id = ?", (holder,))
    first = db.number("SELECT max(ordinal) + 1 FROM entry WHERE exhibit = ? AND ordinal >= ?", (exhibit, INSIDE))
    db.executemany(
        f"INSERT INTO entry (exhibit, ordinal, {_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        ((exhibit, ordinal, *row_of(one)) for ordinal, one in enumerate(members, max(first, INSIDE))),
    )


def _entry(row: Row) -> Entry:
    locator, filesystem, kind, size, allocated, recovery, first_byte, times, link_target, exact_size = row
    return Entry(
        locator=Locator.parse(locator),
        filesystem=filesystem,
        kind=EntryKind(kind),
        size=int(exact_size) if exact_size else size,
        allocated=bool(allocated),
        times=times_from_json(times),
        first_byte=first_byte,
        recovery=Recovery(recovery) if recovery else None,
        link_target=None if link_target is None else from_text(link_target),
    )


def _pending(row: Row) -> PendingEntry:
    identity, locator, size, first_byte, recovery = row
    kept = Recovery(recovery) if recovery else None
    return PendingEntry(EntryId(identity), locator, size, first_byte, kept)


def _volume_table(fields: dict[str, Any]) -> VolumeTable:
    fields |= {
        "volumes": tuple(Volume(**{**one, "layers": tuple(one.get("layers", ()))}) for one in fields["volumes"]),
        "gaps": tuple(Run(**one) for one in fields["gaps"]),
        "problems": tuple(fields["problems"]),
    }
    return VolumeTable(**fields)
