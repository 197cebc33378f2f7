"""How items are put together from their rows, many at a time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sakshya.casefile.coding import category_from, from_json, from_text, to_json
from sakshya.casefile.decisions import COLUMNS as DECISION_COLUMNS
from sakshya.casefile.decisions import decision_from
from sakshya.casefile.driver import CaseDatabase, Row
from sakshya.domain.decision import Decision
from sakshya.domain.digests import Digests
from sakshya.domain.entry import Recovery
from sakshya.domain.item import Item, ItemId, Status, Where
from sakshya.domain.locator import Locator
from sakshya.domain.match import Basis, Match, SetKind
from sakshya.domain.media import Fingerprint, Frame, Kind, MediaFacts, MediaReport

_IN = "IN (SELECT value FROM json_each(?))"
_BEST_FIRST = (Recovery.WHOLE, Recovery.CARVED, Recovery.PARTIAL, Recovery.OVERWRITTEN)


def load(db: CaseDatabase, ids: Sequence[int]) -> list[Item]:
    """Return these items in the order asked for, leaving out ids that are not in the case.

    The report of an item carries no mosaic: mosaics are drawn by the gallery alone and never exported.
    """
    wanted = (to_json(ids),)
    rows = db.all(
        "SELECT id, md5, sha1, sha256, size, kind, mime, status, partial, problem, facts, exif, fingerprints, frames"
        f" FROM item WHERE id {_IN}",
        wanted,
    )
    places, matches, decisions = _places(db, wanted), load_matches(db, ids), _decisions(db, wanted)
    found = {row[0]: _item(row, places[row[0]], matches[row[0]], decisions.get(row[0])) for row in rows}
    return [found[one] for one in ids if one in found]


def _places(db: CaseDatabase, wanted: Row) -> defaultdict[int, list[Where]]:
    places: defaultdict[int, list[Where]] = defaultdict(list)
    sql = f"SELECT item, locator, allocated, recovery FROM entry WHERE item {_IN} ORDER BY item, id"
    for item, locator, allocated, recovery in db.all(sql, wanted):
        kept = Recovery(recovery) if recovery else None
        places[item].append(Where(Locator.parse(locator), bool(allocated), kept))
    return places


def load_matches(db: CaseDatabase, ids: Sequence[int]) -> Mapping[int, list[Match]]:
    """Return the matches of these items; an item without any has an empty list."""
    matches: defaultdict[int, list[Match]] = defaultdict(list)
    rows = db.all(
        "SELECT item, set_id, set_name, set_version, kind, scheme, scheme_version, code, basis, algorithm, distance,"
        f" threshold FROM match WHERE item {_IN} ORDER BY item, basis, set_name, set_version, set_id, code, algorithm",
        (to_json(ids),),
    )
    for item, set_id, name, version, kind, scheme, scheme_version, code, basis, algorithm, distance, threshold in rows:
        category = category_from(scheme, scheme_version, code)
        matches[item].append(
            Match(
                set_id,
                from_text(name),
                from_text(version),
                SetKind(kind),
                category,
                Basis(basis),
                algorithm,
                distance,
                threshold,
            )
        )
    return matches


def _decisions(db: CaseDatabase, wanted: Row) -> dict[int, Decision]:
    sql = f"SELECT {DECISION_COLUMNS} FROM decision WHERE id IN (SELECT decision FROM item WHERE id {_IN})"
    return {one.item: one for one in map(decision_from, db.all(sql, wanted))}


def _item(row: Row, places: Sequence[Where], matches: Sequence[Match], decision: Decision | None) -> Item:
    identity, md5, sha1, sha256, size, kind, mime, status, partial, problem, *documents = row
    return Item(
        id=ItemId(identity),
        digests=Digests(md5, sha1, sha256),
        size=size,
        kind=Kind(kind),
        mime=mime,
        status=Status(status),
        report=_report(bool(partial), problem, documents),
        matches=tuple(matches),
        decision=decision,
        where=tuple(places),
        recovery=_recovery(places),
    )


def _report(partial: bool, problem: str | None, documents: Sequence[str | None]) -> MediaReport:
    facts, exif, fingerprints, frames = (from_json(text) if text else [] for text in documents)
    return MediaReport(
        facts=MediaFacts(*facts),
        exif=tuple((name, value) for name, value in exif),
        fingerprints=tuple(Fingerprint(*one) for one in fingerprints),
        frames=tuple(Frame(*one) for one in frames),
        partial=partial,
        problem=None if problem is None else from_text(problem),
    )


def _recovery(places: Iterable[Where]) -> Recovery | None:
    """Return how far the content can be trusted: by its best copy, None as soon as one copy is allocated."""
    kept = [place.recovery for place in places]
    if None in kept or not kept:
        return None
    return next(one for one in _BEST_FIRST if one in kept)
