"""Everything known of one exhibit, in words: digests beside what was stated, clock, particulars, volumes, damage."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sakshya.casefile.entries import EntryCounts
from sakshya.domain.entry import ByteAccount, VolumeTable
from sakshya.domain.exhibit import Exhibit, StatedDigest, Verification
from sakshya.domain.names import show_name
from sakshya.gui import html, theme
from sakshya.gui.texts import tr
from sakshya.gui.texts.numbers import count, exact_size, size
from sakshya.gui.times import both_times
from sakshya.report.templates import CaseTemplate


@dataclass(frozen=True, slots=True)
class Found:
    """What a scan found in one exhibit: volumes and byte account are None before its file systems were walked."""

    volumes: VolumeTable | None
    account: ByteAccount | None
    counts: EntryCounts


def outcome_words(exhibit: Exhibit) -> tuple[str, str]:
    """Return how the exhibit compares with what was stated, and the state to colour it in."""
    if not exhibit.verifications:
        return tr("not computed yet"), "warn"
    last = exhibit.verifications[-1]
    if last.digests is None:
        return tr("could not be read to its end"), "bad"
    if last.agrees is None:
        return tr("nothing was stated to compare with"), "warn"
    return (tr("MATCHES"), "good") if last.agrees else (tr("DOES NOT MATCH"), "bad")


def describe(
    exhibit: Exhibit,
    template: CaseTemplate,
    zone: ZoneInfo,
    found: Found,
) -> str:
    """Return the page for one exhibit."""
    words, state = outcome_words(exhibit)
    colour = getattr(theme.current(), state)
    parts = [
        html.heading(exhibit.number),
        f'<p><b style="color:{colour}">{html.text(words)}</b></p>',
        *_mismatch(exhibit),
        html.rows(_facts(exhibit)),
        html.heading(tr("Digests")),
        html.stacked(_digests(exhibit)),
        *[_verification(one, zone) for one in exhibit.verifications],
        *_volumes(found.volumes),
        *_entries(found),
        *_account(found.account, exhibit.container.size),
        *_particulars(exhibit, template),
        *_acquisition(exhibit),
    ]
    return html.page(*parts)


def _mismatch(exhibit: Exhibit) -> list[str]:
    if exhibit.mismatch_reason is None:
        return []
    return [html.rows([(tr("Reason to go on"), html.text(exhibit.mismatch_reason))])]


def _facts(exhibit: Exhibit) -> list[tuple[str, str]]:
    container = exhibit.container
    rows = [
        (tr("Format"), html.text(container.format)),
        (tr("Size"), html.text(exact_size(container.size))),
        (tr("Opened"), html.text(tr("for reading only"))),
        (tr("Write blocker"), html.text(exhibit.write_blocker or tr("not stated"))),
        (tr("Zone for local times"), html.text(exhibit.zone or tr("none assumed"))),
    ]
    rows += [(tr("File"), html.name(show_name(one))) for one in exhibit.container.segments or exhibit.files]
    if exhibit.clock is not None:
        rows.append((tr("Device clock"), html.code(exhibit.clock.device)))
        rows.append((tr("Reference clock"), html.code(exhibit.clock.reference)))
        rows.append((tr("Device minus reference"), html.code(f"{exhibit.clock.offset_seconds:+,} s")))
    rows += [(tr("Problem"), html.text(problem)) for problem in container.problems]
    return rows


def _digests(exhibit: Exhibit) -> list[tuple[str, str]]:
    rows = [_stated(one) for one in (*exhibit.stated, *exhibit.container.stored)]
    computed = next((one.digests for one in reversed(exhibit.verifications) if one.digests), None)
    if computed is not None:
        rows += [
            (tr("computed {name}").format(name=name.upper()), html.code(value)) for name, value in computed.items()
        ]
    return rows


def _stated(one: StatedDigest) -> tuple[str, str]:
    by = tr("stored in the disk image") if one.by == "container" else tr("stated")
    return (f"{by} {one.algorithm.upper()}", html.code(one.value))


def _verification(one: Verification, zone: ZoneInfo) -> str:
    rows = [(tr("Computed"), f"{html.text(both_times(one.at, zone))}, {html.name(one.by)}")]
    rows += [(tr("Differs"), html.text(name.upper())) for name in one.differing]
    rows += [
        (tr("Damaged"), html.text(f"{count(part.run.length)} B @ {count(part.run.offset)}: {part.reason}"))
        for part in one.damage
    ]
    return html.rows(rows)


def _volumes(table: VolumeTable | None) -> list[str]:
    if table is None:
        return []
    rows = [
        (
            tr("Volume {number}").format(number=one.index),
            html.text(
                f"{one.filesystem or tr('no file system that can be read')}, {size(one.length)}, {one.description}"
            )
            + (f"<br/>{html.text(one.problem)}" if one.problem else ""),
        )
        for one in table.volumes
    ]
    rows += [(tr("Belongs to no volume"), html.code(str(gap))) for gap in table.gaps]
    return [html.heading(tr("Volumes ({scheme})").format(scheme=table.scheme)), html.rows(rows)]


def _entries(found: Found) -> list[str]:
    """Return the account of entries: found = read + not examined, with what is still to come."""
    heading, counts = html.heading(tr("Entries of the file systems")), found.counts
    if not counts.entries:
        words = tr("None are listed.") if found.volumes else tr("Not scanned yet: the scan lists and counts them.")
        return [heading, html.text(words)]
    rows = [
        (tr("Found"), html.code(f"{counts.entries:,}")),
        (tr("Read"), html.code(f"{counts.read:,}")),
        (tr("Not examined"), html.code(f"{counts.unexamined:,}")),
    ]
    if counts.pending:
        rows.append((tr("Not looked at yet"), html.code(f"{counts.pending:,}")))
        return [heading, html.rows(rows)]
    total = f"{counts.read:,} + {counts.unexamined:,} = {counts.entries:,}"
    return [heading, html.rows(rows), _sum(total, holds=counts.read + counts.unexamined == counts.entries)]


def _sum(words: str, *, holds: bool) -> str:
    colour, said = (theme.current().good, tr("adds up")) if holds else (theme.current().bad, tr("DOES NOT ADD UP"))
    return f'<p style="margin: 2px 0;">{html.code(words)} <b style="color:{colour}">{html.text(said)}</b></p>'


def _account(account: ByteAccount | None, size_in_bytes: int) -> list[str]:
    if account is None:
        return []
    parts = (
        (tr("In files"), account.in_files),
        (tr("Slack"), account.slack),
        (tr("Unallocated"), account.unallocated),
        (tr("Not addressable"), account.not_addressable),
        (tr("Together"), account.total),
    )
    rows = html.rows((name, html.code(f"{number:,}")) for name, number in parts)
    whole = account.in_files + account.slack + account.unallocated + account.not_addressable
    holds = whole == account.total == size_in_bytes
    return [html.heading(tr("Bytes")), rows, _sum(f"{whole:,} B / {size_in_bytes:,} B", holds=holds)]


def _particulars(exhibit: Exhibit, template: CaseTemplate) -> list[str]:
    titles = {field.key: tr(field.title) for field in template.exhibit_fields}
    rows = [(titles.get(key, key), html.name(value)) for key, value in exhibit.particulars if value]
    return [html.heading(tr("Particulars of the device")), html.rows(rows)] if rows else []


def _acquisition(exhibit: Exhibit) -> list[str]:
    rows = [(key, html.name(show_name(value))) for key, value in exhibit.container.acquisition]
    return [html.heading(tr("As the disk image says of its acquisition")), html.rows(rows)] if rows else []
