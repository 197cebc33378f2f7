"""Counts every number of a case once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import islice

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.reached import reached
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import OperatorFault
from sakshya.domain.ledger import LOOK, LedgerEntry
from sakshya.domain.unexamined import Of, Reason, Unexamined
from sakshya.report.environment import environment, program
from sakshya.report.fact_types import (
    PRACTICE_MARK,
    ExhibitFacts,
    Facts,
    Head,
    Missed,
    Step,
)
from sakshya.report.figures import Basis, Counted, Figure, FigureBook
from sakshya.report.masking import masked_name
from sakshya.report.tallying import tally
from sakshya.report.templates import CaseTemplate, load_templates
from sakshya.report.zones import local_text, parse_utc, utc_text
from sakshya.shipped import case_templates

DAMAGED_PRINTED = 200


def gather(case: CaseFile, *, at: datetime, zone: str) -> Facts:
    """Return every fact a paper may state, as the case stands now; `at` is the paper's time, `zone` an IANA name.

    Raises:
        OperatorFault: the case's template does not ship with this program, or the zone is unknown.
    """
    book = FigureBook()
    exhibits = tuple(_exhibit(case, exhibit, book) for exhibit in case.exhibits.all())
    sets = tuple(case.sets.all())
    missed = _missed(case.unexamined.all())
    missed_figures = tuple(_missed_figure(book, reason, n) for reason, n in sorted(_by_reason(missed).items()))
    results, findings, total = tally(case, book, sets)
    return Facts(
        head=_head(case, at, zone),
        template=template_of(case),
        fields=dict(case.head.fields),
        exhibits=exhibits,
        environment=environment(),
        sets=sets,
        steps=tuple(_steps(case.ledger.entries())),
        scan=_scan_state(case),
        depth=_depth(case),
        missed=missed,
        missed_figures=missed_figures,
        results=results,
        findings=findings,
        findings_total=total,
        opened=_opened(case, book),
        figures=tuple(book.figures),
    )


def template_of(case: CaseFile) -> CaseTemplate:
    """Return the template the case was made from.

    Raises:
        OperatorFault: it does not ship with this program.
    """
    template = load_templates(case_templates()).get(case.head.template)
    if template is None:
        raise OperatorFault(
            f"the case's template {case.head.template} is not known",
            advice="open the case with the program that made it",
        )
    return template


def _head(case: CaseFile, at: datetime, zone: str) -> Head:
    first = next(case.ledger.entries(), None)
    head = case.head
    created = parse_utc(head.created_at)
    return Head(
        at=at,
        case_id=first.hash if first else head.created_at,
        case_created=f"{utc_text(created)} / {local_text(created, zone)}",
        encrypted=head.encrypted,
        unencrypted_reason=head.unencrypted_reason,
        generated_utc=utc_text(at),
        generated_local=local_text(at, zone),
        zone=zone,
        program=program(),
        ledger=case.ledger.head(),
        practice=PRACTICE_MARK in head.fields.get("unit_name", ""),
    )


def _exhibit(case: CaseFile, exhibit: Exhibit, book: FigureBook) -> ExhibitFacts:
    counts = case.entries.counts(exhibit.number)
    numbers = {
        "entries": counts.entries,
        "entries_files": counts.files,
        "entries_directories": counts.directories,
        "entries_links": counts.links,
        "entries_virtual": counts.virtual,
        "entries_read": counts.read,
        "entries_unexamined": counts.unexamined,
        "entries_pending": counts.pending,
    }
    entries = tuple(
        book.add(name, n, Basis(Counted.ENTRIES, _ENTRY_WORDS[name], exhibit=exhibit.number, part=name))
        for name, n in numbers.items()
    )
    account = case.exhibits.account(exhibit.number)
    parts = asdict(account) if account else {}
    return ExhibitFacts(
        exhibit=exhibit,
        volumes=case.entries.volumes(exhibit.number),
        entries=entries,
        bytes=tuple(
            book.add(f"bytes_{name}", n, Basis(Counted.BYTES, _BYTE_WORDS, exhibit=exhibit.number, part=name))
            for name, n in parts.items()
        ),
        damaged_runs=_damage(exhibit, book),
        damaged_names=_damaged_names(case, exhibit.number),
    )


_ENTRY_WORDS = {
    "entries": "all directory entries listed in the exhibit, allocated or not, each further stream counted apart",
    "entries_files": "entries that name a file or a further stream of one",
    "entries_directories": "entries that name a directory",
    "entries_links": "entries that name a link",
    "entries_virtual": "entries the file system has no directory record for, such as its own tables",
    "entries_read": "entries whose content was read to its end, and entries that have no content of their own",
    "entries_unexamined": "entries whose content was not read to its end; each is listed with its reason",
    "entries_pending": "entries that no scan has come to yet",
}
_BYTE_WORDS = "bytes of the exhibit, each in exactly one part; the parts add up to the total"


def _damage(exhibit: Exhibit, book: FigureBook) -> Figure:
    last = exhibit.last_verification
    words = "runs of bytes that could not be read as stored when the exhibit was last hashed"
    return book.add("damaged_runs", len(last.damage) if last else 0, Basis(Counted.DAMAGE, words, exhibit.number))


def _damaged_names(case: CaseFile, number: str) -> tuple[str, ...]:
    lines = (
        f"{masked_name(one.locator)} ({one.of})"
        for one in case.unexamined.all()
        if one.exhibit == number and one.reason is Reason.DAMAGED_CHUNK and one.locator
    )
    return tuple(islice(lines, DAMAGED_PRINTED))


def _missed(lines: Iterable[Unexamined]) -> tuple[Missed, ...]:
    counts: Counter[tuple[Reason, str, Of]] = Counter()
    extents: Counter[tuple[Reason, str, Of]] = Counter()
    for one in lines:
        key = (one.reason, one.exhibit, one.of)
        counts[key] += 1
        extents[key] += one.bytes or 0
    return tuple(
        Missed(
            reason=reason, of=of, exhibit=exhibit, count=counts[reason, exhibit, of], bytes=extents[reason, exhibit, of]
        )
        for reason, exhibit, of in sorted(counts)
    )


def _by_reason(missed: Iterable[Missed]) -> Counter[Reason]:
    counts: Counter[Reason] = Counter()
    for one in missed:
        counts[one.reason] += one.count
    return counts


def _missed_figure(book: FigureBook, reason: Reason, count: int) -> Figure:
    words = f"things listed as not examined for the reason: {reason.value}"
    return book.add("unexamined", count, Basis(Counted.UNEXAMINED, words, reason=reason))


def _depth(case: CaseFile) -> str | None:
    """Return the depth that every exhibit was scanned to, with the share that was read where that is not all."""
    last = case.scans.last() or case.scans.unfinished()
    if last is None:
        return None
    came = reached(case)
    depth = came.depth or str(last["depth"])
    return f"{depth}, {came.words()}" if came.partial else depth


def _scan_state(case: CaseFile) -> str:
    if case.scans.unfinished():
        return "unfinished"
    return "finished" if case.scans.last() else "none"


def _steps(lines: Iterable[LedgerEntry]) -> Iterator[Step]:
    """Yield the acts in order; the same act by the same person several times in a row is one step."""
    step: Step | None = None
    for line in lines:
        if step and (step.who, step.act) == (line.who, line.act):
            subject = step.subject if step.subject == line.subject else ""
            step = Step(step.first, line.at, step.who, step.act, subject, step.count + 1)
            continue
        if step:
            yield step
        step = Step(line.at, line.at, line.who, line.act, line.subject, 1)
    if step:
        yield step


def _opened(case: CaseFile, book: FigureBook) -> Figure:
    opened = len({line.subject for line in case.ledger.entries() if line.act == LOOK})
    return book.add(
        "opened", opened, Basis(Counted.LOOKS, "distinct items that a person opened in clear, by the ledger")
    )
