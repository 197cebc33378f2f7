"""One open case as the window sees it: what widgets call, and what they are told.

A widget shows, a model holds, the session acts. Everything long runs in another process.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.driver import Mode
from sakshya.casefile.lock import read_holder
from sakshya.domain.category import CodeMeaning, Scheme
from sakshya.domain.decision import Decision
from sakshya.domain.faults import OperatorFault, SakshyaFault
from sakshya.domain.item import ItemId
from sakshya.gui.background import Clerk, Job, Target, Work
from sakshya.gui.clerk_work import serve
from sakshya.gui.report.paper_work import print_papers
from sakshya.gui.texts import tr
from sakshya.review.exposure import LOOK
from sakshya.triage.events import ItemsFound, Progress
from sakshya.workbench import Workbench
from sakshya.workbench.bench import schemes
from sakshya.workbench.jobs import run_job, ticket


class Session(QObject):
    """Acts on one case and says what changed: "exhibits", "items", "sets", "decisions", "looks" or "papers"."""

    changed = Signal(str)
    said = Signal(str)
    faulted = Signal(object)
    progressed = Signal(object)
    happened = Signal(list)
    job_changed = Signal()

    def __init__(self, bench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bench = bench
        self.job: Job | None = None
        self.job_title = ""
        self.paused = False
        self.can_rest = False
        self.progress: Progress | None = None
        self.shut = _why_shut(bench.case)
        self.undo_words = ""
        self.acts: set[str] = set()
        self._opened: set[str] = set()
        self._read_to = 0
        self._scheme: Scheme | None = None
        self._meanings: dict[str, str] = {}
        self.looking = self._clerk()
        self.reading = self._clerk()

    def _clerk(self) -> Clerk:
        return Clerk(Work(serve, (ticket(self.bench),)), self)

    @property
    def case(self) -> CaseFile:
        """The case, for reading by the models."""
        return self.bench.case

    @property
    def zone(self) -> ZoneInfo:
        """The case's zone, shown beside UTC."""
        return ZoneInfo(self.case.head.zone)

    @property
    def scheme(self) -> Scheme:
        """The scheme in which this case's examiners decide."""
        if self._scheme is None:
            self._scheme = self.bench.scheme()
        return self._scheme

    @property
    def meanings(self) -> dict[str, str]:
        """What each code of every scheme means, by the category's text form."""
        if not self._meanings:
            for scheme in schemes().values():
                for one in scheme.codes:
                    self._meanings[str(scheme.category(one.code))] = one.label
        return self._meanings

    @property
    def looks(self) -> int:
        """Number of distinct items that anybody opened in clear, as far as the ledger was read."""
        return len(self._opened)

    def read_ledger(self) -> None:
        """Take note of the acts since the last time: which there were, and which items were opened."""
        with self.guarded():
            for entry in self.case.ledger.entries(self._read_to + 1):
                self._read_to = entry.seq
                self.acts.add(entry.act)
                if entry.act == LOOK:
                    self._opened.add(entry.subject)

    @property
    def free(self) -> bool:
        """True while an act can be begun: no job runs, and the case is open for writing."""
        return self.job is None and not self.shut

    def signs(self) -> bool:
        """Tell whether the person who acts has a signing key in this case."""
        return any(one.public_key for one in self.case.people.all() if one.name == self.bench.who)

    @property
    def busy(self) -> bool:
        """True while a job runs."""
        return self.job is not None

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Show a fault raised inside as one line on the screen; a bug is not caught."""
        try:
            yield
        except SakshyaFault as fault:
            self.faulted.emit(fault)

    def run(self, title: str, method: str, **arguments: object) -> Job | None:
        """Run a method of the workbench in another process; None, and a line on the screen, while one runs already."""
        return self._start(title, run_job, method, arguments)

    def print_papers(self, title: str, method: str, **arguments: object) -> Job | None:
        """Run a method of the workbench that writes papers; what is done is a list of paths."""
        return self._start(title, print_papers, method, arguments)

    def _start(self, title: str, target: Target, method: str, arguments: dict[str, object]) -> Job | None:
        if self.shut:
            self.said.emit(self.shut)
            return None
        if self.job is not None:
            advice = tr("wait for it or stop it first")
            self.faulted.emit(OperatorFault(tr("another job is running"), where=self.job_title, advice=advice))
            return None
        job = Job(Work(target, (ticket(self.bench), method, arguments)), self)
        self.job, self.job_title, self.progress, self.paused = job, title, None, False
        self.can_rest = method == "scan"
        job.happened.connect(self._on_events)
        job.failed.connect(self.faulted)
        job.ended.connect(self._on_ended)
        self.job_changed.emit()
        return job

    def stop_job(self) -> None:
        """Ask the running job to stop."""
        if self.job is not None:
            self.job.cancel()
            self.said.emit(tr("Stopping; what was done so far stands."))

    def pause_job(self) -> None:
        """Let the running scan rest, or go on; what it holds in hand is finished first."""
        if self.job is not None and self.can_rest:
            self.paused = not self.paused
            self.job.tell("pause" if self.paused else "resume")
            self.job_changed.emit()

    def spare_cores(self, workers: int | None) -> None:
        """Let the running scan use only so many workers, None all it has."""
        if self.job is not None and self.can_rest:
            self.job.tell("workers", workers)

    def want(self, items: Sequence[int]) -> None:
        """Let the running scan look at these items before others."""
        if self.job is not None and self.can_rest and items:
            self.job.tell("wanted", [int(one) for one in items])

    def decide(self, items: Sequence[int], code: CodeMeaning, reason: str = "") -> list[Decision]:
        """Put items into a category of the case's scheme, as one step; an empty list where it failed."""
        made: list[Decision] = []
        if self.shut:
            self.said.emit(self.shut)
            return made
        with self.guarded():
            made = self.bench.decide([ItemId(item) for item in items], self.scheme.category(code.code), reason)
            what = f"#{items[0]}" if len(items) == 1 else tr("{count} items", count=len(items))
            self.undo_words = f"{what} → {code.label}"
            self.changed.emit("decisions")
        return made

    def undo(self) -> list[int]:
        """Take back the last decision; return the items it was about."""
        taken: list[Decision] = []
        with self.guarded():
            taken = self.bench.undo()
            self.undo_words = ""
            self.said.emit(tr("Taken back.") if taken else tr("There is nothing to take back."))
            self.changed.emit("decisions")
        return [one.item for one in taken]

    def exhibits_changed(self) -> None:
        """Let readers start anew, with the exhibits as they are now."""
        self.bench.forget_readers()
        for clerk in (self.looking, self.reading):
            clerk.start_anew()
        self.changed.emit("exhibits")

    def close(self) -> None:
        """Stop what runs and close the case; everything committed stands."""
        if self.job is not None:
            self.job.close()
        self.looking.close()
        self.reading.close()
        self.bench.close()

    def _on_events(self, events: list[object]) -> None:
        steps = [event for event in events if isinstance(event, Progress)]
        if steps:
            self.progress = steps[-1]
            self.progressed.emit(steps[-1])
        if any(isinstance(event, ItemsFound) for event in events):
            self.changed.emit("items")
        self.happened.emit(events)

    def _on_ended(self) -> None:
        job, self.job, self.progress = self.job, None, None
        if job is not None:
            job.deleteLater()
        self.job_changed.emit()


def _why_shut(case: CaseFile) -> str:
    if case.mode is not Mode.READ:
        return ""
    holder = read_holder(case.folder)
    if holder is None:
        return tr("This case is open for reading only.")
    return tr("This case is open for reading only: {user} on {host} works in it.", user=holder.user, host=holder.host)
