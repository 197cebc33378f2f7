"""The scan: walks, settles and examines every file of a case's exhibits, one transaction a batch.

It is a generator that can be stopped anywhere and run again: what was committed is not repeated.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sakshya.casefile.balance import balance
from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.findings_digest import findings_digests, fingerprints_digest
from sakshya.casefile.reached import reached
from sakshya.casefile.rematch import match_again, matched_with
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import EvidenceFault, SakshyaFault, StoppedFault
from sakshya.domain.match import KnownSet
from sakshya.domain.moment import iso_utc
from sakshya.matching.exact import OpenSets
from sakshya.matching.sets import SetFolder
from sakshya.triage.batches import PendingBatches
from sakshya.triage.depth import Depth
from sakshya.triage.engine.batch import Done, Engine
from sakshya.triage.engine.worker_main import anonymous_bytes
from sakshya.triage.events import Event, Finished, ItemsFound, Note
from sakshya.triage.forecast import forecast, keep_rates, rates_here, require_room
from sakshya.triage.library_versions import library_versions
from sakshya.triage.lister import Lister
from sakshya.triage.meter import Meter
from sakshya.triage.presence import refuse_vanished, while_present
from sakshya.triage.selection import Chosen, by_likelihood, by_size, distinct
from sakshya.triage.steering import Steering, steering
from sakshya.triage.summary import counts_line, counts_row
from sakshya.triage.worker import MediaTriage


@dataclass(frozen=True, slots=True)
class ScanJob:
    """What to scan with: the folder of known sets, the sets that are switched on, the engine, and who asked when.

    `rates` is the file where this machine's rates are kept between scans.
    """

    sets: Path
    known: tuple[KnownSet, ...]
    engine: Engine
    by: str
    zone: str
    clock: Callable[[], datetime]
    rates: Path
    depth: Depth = Depth.STANDARD


def scan(case: CaseFile, job: ScanJob, cancel: Callable[[], bool]) -> Iterator[Event]:
    """Scan every exhibit of the case; the last event is `Finished("summary", …)`.

    `cancel` may be a `Steering`, which also pauses the work, spares cores and says what to look at first.

    Raises:
        StoppedFault: `cancel` said so; what was committed stands.
        DiskFullFault: the disk that holds the case is too small for what the scan would record.
        EvidenceFault: an exhibit cannot be read at all, or is away as the scan begins. One that goes away later is
            waited for.
    """
    run = _Run(case, job, steering(cancel))
    run.begin()
    try:
        with SetFolder(job.sets).open(tuple(one.id for one in job.known)) as sets, closing(job.engine):
            run.prepare(sets)
            for exhibit in run.exhibits:
                yield from run.present(partial(run.lister.walk, exhibit))
            yield from run.match_again(sets)
            yield from run.foretell()
            yield from run.present(partial(run.examine, sets))
            if job.depth is Depth.FULL:
                for exhibit in run.exhibits:
                    yield from run.present(partial(run.lister.deepen, exhibit))
                yield from run.present(partial(run.examine, sets))
    except (StoppedFault, EvidenceFault) as fault:
        run.stopped(fault)
        raise
    yield run.finish()


class _Run:
    """One scan's state between its stages."""

    def __init__(self, case: CaseFile, job: ScanJob, wishes: Steering) -> None:
        self.case = case
        self.job = job
        self.wishes = wishes
        self.started = time.monotonic()
        self.cpu_at_start = time.process_time()
        self.workers_cpu = 0.0
        self.peak = 0
        self.exhibits: tuple[Exhibit, ...] = tuple(case.exhibits.all())
        self.numbers = [exhibit.number for exhibit in self.exhibits]
        self.lister = Lister(case, self.exhibits, wishes.hold)
        self.rates = rates_here(job.rates)
        self.meter = Meter(self.rates)
        self.scan_id = 0

    def begin(self) -> None:
        """Write the start of the scan, its depth and its sets into the ledger."""
        refuse_vanished(self.exhibits)
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
                    "exhibits": list(self.numbers),
                    "sets": {one.id: one.digest for one in job.known},
                },
            )
            for one in job.known:
                case.sets.record(one, now)
            self.scan_id = case.scans.begin(job.depth.value, now, job.by)

    def prepare(self, sets: OpenSets) -> None:
        """Let the workers start while the first exhibit is listed."""
        if not all(self.case.entries.walk_state(number).finished for number in self.numbers):
            self.job.engine.prepare(MediaTriage(self.exhibits, sets))

    def present(self, stage: Callable[[], Iterator[Event]]) -> Iterator[Event]:
        """Run a stage, and run it again once a drive that went away meanwhile is back."""
        return while_present(self.exhibits, self.wishes, stage)

    def match_again(self, sets: OpenSets) -> Iterator[Event]:
        """Look up contents that an earlier scan read, where the known sets have changed since."""
        digests = {one.id: one.digest for one in self.job.known}
        if matched_with(self.case) == digests:
            return
        changed = match_again(self.case, sets.lookup, digests)
        if changed:
            yield Note(f"{changed} items that were read before answer otherwise to the sets now switched on")

    def foretell(self) -> Iterator[Event]:
        """Say what there is to do, and refuse what the case's disk cannot hold."""
        foretold = forecast(self.case, self.numbers, self.rates, self.job.engine.workers)
        yield foretold
        require_room(self.case, foretold.case_bytes)
        self.meter.expect(foretold)

    def _first(self, sets: OpenSets) -> tuple[Sequence[Chosen], list[Event]]:
        """Return what is read before everything else, and what there is to say about it."""
        sized = by_size(self.case, self.numbers, sets.sizes())
        first = list(sized.groups) if sized.narrows else []
        if self.job.depth is not Depth.QUICK:
            return first, []
        likely = by_likelihood(self.case, self.numbers)
        return [*first, *likely], [Note(sized.words())]

    def examine(self, sets: OpenSets) -> Iterator[Event]:
        """Read and settle every file not yet examined, or those a quick scan chooses, and look at what is left."""
        first, said = self._first(sets)
        yield from said
        quick = self.job.depth is Depth.QUICK
        batches = PendingBatches(self.case, self.numbers, first, only_first=quick, wanted=self.wishes)
        self.meter.begin(reached(self.case), distinct(first) if quick else None)
        yield self.meter.progress()
        answers = self.job.engine.run(MediaTriage(self.exhibits, sets), batches, self._steered)
        # Closed at once where a drive went away: closing it later would kill the workers of the next try.
        with closing(answers):
            for done in answers:
                yield self._commit(done)
                batches.finished(done.findings)
                self.meter.add(done)
                if self.meter.is_due():
                    yield self.meter.progress()
        yield self.meter.progress()

    def _steered(self) -> bool:
        stop = self.wishes()
        self.job.engine.at_most = self.wishes.at_most()
        return stop

    def _commit(self, done: Done) -> Event:
        if any(finding.digests is None for finding in done.findings):
            refuse_vanished(self.exhibits)
        with self.case.transaction():
            ids = self.case.items.record(done.findings)
        self.workers_cpu += done.cpu_seconds
        self.peak = max(self.peak, done.anonymous_bytes, anonymous_bytes())
        return ItemsFound(tuple(ids), sum(bool(finding.matches) for finding in done.findings))

    def stopped(self, fault: SakshyaFault) -> None:
        """Write into the ledger that the scan ended early, and how far it came."""
        came = reached(self.case)
        self.case.ledger.append(
            "scan.stop",
            "case",
            who=self.job.by,
            at=self.job.clock(),
            zone=self.job.zone,
            public={"depth": self.job.depth.value, "files_done": came.files_done, "files": came.files},
            private={"reason": str(fault)},
        )

    def finish(self) -> Event:
        """Close the scan: digests over the findings, counts, time; in the case and in the ledger."""
        case, job = self.case, self.job
        keep_rates(job.rates, self.meter.settled, self.meter.looked, self.rates)
        counts, digests, came = case.items.counts(), findings_digests(case), reached(case)
        summary: dict[str, object] = {
            "findings_digest": digests.findings,
            "fingerprints_digest": fingerprints_digest(case, library_versions()),
            "counts": counts_row(counts),
            "fingerprints_made_with": library_versions(),
            "depth": job.depth.value,
            "reached": came.as_json(),
            "balance": balance(case).as_json(),
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
        words = f"scan finished: {counts_line(counts)}"
        return Finished("summary", f"{words}; {came.words()}" if came.partial else words, summary)
