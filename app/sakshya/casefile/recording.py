"""How a batch of findings becomes items, places, matches and unexamined lines.

Recording is idempotent and does not depend on order: an entry once read stays read, a content once decoded stays
decoded, and the same finding recorded twice changes nothing. The hot path: `executemany` on the driver's connection.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

from sakshya.casefile import looks, status
from sakshya.casefile.coding import category_columns, to_json, to_text
from sakshya.casefile.driver import CaseDatabase, Row
from sakshya.casefile.entries import INSIDE, READ, UNEXAMINED, add_members
from sakshya.casefile.unexamined_list import SCAN, insert
from sakshya.domain.item import EntryId, Finding, ItemId, Part, Status
from sakshya.domain.locator import Locator
from sakshya.domain.match import Basis, Match
from sakshya.domain.media import Kind, MediaReport, Mosaic
from sakshya.domain.unexamined import Of, Reason, Stage, Unexamined

_IN = "IN (SELECT value FROM json_each(?))"

# In `item.failed`: what is known of the content dates from before the known sets changed.
STALE = 2

# The columns after kind and mime of a content that nobody looked at: made once, because most of a disk is that.
_BLANK = (0, 0, None, to_json([None] * 5), None, None, None)

# What the case knows of an entry before a batch: its state, and the SHA-256 of the content found there.
Before = Mapping[EntryId, tuple[int, str | None]]


def record(db: CaseDatabase, findings: Sequence[Finding]) -> list[ItemId]:
    """Record findings inside the caller's transaction and return the items they concern, each once.

    Raises:
        KeyError: a finding names an entry that is not in the case.
    """
    before = _before(db, findings)
    looked = _record_looks(db, [one for one in findings if one.part is Part.LOOKED])
    fresh = _worth_recording([one for one in findings if one.part is not Part.LOOKED], before)
    read = [one for one in fresh if one.digests and before[one.entry][1] in (None, one.digests.sha256)]
    items, mosaics, told = _record_contents(db, read)
    new = [one for one in read if before[one.entry][0] != READ]
    _record_places(db, new, items)
    for one in new:
        _add_members(db, one, Again.YES if before[one.entry][1] else Again.NO)
    looks.queue(db, [one for one in new if one.part is Part.SETTLED], items)
    # What is new and matches nothing was given its status as it was inserted.
    record_matches(db, [(items[_sha256(one)], one.matches) for one in read if one.matches or _sha256(one) not in told])
    _record_mosaics(db, mosaics)
    _record_unexamined(db, fresh, before)
    return list(dict.fromkeys((*items.values(), *looked)))


def record_matches(db: CaseDatabase, matches: Sequence[tuple[ItemId, tuple[Match, ...]]]) -> None:
    """Add matches inside the caller's transaction; what becomes known or ignorable loses its mosaic."""
    db.executemany(
        "INSERT INTO match (item, set_id, set_name, set_version, kind, scheme, scheme_version, code,"
        " basis, algorithm, distance, threshold) VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
        [_match_row(item, match) for item, found in matches for match in found],
    )
    settled = [(item,) for item, found in matches if any(match.basis is Basis.EXACT for match in found)]
    db.executemany("DELETE FROM mosaic WHERE item = ?", settled)
    status.refresh(db, {item for item, _ in matches})


def _record_looks(db: CaseDatabase, findings: Sequence[Finding]) -> list[ItemId]:
    """Complete contents that were hashed before with what decoding them gave; a look told twice changes nothing."""
    waiting = looks.waiting_items(db, [one.entry for one in findings])
    seen: dict[ItemId, tuple[int, int]] = {}
    mosaics: dict[ItemId, Mosaic] = {}
    contents: list[Row] = []
    done: list[tuple[EntryId, ItemId, int]] = []
    for one in findings:
        if one.entry not in waiting:
            continue
        item, sha256, *now = waiting[one.entry]
        looked, failed = seen.get(item, (now[0], now[1]))
        if looked == 0 or (failed and not _failed(one)):
            contents.append((*_content_row(one)[2:], sha256))
            failed = int(_failed(one))
            if one.report and one.report.mosaic:
                mosaics[item] = one.report.mosaic
        _add_members(db, one, Again.YES)
        insert(db, ((line, one.entry) for line in one.unexamined), SCAN)
        looked = looks.APART if one.unexamined or one.members else looks.PLAIN
        done.append((one.entry, item, looked))
        seen[item] = looked, failed
    db.executemany(
        "UPDATE item SET failed = ?, partial = ?, problem = ?, facts = ?, exif = ?, fingerprints = ?, frames = ?"
        " WHERE sha256 = ?",
        contents,
    )
    looks.done(db, done)
    _record_mosaics(db, mosaics)
    status.refresh(db, seen)
    return list(seen)


class Again(Enum):
    """Whether a content may have been opened before, as where the known sets changed since."""

    YES = "yes"
    NO = "no"


def _add_members(db: CaseDatabase, one: Finding, again: Again) -> None:
    """Add what lies inside a content; what is there already from an earlier opening stays as it is."""
    members = one.members
    if members and again is Again.YES:
        rows = db.all(
            "SELECT locator FROM entry WHERE exhibit = (SELECT exhibit FROM entry WHERE id = ?) AND ordinal >= ?"
            f" AND locator {_IN}",
            (one.entry, INSIDE, to_json([str(member.locator) for member in members])),
        )
        there = {row[0] for row in rows}
        members = tuple(member for member in members if str(member.locator) not in there)
    if members:
        add_members(db, one.entry, members)


def _before(db: CaseDatabase, findings: Sequence[Finding]) -> Before:
    rows = db.all(
        f"SELECT entry.id, state, item.sha256 FROM entry LEFT JOIN item ON item.id = entry.item WHERE entry.id {_IN}",
        (to_json([one.entry for one in findings]),),
    )
    return {EntryId(entry): (state, sha256) for entry, state, sha256 in rows}


def _worth_recording(findings: Sequence[Finding], before: Before) -> list[Finding]:
    """Return one finding for each entry, without those that know less than the case does."""
    best: dict[EntryId, Finding] = {}
    for one in findings:
        state, _ = before[one.entry]
        known = best.get(one.entry)
        if one.digests is None and (state == READ or (known is not None and known.digests)):
            continue
        best[one.entry] = one
    return list(best.values())


def _record_contents(
    db: CaseDatabase, read: Sequence[Finding]
) -> tuple[dict[str, ItemId], dict[ItemId, Mosaic], frozenset[str]]:
    """Insert or complete contents; return their ids by SHA-256, the mosaics of those that were, and which are new."""
    best: dict[str, Finding] = {}
    for one in read:
        known = best.setdefault(_sha256(one), one)
        if _failed(known) and not _failed(one):
            best[_sha256(one)] = one
    there = _items(db, best)
    new = [one for sha256, one in best.items() if sha256 not in there]
    better = [one for sha256, one in best.items() if _improves(one, there.get(sha256, (0, 0))[1])]
    db.executemany(
        "INSERT INTO item (kind, mime, failed, partial, problem, facts, exif, fingerprints, frames,"
        " size, md5, sha1, sha256, status) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        [
            (*_content_row(one), one.size, one.digests.md5, one.digests.sha1, one.digests.sha256, _status_of(one))
            for one in new
            if one.digests
        ],
    )
    db.executemany(
        "UPDATE item SET kind = ?, mime = ?, failed = ?, partial = ?, problem = ?, facts = ?, exif = ?,"
        " fingerprints = ?, frames = ? WHERE sha256 = ?",
        [(*_content_row(one), _sha256(one)) for one in better],
    )
    there |= _items(db, [_sha256(one) for one in new]) if new else {}
    items = {sha256: ItemId(identity) for sha256, (identity, _) in there.items()}
    with_mosaic = {items[_sha256(one)]: one.report.mosaic for one in (*new, *better) if one.report}
    fresh = frozenset(_sha256(one) for one in new)
    return items, {item: mosaic for item, mosaic in with_mosaic.items() if mosaic}, fresh


def _status_of(one: Finding) -> str:
    """Return the status of a new content that nothing else is known of; matches change it later."""
    if _failed(one):
        return Status.UNEXAMINED.value
    return (Status.UNDECIDED if one.kind in (Kind.PICTURE, Kind.VIDEO) else Status.NOT_MEDIA).value


def _improves(one: Finding, failed: int) -> bool:
    """Tell whether a finding says more of a content than the case does, or the case asked for it anew."""
    return failed == STALE or (one.part is Part.WHOLE and bool(failed) and not _failed(one))


def _items(db: CaseDatabase, sha256s: Iterable[str]) -> dict[str, tuple[int, int]]:
    rows = db.all(f"SELECT sha256, id, failed FROM item WHERE sha256 {_IN} ORDER BY id", (to_json(list(sha256s)),))
    return {sha256: (identity, failed) for sha256, identity, failed in rows}


def _record_places(db: CaseDatabase, new: Sequence[Finding], items: Mapping[str, ItemId]) -> None:
    """Tie entries to their contents."""
    db.executemany(
        "UPDATE entry SET state = 1, item = ?, recovery = coalesce(?, recovery) WHERE id = ?",
        [(items[_sha256(one)], one.recovery, one.entry) for one in new],
    )
    places = Counter(items[_sha256(one)] for one in new)
    first: dict[ItemId, EntryId] = {}
    for one in new:
        item = items[_sha256(one)]
        first[item] = min(one.entry, first.get(item, one.entry))
    db.executemany(
        "UPDATE item SET places = places + ?, first_entry = min(coalesce(first_entry, ?), ?) WHERE id = ?",
        [(count, first[item], first[item], item) for item, count in places.items()],
    )


def _record_mosaics(db: CaseDatabase, mosaics: Mapping[ItemId, Mosaic]) -> None:
    """Keep the mosaics of items that no set settles."""
    if not mosaics:
        return
    settled = {
        row[0]
        for row in db.all(f"SELECT item FROM match WHERE basis = 'exact' AND item {_IN}", (to_json(list(mosaics)),))
    }
    db.executemany(
        "INSERT INTO mosaic (item, columns, rows, cells) VALUES (?,?,?,?) ON CONFLICT (item) DO UPDATE"
        " SET columns = excluded.columns, rows = excluded.rows, cells = excluded.cells",
        [(item, one.columns, one.rows, one.cells) for item, one in mosaics.items() if item not in settled],
    )


def _record_unexamined(db: CaseDatabase, fresh: Sequence[Finding], before: Before) -> None:
    """Replace what earlier looks at these entries gave up, and list where a second reading gave other bytes."""
    again = [(one.entry,) for one in fresh if before[one.entry][0] == UNEXAMINED]
    db.executemany("DELETE FROM unexamined WHERE entry = ? AND found = 'scan'", again)
    insert(db, ((line, one.entry) for one in fresh for line in one.unexamined), SCAN)
    contrary = [one for one in fresh if one.digests and before[one.entry][1] not in (None, one.digests.sha256)]
    insert(db, ((_contrary(db, one), one.entry) for one in contrary), SCAN)
    given_up = [one.entry for one in fresh if one.digests is None]
    db.executemany("UPDATE entry SET state = ? WHERE id = ?", [(UNEXAMINED, entry) for entry in given_up])
    _keep_first_reading(db, [entry for entry in given_up if before[entry][1]])


def _keep_first_reading(db: CaseDatabase, entries: Sequence[EntryId]) -> None:
    """Put entries back to the contents they were once found to hold: a disk that fails later unsays nothing."""
    db.executemany("UPDATE entry SET state = ? WHERE id = ?", [(READ, entry) for entry in entries])
    db.executemany(
        "UPDATE item SET failed = 1, places = places + 1, first_entry = min(coalesce(first_entry, ?), ?)"
        " WHERE id = (SELECT item FROM entry WHERE entry.id = ?)",
        [(entry, entry, entry) for entry in entries],
    )
    rows = db.all(f"SELECT DISTINCT item FROM entry WHERE id {_IN}", (to_json(list(entries)),))
    status.refresh(db, [row[0] for row in rows])


def _contrary(db: CaseDatabase, one: Finding) -> Unexamined:
    row = db.one(
        "SELECT exhibit.number, locator FROM entry JOIN exhibit ON exhibit.id = entry.exhibit WHERE entry.id = ?",
        (one.entry,),
    )
    number, locator = row if row else ("", "")
    detail = f"a second reading gave other bytes, SHA-256 {_sha256(one)}; the first reading stands"
    return Unexamined(number, Of.ENTRY, Stage.READ, Reason.READ_ERROR, detail, Locator.parse(locator), one.size)


def _content_row(one: Finding) -> Row:
    if one.report is None and not one.unexamined:
        return (one.kind.value, one.mime, *_BLANK)
    report = one.report or MediaReport()
    facts = report.facts
    fingerprints = [[f.algorithm, f.version, f.value, f.quality, f.decode] for f in report.fingerprints]
    frames = [[f.second, f.pdq, f.quality] for f in report.frames]
    gave_up = status.failure(one.unexamined)
    problem = report.problem or (status.failure_text(gave_up) if gave_up else None)
    return (
        one.kind.value,
        one.mime,
        int(_failed(one)),
        int(report.partial),
        None if problem is None else to_text(problem),
        to_json([facts.width, facts.height, facts.duration, facts.codec, facts.has_audio]),
        to_json(report.exif) if report.exif else None,
        to_json(fingerprints) if fingerprints else None,
        to_json(frames) if frames else None,
    )


def _failed(one: Finding) -> bool:
    """Tell whether nobody can see the content: a part that did decode can be looked at and decided on."""
    partly_seen = one.report is not None and one.report.partial
    return status.failure(one.unexamined) is not None and not partly_seen


def _match_row(item: ItemId, match: Match) -> Row:
    return (
        item,
        match.set_id,
        to_text(match.set_name),
        to_text(match.set_version),
        match.kind.value,
        *category_columns(match.category),
        match.basis.value,
        match.algorithm,
        match.distance,
        match.threshold,
    )


def _sha256(one: Finding) -> str:
    return one.digests.sha256 if one.digests else ""
