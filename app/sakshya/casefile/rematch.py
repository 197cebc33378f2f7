"""Looks contents read before up in the sets switched on now.

A content that a set newly settles, or no longer settles, is examined anew: what the case keeps of a known item is less
than of an unknown one, and a case must not depend on whether a set arrived before or after the scan.
"""

from collections.abc import Callable, Mapping
from itertools import islice

from sakshya.casefile import looks, status
from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.coding import from_json, to_json
from sakshya.casefile.driver import CaseDatabase
from sakshya.casefile.item_reading import load_matches
from sakshya.casefile.recording import STALE, record_matches
from sakshya.domain.digests import Digests
from sakshya.domain.item import ItemId
from sakshya.domain.match import Basis, Match

_NAME = "matched_with"
_PAGE = 2000


def matched_with(case: CaseFile) -> dict[str, str]:
    """Return the sets, id and digest, that every content of the case was last looked up in."""
    row = case.database().one("SELECT value FROM head WHERE name = ?", (_NAME,))
    sets: dict[str, str] = from_json(row[0]) if row else {}
    return sets


def match_again(case: CaseFile, lookup: Callable[[Digests, int], tuple[Match, ...]], sets: Mapping[str, str]) -> int:
    """Bring the matches of all contents up to date with `sets`; return how many answer otherwise than before."""
    db = case.database()
    changed: list[tuple[ItemId, tuple[Match, ...], bool]] = []
    contents = case.items.contents()
    while page := list(islice(contents, _PAGE)):
        matches = load_matches(db, [item for item, _, _ in page])
        for item, digests, size in page:
            now = lookup(digests, size)
            before = {one for one in matches[item] if one.basis is Basis.EXACT}
            if set(now) != before:
                changed.append((item, now, bool(now) != bool(before)))
    with case.transaction():
        db.executemany("DELETE FROM match WHERE item = ? AND basis = 'exact'", [(item,) for item, _, _ in changed])
        record_matches(db, [(item, now) for item, now, _ in changed])
        _examine_anew(db, [item for item, _, anew in changed if anew])
        status.refresh(db, [item for item, _, _ in changed])
        db.execute("INSERT OR REPLACE INTO head (name, value) VALUES (?, ?)", (_NAME, to_json(dict(sets))))
    return len(changed)


def _examine_anew(db: CaseDatabase, items: list[ItemId]) -> None:
    rows = [(item,) for item in items]
    looks.forget(db, items)
    entries = "entry IN (SELECT id FROM entry WHERE item = ?)"
    db.executemany(f"DELETE FROM unexamined WHERE {entries} AND found = 'scan'", rows)
    db.executemany("UPDATE entry SET state = 0 WHERE item = ?", rows)
    db.executemany("DELETE FROM mosaic WHERE item = ?", rows)
    db.executemany(f"UPDATE item SET failed = {STALE}, places = 0, first_entry = NULL WHERE id = ?", rows)
