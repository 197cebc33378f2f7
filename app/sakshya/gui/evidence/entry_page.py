"""Everything known of one entry, in words: address, runs, times with their zone, locator."""

from zoneinfo import ZoneInfo

from sakshya.domain.entry import Entry
from sakshya.domain.locator import Run
from sakshya.domain.names import show_name
from sakshya.domain.unexamined import Reason
from sakshya.gui import html
from sakshya.gui.evidence.entry_words import entry_name, entry_state, layer_words, moment_words
from sakshya.gui.texts import tr
from sakshya.gui.texts.numbers import exact_size
from sakshya.triage.listing import Layout


def describe_entry(entry: Entry, reasons: frozenset[Reason], zone: ZoneInfo, layout: Layout | str | None) -> str:
    """Return the page; `layout` is None while it is being read, a text where it cannot be."""
    parts = [
        html.heading(entry_name(entry)),
        html.rows(_facts(entry, reasons)),
        html.heading(tr("Times")),
        html.rows(_times(entry, zone)),
        html.heading(tr("Where its bytes lie")),
        *_layout(entry, layout),
        html.heading(tr("Locator")),
        f"<p>{html.name(str(entry.locator).replace('|', '|' + chr(0x200B)))}</p>",
    ]
    return html.page(*parts)


def _facts(entry: Entry, reasons: frozenset[Reason]) -> list[tuple[str, str]]:
    locator = entry.locator
    rows = [
        (tr("Path"), html.name(locator.shown_path)),
        (tr("Kind"), html.text(tr(entry.kind.value))),
        (tr("State"), html.text(entry_state(entry, reasons) or tr("in use"))),
        (tr("Size"), html.text(exact_size(entry.size))),
        (tr("File system"), html.text(entry.filesystem or tr("not readable"))),
        (tr("Volume"), html.code(f"{locator.volume} @ {locator.offset:,}")),
        (tr("Address"), html.code("" if locator.address is None else str(locator.address))),
    ]
    if locator.layers:
        rows.append((tr("Made from"), html.text(layer_words(locator))))
    if locator.attribute is not None:
        rows.append((tr("Attribute"), html.code(f"{locator.attribute[0]}-{locator.attribute[1]}")))
    if locator.stream:
        rows.append((tr("Stream"), html.name(show_name(locator.stream))))
    if entry.recovery is not None:
        rows.append((tr("Recovery"), html.text(tr(entry.recovery.value))))
    if entry.link_target is not None:
        rows.append((tr("Link target"), html.name(show_name(entry.link_target))))
    rows += [(tr("Inside"), html.name(f"{one.format} #{one.index} {show_name(one.name)}")) for one in locator.inside]
    rows += [(tr("Not examined"), html.text(tr(reason.value))) for reason in sorted(reasons)]
    return rows


def _times(entry: Entry, zone: ZoneInfo) -> list[tuple[str, str]]:
    times = entry.times
    named = (
        (tr("Modified"), times.modified),
        (tr("Accessed"), times.accessed),
        (tr("Changed"), times.changed),
        (tr("Created"), times.created),
    )
    return [(name, html.text(moment_words(moment, zone))) for name, moment in named]


def _layout(entry: Entry, layout: Layout | str | None) -> list[str]:
    if layout is None:
        return [html.text(tr("One moment…"))]
    if isinstance(layout, str):
        return [html.text(layout)]
    if entry.locator.inside:
        return [html.text(tr("Inside a file; it has no bytes of its own on the disk.")), *_told(layout)]
    rows = [_run(number, run) for number, run in enumerate(layout.runs, 1)]
    parts = [*_told(layout), html.rows(rows)] if rows else [*_told(layout), html.text(tr("No bytes of its own."))]
    if layout.count > len(layout.runs):
        parts.append(html.text(tr("{count} runs in all; the first are listed.", count=f"{layout.count:,}")))
    return parts


def _told(layout: Layout) -> list[str]:
    rows = [(tr("Content told as"), html.text(tr(layout.kind.value)))] if layout.kind is not None else []
    if layout.note:
        rows.append((tr("Note"), html.text("; ".join(tr(one) for one in layout.note.split("; ")))))
    return [html.rows(rows)] if rows else []


def _run(number: int, run: Run) -> tuple[str, str]:
    return f"{number}", html.code(f"{run.offset:,} + {run.length:,}")
