"""The scan screen: start, watch, stop and go on; and everything that was not examined, with its reason."""

from collections.abc import Mapping
from itertools import islice

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QSpinBox,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from sakshya.gui.parts import action, action_button, button, card, label, line, rename, scrolled
from sakshya.gui.scan.finished import FinishedPage
from sakshya.gui.scan.stage_words import foreseen, live_figures, stage_name, unit_name
from sakshya.gui.scan.unexamined_model import UnexaminedTable
from sakshya.gui.session import Session
from sakshya.gui.texts import isolated, ltr, tr
from sakshya.gui.texts.numbers import count, duration, eta
from sakshya.triage.depth import Depth
from sakshya.triage.events import Note, Progress
from sakshya.triage.forecast import Forecast
from sakshya.workbench import ScanRequest

_STEPS = 1000
_LINES_SHOWN = 5000
_PAUSE_MS = 1500


class ScanScreen(QWidget):
    """`wanted` carries the name of a workspace to go to."""

    wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Page")
        self._session = session
        self._notes: list[str] = []
        self.actions_offered = {
            "scan": action(self, tr("&Start the scan"), self.start, "Ctrl+R"),
            "stop": action(self, tr("Sto&p"), session.stop_job, "Ctrl+."),
            "pause": action(self, tr("Pa&use"), session.pause_job, "Ctrl+,"),
        }
        self._build()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._refresh_if_shown)
        self._connect()

    def activate(self) -> None:
        """Show where the scan stands, and take the focus."""
        self.refresh()
        (self.stop_button if self._session.busy else self.start_button).setFocus()

    def start(self) -> None:
        """Start the scan, or go on where it stopped."""
        self._notes.clear()
        self.foreseen.clear()
        job = self._session.run(tr("Scan"), "scan", request=self._request())
        if job is not None:
            job.ended.connect(self.refresh)

    def _request(self) -> ScanRequest:
        workers = self.workers.value() or None
        return ScanRequest(
            Depth(self.how_far.currentData()), workers, spare=int(self.spare.isChecked() and workers is None)
        )

    def _foresee(self) -> None:
        job = self._session.run(tr("Estimating"), "forecast", request=self._request())
        if job is not None:
            job.done.connect(self._on_foreseen)

    def _on_foreseen(self, foretold: Forecast) -> None:
        self.foreseen.setText(foreseen(foretold))

    def _on_spare(self, wanted: bool) -> None:
        workers = self._request().worker_count()
        self._session.spare_cores(max(1, workers - (0 if self.workers.value() == 0 else 1)) if wanted else None)

    def refresh(self) -> None:
        """Count again."""
        with self._session.guarded():
            case = self._session.case
            unfinished, counts = case.scans.unfinished(), case.items.counts()
            words = tr("&Go on with the scan") if unfinished is not None else tr("&Start the scan")
            rename(self.actions_offered["scan"], words)
            self.ready.setText(tr("{count} undecided are ready to be reviewed.", count=count(counts.undecided)))
            self.review_button.setEnabled(counts.total > 0)
            total = case.unexamined.count()
            lines = list(islice(case.unexamined.all(), _LINES_SHOWN))
            self.model.show_lines(lines)
            reasons = "   ".join(f"{tr(reason.value)}: {count(n)}" for reason, n in case.unexamined.counts().items())
            shown = tr("{count} not examined", count=count(total))
            if total > len(lines):
                shown += "; " + tr(
                    "the first {count} are listed here, all of them in the report", count=count(len(lines))
                )
            self.missed.setText(f"{shown}\n{reasons}" if reasons else tr("Nothing is listed here so far."))
            self.table.setVisible(total > 0)
        self._show_job()

    def _build(self) -> None:
        self.workers = QSpinBox()
        self.workers.setRange(0, 64)
        self.workers.setSpecialValueText(tr("one for each processor core"))
        self.workers.setAccessibleName(tr("Worker processes"))
        self.how_far = QComboBox()
        self.how_far.setAccessibleName(tr("How far"))
        self.how_far.addItem(tr("files, and what lies inside them"), Depth.STANDARD.value)
        self.how_far.addItem(tr("quick: what a set may know by size, then likely pictures"), Depth.QUICK.value)
        self.how_far.addItem(tr("also shadow copies and lost files in free space (slow)"), Depth.FULL.value)
        self.start_button = action_button(self.actions_offered["scan"], role="primary")
        self.stop_button = action_button(self.actions_offered["stop"])
        self.pause_button = action_button(self.actions_offered["pause"])
        self.spare = QCheckBox(tr("leave me one core"))
        self.spare.toggled.connect(self._on_spare)
        self.foresee_button = button(tr("&How long will it take?"), self._foresee)
        self.foreseen = label("", "muted")
        self.finished = FinishedPage()
        self.stage = label("", "heading")
        self.figures = label("", "muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.notes = label("", "muted")
        self.ready = label("", wrap=False)
        self.review_button = button(tr("&Review what is ready"), self._review)
        self.missed: QLabel = label("", "muted")
        self.table = QTableView()
        self.table.setAccessibleName(tr("Not examined"))
        self.model = UnexaminedTable(self)
        self.table.setModel(self.model)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setWordWrap(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.table.horizontalHeader().setStretchLastSection(True)
        self._lay_out()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(tr("How far"), self.how_far)
        form.addRow(tr("Worker processes"), self.workers)
        form.addRow("", self.spare)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        safe = label(
            tr("You can stop, close the window or lose power at any time; a scan goes on where it stopped."), "muted"
        )
        progress = card(self.stage, self.bar, self.figures, self.notes, line(self.ready, None, self.review_button))
        inside = QWidget()
        inside.setObjectName("Page")
        box = QVBoxLayout(inside)
        box.setContentsMargins(20, 14, 20, 14)
        box.setSpacing(10)
        box.addLayout(
            line(label(tr("Scan"), "title", wrap=False), None, self.start_button, self.pause_button, self.stop_button)
        )
        box.addWidget(safe)
        box.addLayout(form)
        box.addLayout(line(self.foresee_button, self.foreseen, None))
        box.addWidget(progress)
        box.addWidget(self.finished)
        box.addWidget(label(tr("Not examined"), "heading"))
        box.addWidget(self.missed)
        box.addWidget(self.table, 1)
        self.table.setMinimumHeight(self.table.fontMetrics().height() * 11)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inside))

    def _connect(self) -> None:
        self._session.progressed.connect(self._on_progress)
        self._session.happened.connect(self._on_events)
        self._session.job_changed.connect(self._show_job)
        self._session.changed.connect(self._on_changed)
        wide = self.fontMetrics().horizontalAdvance("0")
        for column, digits in enumerate((10, 13, 30, 48, 40, 10, 10)):
            self.table.setColumnWidth(column, wide * digits)

    def _show_job(self) -> None:
        busy = self._session.busy
        had_focus = self.stop_button.hasFocus()
        self.actions_offered["stop"].setEnabled(busy)
        self.actions_offered["pause"].setEnabled(busy and self._session.can_rest)
        rename(self.actions_offered["pause"], tr("Go &on") if self._session.paused else tr("Pa&use"))
        self.foresee_button.setEnabled(self._session.free)
        if self.start_button.hasFocus() and busy:
            # A button that is disabled hands its focus to whatever comes next.
            self.stop_button.setFocus()
        self.actions_offered["scan"].setEnabled(self._session.free)
        if had_focus and not busy:
            (self.review_button if self.review_button.isEnabled() else self.start_button).setFocus()
        self.bar.setVisible(busy)
        last = self._session.case.scans.last()
        self.finished.show_summary(None if busy else last)
        if busy:
            resting = tr("resting until you let it go on") if self._session.paused else ""
            self.stage.setText(" · ".join(filter(None, (isolated(self._session.job_title), resting))))
            self.figures.clear()
            self.bar.setRange(0, 0)
        else:
            stopped = self._session.case.scans.unfinished() is not None
            words = tr("The scan is finished.") if last else tr("Not scanned yet.")
            self.stage.setText(tr("The scan is not finished.") if stopped else words)
            self.figures.setText(_resume() if stopped else _summary(last) if last else _first_step())

    def _on_progress(self, step: Progress) -> None:
        self.stage.setText(f"{isolated(self._session.job_title)} · {stage_name(step.stage)}")
        done = f"{count(step.done)} / {count(step.total)}" if step.total else count(step.done)
        parts = [f"{done} {unit_name(step.unit)}", eta(step.eta_low, step.eta_high)]
        if step.live is not None:
            parts += live_figures(step.live)
        elif step.where:
            parts.append(isolated(step.where))
        self.figures.setText(" · ".join(parts))
        self.bar.setRange(0, _STEPS if step.total else 0)
        if step.total:
            self.bar.setValue(step.done * _STEPS // step.total)

    def _on_events(self, events: list[object]) -> None:
        said = [event.text for event in events if isinstance(event, Note)]
        said += [foreseen(event) for event in events if isinstance(event, Forecast)]
        if said:
            self._notes = [*self._notes, *said][-6:]
            self.notes.setText("\n".join(self._notes))

    def _on_changed(self, what: str) -> None:
        if what == "items" and not self._pause.isActive():
            self._pause.start()

    def _refresh_if_shown(self) -> None:
        if self.isVisible():
            self.refresh()

    def _review(self) -> None:
        self.wanted.emit("review")


def _resume() -> str:
    return tr("What was found so far is kept. Go on with the scan, and it takes up where it stopped.")


def _first_step() -> str:
    return tr("Attach an exhibit and import the known sets first; then start the scan.")


def _summary(last: Mapping[str, object]) -> str:
    digest = tr("Findings digest: {digest}", digest=ltr(str(last.get("findings_digest", ""))))
    took = tr("Time taken: {time}", time=duration(float(str(last.get("seconds", 0)))))
    return f"{took}\n{digest}"
