"""The findings as files: masked, without paths, coordinates, fingerprints or mosaics.

Contents that are settled or wait for a person are listed one by one; ignorable contents and those that are neither
picture nor video are counted only, in figures.json. scan.json is the summary of the last finished scan.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.item_filter import ItemFilter
from sakshya.domain.item import Item, Status
from sakshya.domain.unexamined import Unexamined
from sakshya.report.fact_types import Facts
from sakshya.report.finding_section import exhibits_of, first_name
from sakshya.report.masking import masked_name
from sakshya.report.spreadsheet import csv_line
from sakshya.report.texts import load_texts

LISTED = frozenset({Status.KNOWN, Status.DECIDED, Status.UNDECIDED, Status.UNEXAMINED})

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Listing:
    """One list that is written as CSV and as JSON: name, columns, and where its rows come from."""

    name: str
    columns: tuple[str, ...]
    rows: Callable[[CaseFile], Iterator[Row]]


def write_findings(case: CaseFile, facts: Facts, folder: Path) -> None:
    """Write every list into `folder`, which must not exist yet, as CSV and as JSON with the same rows."""
    folder.mkdir(parents=True)
    for listing in _LISTINGS:
        _write(listing, case, folder)
    figures = [_figure_row(facts, number) for number in range(len(facts.figures))]
    _write_json(folder / "figures.json", figures)
    _write_json(folder / "scan.json", [_scan_row(last)] if (last := case.scans.last()) else [])


def _scan_row(summary: Mapping[str, object]) -> Row:
    """Return the summary of the last finished scan as the case keeps it, without who asked for it."""
    return {name: value for name, value in summary.items() if name not in ("id", "by")}


def _write(listing: _Listing, case: CaseFile, folder: Path) -> None:
    with (folder / f"{listing.name}.csv").open("xb") as table, (folder / f"{listing.name}.json").open("xb") as objects:
        table.write(csv_line(listing.columns))
        separator = b"[\n"
        for row in listing.rows(case):
            table.write(csv_line([_cell(row[column]) for column in listing.columns]))
            objects.write(separator + _json(row))
            separator = b",\n"
        objects.write(b"\n]\n" if separator == b",\n" else b"[]\n")


def _write_json(path: Path, rows: Iterable[Row]) -> None:
    path.write_bytes(b"[\n" + b",\n".join(map(_json, rows)) + b"\n]\n")


def _json(row: Row) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _cell(value: object) -> str:
    if value is None:
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _items(case: CaseFile) -> Iterator[Row]:
    return map(_item_row, case.items.find(ItemFilter(status=LISTED)))


def _item_row(item: Item) -> Row:
    decision = item.decision if item.decision and item.decision.category else None
    return {
        "item": int(item.id),
        "exhibits": exhibits_of(item),
        "name_masked": first_name(item),
        "places": len(item.where),
        "allocated_places": sum(where.allocated for where in item.where),
        "recovery": item.recovery.value if item.recovery else None,
        "size": item.size,
        "kind": item.kind.value,
        "mime": item.mime,
        "status": item.status.value,
        "category": str(decision.category) if decision else None,
        "decided_by": decision.by if decision else None,
        "decided_at": decision.at if decision else None,
        "location_metadata": any(name.upper().startswith("GPS") for name, _ in item.report.exif),
        "sha256": item.digests.sha256,
        "sha1": item.digests.sha1,
        "md5": item.digests.md5,
    }


def _matches(case: CaseFile) -> Iterator[Row]:
    for item in case.items.find(ItemFilter(status=LISTED)):
        for one in item.matches:
            yield {
                "item": int(item.id),
                "sha256": item.digests.sha256,
                "stated_by_set": one.set_name,
                "set_id": one.set_id,
                "set_version": one.set_version,
                "set_kind": one.kind.value,
                "category": str(one.category) if one.category else None,
                "basis": one.basis.value,
                "algorithm": one.algorithm,
                "distance": one.distance,
                "threshold": one.threshold,
            }


def _unexamined(case: CaseFile) -> Iterator[Row]:
    return map(_unexamined_row, case.unexamined.all())


def _unexamined_row(one: Unexamined) -> Row:
    # The detail is left out: it may quote a name.
    return {
        "exhibit": one.exhibit,
        "volume": one.locator.volume if one.locator else None,
        "address": one.locator.address if one.locator else None,
        "name_masked": masked_name(one.locator) if one.locator else None,
        "of": one.of.value,
        "bytes": one.bytes,
        "stage": one.stage.value,
        "reason": one.reason.value,
        "retried": one.retried,
    }


def _figure_row(facts: Facts, number: int) -> Row:
    figure = facts.figures[number]
    return {
        "number": figure.id,
        "words": load_texts("en")(f"figure.{figure.meaning}"),
        "value": figure.value,
        "definition": figure.basis.definition,
        "exhibit": figure.basis.exhibit,
        "set": figure.basis.set_id,
        "category": str(figure.basis.category) if figure.basis.category else None,
        "reason": figure.basis.reason.value if figure.basis.reason else None,
    }


_ITEM_COLUMNS = (
    "item exhibits name_masked places allocated_places recovery size kind mime status category decided_by decided_at"
    " location_metadata sha256 sha1 md5"
)
_MATCH_COLUMNS = "item sha256 stated_by_set set_id set_version set_kind category basis algorithm distance threshold"
_UNEXAMINED_COLUMNS = "exhibit volume address name_masked of bytes stage reason retried"
_LISTINGS = (
    _Listing("items", tuple(_ITEM_COLUMNS.split()), _items),
    _Listing("matches", tuple(_MATCH_COLUMNS.split()), _matches),
    _Listing("unexamined", tuple(_UNEXAMINED_COLUMNS.split()), _unexamined),
)
