"""Everything known of one item, in words: digests, metadata, places, matches, decision. No picture."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from sakshya.domain.category import Category
from sakshya.domain.item import Item, Where
from sakshya.domain.match import Match
from sakshya.domain.media import ExifValue
from sakshya.domain.names import show_name
from sakshya.gui import html
from sakshya.gui.review.tile_words import kind_name, status_name
from sakshya.gui.texts import tr
from sakshya.gui.texts.numbers import duration, exact_size
from sakshya.gui.times import both_times

_PLACES_SHOWN = 200


def describe(item: Item, zone: ZoneInfo, meanings: Mapping[str, str]) -> str:
    """Return the page for one item; `meanings` puts a category's text form into the scheme's own words."""
    parts = [html.heading(tr("Item {number}", number=item.id)), html.rows(_standing(item, zone, meanings))]
    if item.report.problem:
        parts += [html.heading(tr("Problem")), html.text(item.report.problem)]
    if item.matches:
        parts += [html.heading(tr("Matches")), html.rows(_match(one, meanings) for one in item.matches)]
    parts += [html.heading(tr("Digests")), html.stacked((n.upper(), html.code(v)) for n, v in item.digests.items())]
    parts += _places(item)
    if item.report.exif:
        rows = ((key, _exif(value)) for key, value in item.report.exif)
        parts += [html.heading(tr("EXIF")), html.rows(rows)]
    parts += _fingerprints(item)
    return html.page(*parts)


def _standing(item: Item, zone: ZoneInfo, meanings: Mapping[str, str]) -> list[tuple[str, str]]:
    facts = item.report.facts
    rows = [
        (tr("Status"), html.text(status_name(item.status))),
        (tr("Kind"), f"{html.text(kind_name(item.kind))}, {html.code(item.mime)}"),
        (tr("Size"), html.text(exact_size(item.size))),
    ]
    if facts.width and facts.height:
        rows.append((tr("Dimensions"), html.code(f"{facts.width} × {facts.height}")))
    if facts.duration is not None:
        rows.append((tr("Duration"), html.text(duration(facts.duration))))
    if facts.codec:
        rows.append((tr("Codec"), html.text(facts.codec)))
    if facts.has_audio is not None:
        rows.append((tr("Sound track"), html.text(tr("present, never played") if facts.has_audio else tr("none"))))
    if item.report.partial:
        rows.append((tr("Decoded"), html.text(tr("only in part"))))
    if item.decision is not None and item.decision.category is not None:
        rows.append((tr("Decision"), _category(item.decision.category, meanings)))
        rows.append(
            (tr("Decided by"), f"{html.name(item.decision.by)}, {html.text(both_times(item.decision.at, zone))}")
        )
        if item.decision.reason:
            rows.append((tr("Reason"), html.text(item.decision.reason)))
    return rows


def _match(match: Match, meanings: Mapping[str, str]) -> tuple[str, str]:
    stated = "" if match.category is None else f"{_category(match.category, meanings)}, "
    near = (
        ""
        if match.distance is None
        else " "
        + tr("distance {distance} of {threshold} bits, a lead only").format(
            distance=match.distance, threshold=match.threshold
        )
    )
    return (
        match.set_name,
        f"{stated}{html.text(tr('version'))} {html.code(match.set_version)}, "
        f"{html.text(match.basis.value)} {html.code(match.algorithm)}{html.text(near)}",
    )


def _category(category: Category, meanings: Mapping[str, str]) -> str:
    """Never a bare code: its scheme and version, and what that scheme says it means."""
    said = meanings.get(str(category))
    return html.code(str(category)) + (f" {html.name(said)}" if said else "")


def _places(item: Item) -> list[str]:
    shown = item.where[:_PLACES_SHOWN]
    parts = [html.heading(tr("Where found ({count})", count=len(item.where))), html.stacked(map(_place, shown))]
    if len(item.where) > len(shown):
        parts.append(html.text(tr("and {count} more places", count=len(item.where) - len(shown))))
    return parts


def _place(where: Where) -> tuple[str, str]:
    locator = where.locator
    state = (
        ""
        if where.allocated
        else f" ({html.text(tr('deleted'))}{'' if where.recovery is None else ', ' + where.recovery})"
    )
    path = f"{html.name(locator.shown_path)}{state}"
    return (locator.exhibit, f"{path}<br/>{html.code(f'v{locator.volume}@{locator.offset} {locator.address}')}")


def _exif(value: ExifValue) -> str:
    if value is None:
        return html.text(tr("not recorded"))
    if isinstance(value, list):
        return html.code(", ".join(map(str, value)))
    return html.name(show_name(value)) if isinstance(value, str) else html.code(str(value))


def _fingerprints(item: Item) -> list[str]:
    if not item.report.fingerprints and not item.report.frames:
        return []
    rows = [
        (f"{one.algorithm} {one.version}", html.code(one.value) + ("" if one.quality is None else f" q{one.quality}"))
        for one in item.report.fingerprints
    ]
    rows += [(f"PDQ {frame.second:.1f} s", html.code(frame.pdq)) for frame in item.report.frames]
    return [html.heading(tr("Fingerprints")), html.stacked(rows)]
