"""The scan: walks, settles and examines every file of a case's exhibits, one transaction a batch.

It is a generator that can be stopped anywhere and run again: what was committed is not repeated.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.entries import DEEP
from sakshya.casefile.findings_digest import findings_digests, fingerprints_digest
from sakshya.casefile.rematch import match_again, matched_with
from sakshya.domain.entry import Entry, EntryKind
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import EvidenceFault, SakshyaFault, StoppedFault
from sakshya.domain.match import KnownSet
from sakshya.domain.moment import iso_utc
from sakshya.domain.unexamined import Of, Reason, Stage, Unexamined
from sakshya.matching.exact import OpenSets
from sakshya.matching.sets import SetFolder
from sakshya.triage.batches import PendingBatches
from sakshya.triage.engine.batch import Done, Engine
from sakshya.triage.engine.child import stream
from sakshya.triage.engine.worker_main import anonymous_bytes
from sakshya.triage.eta import Estimate
from sakshya.triage.events import Event, Finished, ItemsFound, Note, Progress
from sakshya.triage.library_versions import library_versions
from sakshya.triage.presence import missing, while_present
from sakshya.triage.summary import counts_line, counts_row
from sakshya.triage.walk import Walked, deepen_exhibit, walk_exhibit
from sakshya.triage.worker import MediaTriage

_WALK_CHUNK = 2000
_WALK_SILENCE = 900.0
_TICK = 0.2


class Depth(StrEnum):
    """How far a scan goes.

    `standard` sniffs, hashes and examines every file that a file system lists, and what lies inside those files;
    `full` also reads shadow copies and searches free space for lost pictures and videos.
    """

    STANDARD = "standard"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class ScanJob:
    """What to scan with: the folder of known sets, the sets that are switched on, the engine, and who asked when."""

    sets: Path
    known: tuple[KnownSet, ...]
    engine: Engine
    by: str
    zone: str
    clock: Callable[[], datetime]
    depth: Depth = Depth.STANDARD


def scan(case: CaseFile, job: ScanJob, cancel: Callable[[], bool]) -> Iterator[Event]:
    """Scan every exhibit of the case; the last event is `Finished("summary", …)`.

    Raises:
        StoppedFault: `cancel` said so; what was committed stands.
        EvidenceFault: an exhibit cannot be read at all, or is away as the scan begins. One that goes away later is
            waited for.
    """
    run = _Run(case, job, cancel)
    run.begin()
    try:
        with SetFolder(job.sets).open(tuple(one.id for one in job.known)) as sets, closing(job.engine):
            run.prepare(sets)
            for exhibit in run.exhibits:
                yield from run.present(partial(run.walk, exhibit))
                if job.depth is Depth.FULL:
                    yield from run.present(partial(run.deepen, exhibit))
            yield from run.match_again(sets)
            yield from run.present(partial(run.examine, sets))
    except (StoppedFault, EvidenceFault) as fault:
        run.stopped(fault)
        raise
    yield run.finish()


class _Run:
    """One scan's state between its stages."""

    def __init__(self, case: CaseFile, job: ScanJob, cancel: Callable[[], bool]) -> None:
        self.case = case
        self.job = job
        self.cancel = cancel
        self.started = time.monotonic()
        self.cpu_at_start = time.process_time()
        self.workers_cpu = 0.0
        self.peak = 0
        self.exhibits: tuple[Exhibit, ...] = tuple(case.exhibits.all())
        self.scan_id = 0

    def begin(self) -> None:
        """Write the start of the scan, its depth and its sets into the ledger."""
        self.refuse_vanished()
        job, case = self.job, self.case
        now = job.clock()
        with case.transaction():
            case.ledger.append(
                "scan.begin",
                "case",
                who=job.by,
                at=now,
                zone=job.zone,
                public={
                    "depth": job.depth.value,
                    "exhibits": [exhibit.number for exhibit in self.exhibits],
                    "sets": {one.id: one.digest for one in job.known},
                },
            )
            for one in job.known:
                case.sets.record(one, now)
            self.scan_id = case.scans.begin(job.depth.value, now, job.by)

    def prepare(self, sets: OpenSets) -> None:
        """Let the workers start while the first exhibit is listed."""
        if not all(self.case.entries.walk_state(exhibit.number).finished for exhibit in self.exhibits):
            self.job.engine.prepare(MediaTriage(self.exhibits, sets))

    def present(self, stage: Callable[[], Iterator[Event]]) -> Iterator[Event]:
        """Run a stage, and run it again once a drive that went away meanwhile is back."""
        return while_present(self.exhibits, self.cancel, stage)

    def walk(self, exhibit: Exhibit) -> Iterator[Event]:
        """List the exhibit's entries into the case, unless an earlier scan did."""
        if self.case.entries.walk_state(exhibit.number).finished:
            return
        try:
            yield from self._walk_once(exhibit)
        except EvidenceFault as fault:
            if fault.reason not in (Reason.WORKER_DIED, Reason.TIME_LIMIT) or missing(self.exhibits):
                raise
            yield Note(f"listing {exhibit.number} failed and is tried once more: {fault}")
            try:
                yield from self._walk_once(exhibit)
            except EvidenceFault as again:
                if again.reason not in (Reason.WORKER_DIED, Reason.TIME_LIMIT) or missing(self.exhibits):
                    raise
                yield self._walk_given_up(exhibit, again)

    def _walk_once(self, exhibit: Exhibit) -> Iterator[Event]:
        entries: list[Entry] = []
        missed: list[Unexamined] = []
        ordinal = 0
        for value in stream(walk_exhibit, exhibit, cancel=self.cancel, silence=_WALK_SILENCE):
            match value:
                case Entry():
                    entries.append(value)
                case Unexamined():
                    missed.append(value)
                case Walked(table, account):
                    if missed:
                        self.refuse_vanished()
                    with self.case.transaction():
                        self.case.entries.add(exhibit.number, ordinal, entries)
                        self.case.unexamined.add(missed)
                        self.case.exhibits.record_account(exhibit.number, account)
                        self.case.entries.finish_walk(exhibit.number, table)
                    ordinal += len(entries)
            if len(entries) >= _WALK_CHUNK:
                if missed:
                    # What could not be listed because the drive is away would be left out of the order for good.
                    self.refuse_vanished()
                with self.case.transaction():
                    self.case.entries.add(exhibit.number, ordinal, entries)
                ordinal += len(entries)
                entries = []
                yield Progress("listing", ordinal, 0, "entries", where=exhibit.number)
        yield Progress("listing", ordinal, ordinal, "entries", where=exhibit.number)

    def _walk_given_up(self, exhibit: Exhibit, fault: EvidenceFault) -> Event:
        reason = Reason(fault.reason)
        line = Unexamined(exhibit.number, Of.EXHIBIT, Stage.OPEN, reason, f"listing its entries failed twice: {fault}")
        with self.case.transaction():
            self.case.unexamined.add([line])
        return Note(f"{exhibit.number} could not be listed to its end; what was listed is examined")

    def deepen(self, exhibit: Exhibit) -> Iterator[Event]:
        """Add shadow copies and lost files to the case's entries, unless an earlier scan did."""
        if self.case.entries.walk_state(exhibit.number).deepened:
            return
        ordinal, entries, missed = DEEP, list[Entry](), list[Unexamined]()
        try:
            for value in stream(deepen_exhibit, exhibit, cancel=self.cancel, silence=_WALK_SILENCE):
                match value:
                    case Entry():
                        entries.append(value)
                    case Unexamined():
                        missed.append(value)
                    case Progress():
                        yield value
                if len(entries) >= _WALK_CHUNK:
                    self._add_deep(exhibit, ordinal, entries, missed)
                    ordinal += len(entries)
                    entries, missed = [], []
        except EvidenceFault as fault:
            if fault.reason not in (Reason.WORKER_DIED, Reason.TIME_LIMIT) or missing(self.exhibits):
                raise
            missed.append(_not_deepened(exhibit, fault))
            self._add_deep(exhibit, ordinal, entries, missed)
            yield Note(f"{exhibit.number}: searching free space stopped early: {fault}")
            return
        with self.case.transaction():
            self._add_deep(exhibit, ordinal, entries, missed)
            self.case.entries.finish_deep(exhibit.number)

    def _add_deep(self, exhibit: Exhibit, ordinal: int, entries: list[Entry], missed: list[Unexamined]) -> None:
        if missed:
            self.refuse_vanished()
        with self.case.transaction():
            self.case.entries.add(exhibit.number, ordinal, entries)
            self.case.unexamined.add(missed)

    def match_again(self, sets: OpenSets) -> Iterator[Event]:
        """Look up contents that an earlier scan read, where the known sets have changed since."""
        digests = {one.id: one.digest for one in self.job.known}
        if matched_with(self.case) == digests:
            return
        changed = match_again(self.case, sets.lookup, digests)
        if changed:
            yield Note(f"{changed} items that were read before answer otherwise to the sets now switched on")

    def examine(self, sets: OpenSets) -> Iterator[Event]:
        """Read, settle and look at every file not yet examined."""
        amounts = [self.case.entries.pending_amount(exhibit.number) for exhibit in self.exhibits]
        files, total = (sum(part) for part in zip(*amounts, strict=True))
        estimate = Estimate(total)
        done_bytes = done_files = 0
        shown = 0.0
        batches = PendingBatches(self.case, [exhibit.number for exhibit in self.exhibits])
        yield Progress("reading", 0, files, "files")
        answers = self.job.engine.run(MediaTriage(self.exhibits, sets), batches, self.cancel)
        # Closed at once where a drive went away: closing it later would kill the workers of the next try.
        with closing(answers):
            for done in answers:
                yield self._commit(done)
                done_files += len(done.findings)
                done_bytes += sum(finding.size for finding in done.findings)
                files += sum(one.kind is EntryKind.FILE for finding in done.findings for one in finding.members)
                now = time.monotonic()
                estimate.add(now, done_bytes)
                if now - shown > _TICK or done_files == files:
                    shown = now
                    low, high = estimate.left()
                    yield Progress("reading", done_files, files, "files", low, high, f"{done_bytes / 1e6:,.0f} MB read")

    def _commit(self, done: Done) -> Event:
        if any(finding.digests is None for finding in done.findings):
            self.refuse_vanished()
        with self.case.transaction():
            ids = self.case.items.record(done.findings)
        self.workers_cpu += done.cpu_seconds
        self.peak = max(self.peak, done.anonymous_bytes, anonymous_bytes())
        return ItemsFound(tuple(ids), sum(bool(finding.matches) for finding in done.findings))

    def refuse_vanished(self) -> None:
        """Stop rather than list a whole disk as unreadable because its plug was pulled.

        Raises:
            EvidenceFault: a file of an exhibit is gone.
        """
        gone = missing(self.exhibits)
        if gone is not None:
            raise EvidenceFault(
                f"{gone[0].number} is not where it was",
                where=gone[1],
                advice="connect it again and start the scan again; it goes on where it stopped",
            )

    def stopped(self, fault: SakshyaFault) -> None:
        """Write into the ledger that the scan ended early."""
        self.case.ledger.append(
            "scan.stop",
            "case",
            who=self.job.by,
            at=self.job.clock(),
            zone=self.job.zone,
            private={"reason": str(fault)},
        )

    def finish(self) -> Event:
        """Close the scan: digests over the findings, counts, time; in the case and in the ledger."""
        case, job = self.case, self.job
        counts, digests = case.items.counts(), findings_digests(case)
        summary: dict[str, object] = {
            "findings_digest": digests.findings,
            "fingerprints_digest": fingerprints_digest(case, library_versions()),
            "counts": counts_row(counts),
            "fingerprints_made_with": library_versions(),
            "depth": job.depth.value,
            "seconds": round(time.monotonic() - self.started, 3),
            "cpu_seconds": round(time.process_time() - self.cpu_at_start + self.workers_cpu, 3),
            "peak_anonymous_bytes": self.peak,
        }
        now = job.clock()
        with case.transaction():
            case.ledger.append(
                "scan.finish",
                "case",
                who=job.by,
                at=now,
                zone=job.zone,
                public={
                    "findings_digest": digests.findings,
                    "read_digest": digests.read,
                    "fingerprints_digest": str(summary["fingerprints_digest"]),
                    "counts": counts_row(counts),
                    "depth": job.depth.value,
                },
            )
            case.scans.finish(self.scan_id, {"finished_at": iso_utc(now), **summary})
        return Finished("summary", f"scan finished: {counts_line(counts)}", summary)


def _not_deepened(exhibit: Exhibit, fault: EvidenceFault) -> Unexamined:
    detail = f"searching shadow copies and free space stopped early; scan again to go on: {fault}"
    return Unexamined(exhibit.number, Of.EXHIBIT, Stage.CARVE, Reason(fault.reason), detail)
