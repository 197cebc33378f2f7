"""The line under every workspace: the running job with its estimate, when the case was last saved, what undo does."""

from datetime import datetime

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QWidget

from sakshya.gui.elided import ElidedLabel
from sakshya.gui.parts import label
from sakshya.gui.scan.stage_words import stage_name
from sakshya.gui.session import Session
from sakshya.gui.texts import isolated, ltr, tr
from sakshya.gui.texts.numbers import eta
from sakshya.triage.events import Progress

_SAID_MS = 8000
_STEPS = 1000


class StatusLine(QFrame):
    """Follows the session; says short things for a while."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("StatusLine")
        self._session = session
        self._job = ElidedLabel()
        self._bar = QProgressBar()
        self._bar.setRange(0, _STEPS)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress"))
        self._bar.setMaximumWidth(self.fontMetrics().horizontalAdvance("0") * 22)
        self._stop = QPushButton(tr("Stop"))
        self._stop.setAccessibleName(tr("Stop the job"))
        self._said = label("", wrap=False)
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._saved = label("", wrap=False)
        self._undo = ElidedLabel()
        box = QHBoxLayout(self)
        box.setContentsMargins(14, 3, 14, 3)
        box.setSpacing(14)
        for one, stretch in (
            (self._job, 0), (self._bar, 0), (self._stop, 0), (self._said, 1), (self._undo, 0), (self._saved, 0)
        ):  # fmt: skip
            box.addWidget(one, stretch)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.timeout.connect(self._said.clear)
        self._connect()
        self.refresh()

    def say(self, words: str) -> None:
        """Show words for a while; a screen reader finds them as the line's description."""
        self._said.setText(words)
        self._said.setToolTip(words)
        self._quiet.start(_SAID_MS)

    def refresh(self) -> None:
        """Show the job and what undo would take back."""
        busy = self._session.busy
        for one in (self._job, self._bar, self._stop):
            one.setVisible(busy)
        if busy:
            self._job.say(self._session.job_title)
            self._bar.setRange(0, 0)
        words = self._session.undo_words
        self._undo.say(tr("Undo: {what} (Ctrl+Z)", what=isolated(words)) if words else "")

    def _connect(self) -> None:
        self._stop.clicked.connect(self._session.stop_job)
        self._session.said.connect(self.say)
        self._session.progressed.connect(self._on_progress)
        self._session.job_changed.connect(self.refresh)
        self._session.changed.connect(self._on_changed)

    def _on_progress(self, step: Progress) -> None:
        words = f"{stage_name(step.stage)}: {eta(step.eta_low, step.eta_high)}"
        self._job.say(f"{isolated(self._session.job_title)} · {words}")
        if step.total:
            self._bar.setRange(0, _STEPS)
            self._bar.setValue(step.done * _STEPS // step.total)

    def _on_changed(self, what: str) -> None:
        at: datetime = self._session.bench.desk.clock()
        local = at.astimezone(self._session.zone)
        self._saved.setText(tr("Saved {time}", time=ltr(f"{local:%H:%M:%S}")))
        self.refresh()
