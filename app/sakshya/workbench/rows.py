"""The rows of `--jsonl`: a contract that scripts are written against."""

from dataclasses import asdict

from sakshya.domain.absent import NotApplicable, NotRecorded, Unparsable, Unreadable
from sakshya.domain.entry import Entry
from sakshya.domain.item import Item
from sakshya.domain.match import Match
from sakshya.domain.moment import Moment
from sakshya.domain.names import show_name
from sakshya.domain.unexamined import Unexamined


def item_row(item: Item) -> dict[str, object]:
    """Return the fields of `items --jsonl`."""
    report = item.report
    return {
        "item": int(item.id),
        "md5": item.digests.md5,
        "sha1": item.digests.sha1,
        "sha256": item.digests.sha256,
        "size": item.size,
        "kind": item.kind.value,
        "mime": item.mime,
        "width": report.facts.width,
        "height": report.facts.height,
        "duration": report.facts.duration,
        "status": item.status.value,
        "matches": [_match(match) for match in item.matches],
        "fingerprints": [asdict(fingerprint) for fingerprint in report.fingerprints],
        "frames": [asdict(frame) for frame in report.frames],
        "stack": None,
        "partial": report.partial,
        "decision": _decision(item),
        "exif": dict(report.exif),
        "where": [
            {
                "locator": str(where.locator),
                "path": where.locator.shown_path,
                "allocated": where.allocated,
                "recovery": where.recovery.value if where.recovery else None,
            }
            for where in item.where
        ],
        "recovery": item.recovery.value if item.recovery else None,
        "problem": report.problem,
    }


def unexamined_row(line: Unexamined) -> dict[str, object]:
    """Return the fields of `unexamined --jsonl`."""
    return {
        "exhibit": line.exhibit,
        "locator": str(line.locator) if line.locator else None,
        "path": line.locator.shown_path if line.locator else None,
        "of": line.of.value,
        "bytes": line.bytes,
        "stage": line.stage.value,
        "reason": line.reason.value,
        "detail": line.detail,
        "retried": line.retried,
    }


def entry_row(entry: Entry) -> dict[str, object]:
    """Return the fields of `exhibit tree --jsonl` for an entry."""
    locator = entry.locator
    return {
        "exhibit": locator.exhibit,
        "locator": str(locator),
        "volume": {"index": locator.volume, "offset": locator.offset},
        "filesystem": entry.filesystem,
        "address": locator.address,
        "path": show_name(locator.path),
        "stream": show_name(locator.stream) if locator.stream else None,
        "entry": entry.kind.value,
        "size": entry.size,
        "allocated": entry.allocated,
        "modified": _moment(entry.times.modified),
        "accessed": _moment(entry.times.accessed),
        "changed": _moment(entry.times.changed),
        "created": _moment(entry.times.created),
        "missing_times": _missing(entry),
        "recovery": entry.recovery.value if entry.recovery else None,
        "link_target": show_name(entry.link_target) if entry.link_target else None,
        "problem": None,
    }


def unread_row(line: Unexamined) -> dict[str, object]:
    """Return the fields of `exhibit tree --jsonl` for a place that could not be walked."""
    locator = line.locator
    return {
        "exhibit": line.exhibit,
        "locator": str(locator) if locator else None,
        "volume": {"index": locator.volume, "offset": locator.offset} if locator else None,
        "filesystem": None,
        "address": locator.address if locator else None,
        "path": show_name(locator.path) if locator else "/",
        "stream": None,
        "entry": "virtual",
        "size": line.bytes,
        "allocated": None,
        "modified": None,
        "accessed": None,
        "changed": None,
        "created": None,
        "missing_times": {},
        "recovery": None,
        "link_target": None,
        "problem": f"{line.of.value}: {line.reason.value}: {line.detail}",
    }


def _moment(value: object) -> dict[str, str] | None:
    return value.as_json() if isinstance(value, Moment) else None


def _missing(entry: Entry) -> dict[str, str]:
    times = {name: getattr(entry.times, name) for name in ("modified", "accessed", "changed", "created")}
    kinds = (Unreadable, Unparsable, NotApplicable, NotRecorded)
    return {name: str(value) for name, value in times.items() if isinstance(value, kinds)}


def _match(match: Match) -> dict[str, object]:
    return {
        "set": match.set_id,
        "version": match.set_version,
        "kind": match.kind.value,
        "scheme": f"{match.category.scheme}@{match.category.version}" if match.category else None,
        "code": match.category.code if match.category else None,
        "basis": match.basis.value,
        "algorithm": match.algorithm,
        "distance": match.distance,
        "threshold": match.threshold,
    }


def _decision(item: Item) -> dict[str, object] | None:
    decision = item.decision
    if decision is None or decision.category is None:
        return None
    return {
        "scheme": decision.category.scheme,
        "version": decision.category.version,
        "code": decision.category.code,
        "by": decision.by,
        "at": decision.at,
        "reason": decision.reason,
    }
