"""What the gallery draws, a window of items at a time, in one query."""

from collections.abc import Sequence

from sakshya.casefile.coding import to_json
from sakshya.casefile.driver import CaseDatabase, Row
from sakshya.casefile.file_names import file_name
from sakshya.domain.item import ItemId, Status, Tile
from sakshya.domain.media import Kind

_SQL = """
SELECT item.id, item.status, item.kind, item.size, item.partial, item.places, item.problem,
    mosaic.columns, mosaic.rows, mosaic.cells,
    (SELECT locator FROM entry WHERE entry.id = item.first_entry),
    (SELECT set_name || ' ' || set_version
        || coalesce(', ' || scheme || '@' || scheme_version || ':' || code, '')
        FROM match WHERE match.item = item.id AND basis = 'exact'
        ORDER BY match.kind DESC, set_name, set_version, code LIMIT 1),
    (SELECT scheme || '@' || scheme_version || ':' || code FROM decision WHERE decision.id = item.decision)
FROM json_each(?) AS wanted
JOIN item ON item.id = wanted.value
LEFT JOIN mosaic ON mosaic.item = item.id AND item.status NOT IN ('known', 'ignorable')
ORDER BY wanted.key
"""


def load(db: CaseDatabase, ids: Sequence[int]) -> list[Tile]:
    """Return the tiles of these items in the order asked for, leaving out ids that are not in the case."""
    return [_tile(row) for row in db.all(_SQL, (to_json(ids),))]


def _tile(row: Row) -> Tile:
    identity, status, kind, size, partial, places, problem, columns, rows, cells, locator, answer, category = row
    return Tile(
        id=ItemId(identity),
        status=Status(status),
        kind=Kind(kind),
        name=file_name(locator or ""),
        size=size,
        label=_label(Status(status), answer, category, problem),
        columns=columns or 0,
        rows=rows or 0,
        cells=cells,
        places=places,
        partial=bool(partial),
    )


def _label(status: Status, answer: str | None, category: str | None, problem: str | None) -> str:
    match status:
        case Status.DECIDED:
            return category or ""
        case Status.KNOWN | Status.IGNORABLE:
            return answer or ""
        case Status.UNEXAMINED:
            return problem or ""
        case _:
            return ""
