"""The way from an empty case to a sealed bundle: which steps are done, and which comes next."""

from collections.abc import Iterator, Set
from dataclasses import dataclass

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.items import ItemCounts
from sakshya.gui.texts import tr
from sakshya.gui.texts.numbers import count

# As in `report.issuing`, which is not imported here: it loads the typesetter, and the window never typesets.
REPORT_ISSUED, CERTIFICATE_ISSUED = "report.issue", "certificate.issue"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its words, what stands there now, and the workspace where it is done."""

    title: str
    state: str
    done: bool
    workspace: str


def steps_of(case: CaseFile, counts: ItemCounts, acts: Set[str]) -> list[Step]:
    """Return the steps in their order; `acts` are those in the ledger."""
    return [*_before_review(case, counts), *_after_scan(counts, acts)]


def next_step(steps: list[Step]) -> Step | None:
    """Return the first step that is not done, None where all are."""
    return next((step for step in steps if not step.done), None)


def _before_review(case: CaseFile, counts: ItemCounts) -> Iterator[Step]:
    exhibits = case.exhibits.all()
    differ = [one.number for one in exhibits if one.verifications and one.verifications[-1].agrees is False]
    attached = tr("{count} attached", count=count(len(exhibits))) if exhibits else tr("none yet")
    if differ:
        attached += "; " + tr("DOES NOT MATCH: {numbers}", numbers=", ".join(differ))
    yield Step(tr("Attach the exhibits"), attached, bool(exhibits), "evidence")
    used = len(case.sets.all())
    settled = (
        tr("{count} used in the scan", count=count(used)) if used else tr("none used; nothing is settled by itself")
    )
    yield Step(tr("Import known sets"), settled, bool(used), "sets")
    last = case.scans.last()
    if case.scans.unfinished() is not None:
        state = tr("not finished; it goes on where it stopped")
    else:
        state = tr("{count} contents", count=count(counts.total)) if last else tr("not yet")
    yield Step(tr("Scan"), state, last is not None and case.scans.unfinished() is None, "scan")


def _after_scan(counts: ItemCounts, acts: Set[str]) -> Iterator[Step]:
    left = tr("{left} left to decide, {decided} decided", left=count(counts.undecided), decided=count(counts.decided))
    yield Step(tr("Review what is left"), left, counts.total > 0 and counts.undecided == 0, "review")
    printed = REPORT_ISSUED in acts
    yield Step(tr("Print the report"), tr("printed") if printed else tr("not yet"), printed, "report")
    printed = CERTIFICATE_ISSUED in acts
    yield Step(tr("Print the certificates"), tr("printed") if printed else tr("not yet"), printed, "report")
    sealed = any(act.startswith("bundle") for act in acts)
    yield Step(tr("Seal the bundle and check it"), tr("sealed") if sealed else tr("not yet"), sealed, "report")
