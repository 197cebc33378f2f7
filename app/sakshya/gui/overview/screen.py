"""The first screen of a case: what was found, in numbers that open what they count, and what comes next."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sakshya.casefile.items import ItemCounts
from sakshya.domain.item import Status
from sakshya.gui.flow import Flow
from sakshya.gui.overview.steps import Step, next_step, steps_of
from sakshya.gui.parts import button, card, label, line, page, scrolled, set_state
from sakshya.gui.review.facets_panel import Chosen
from sakshya.gui.review.tile_words import status_name
from sakshya.gui.session import Session
from sakshya.gui.texts import isolated, tr
from sakshya.gui.texts.numbers import count

_FIGURES = (
    Status.UNDECIDED, Status.DECIDED, Status.KNOWN, Status.IGNORABLE, Status.NOT_MEDIA, Status.UNEXAMINED
)  # fmt: skip
_PAUSE_MS = 1000


class OverviewScreen(QWidget):
    """`opened` carries a filter for the review, `wanted` the name of a workspace."""

    opened = Signal(object)
    wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.shown: list[Step] = []
        self._figures: dict[Status, QPushButton] = {}
        self._build()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._refresh_if_shown)
        session.changed.connect(self._on_changed)

    def activate(self) -> None:
        """Count again, and put the focus on the next step."""
        self.refresh()
        self.next.setFocus()

    def refresh(self) -> None:
        """Show the numbers and steps as they are now."""
        with self._session.guarded():
            case = self._session.case
            counts = case.items.counts()
            self._show_counts(counts)
            self._session.read_ledger()
            self._show_steps(steps_of(case, counts, self._session.acts))
            head = case.head
            facts = "   ".join(isolated(head.fields[key]) for key in _HEAD_FIELDS if head.fields.get(key))
            self.head.setText(facts)

    def _build(self) -> None:
        self.head = label("", "muted")
        self.sentence = label("", "heading")
        figures = QWidget()
        flow = Flow(figures, spacing=10)
        for status in _FIGURES:
            flow.addWidget(self._figure(status))
        self.next = button("", self._go_next, role="primary")
        self.steps = QGridLayout()
        self.steps.setHorizontalSpacing(18)
        self.steps.setVerticalSpacing(6)
        self.steps.setColumnStretch(2, 1)
        inside = page(
            tr("Overview"), self.head, self.sentence, figures,
            card(line(label(tr("What comes next"), "heading", wrap=False), None, self.next), self.steps),
        )  # fmt: skip
        inside.layout().addStretch(1)  # type: ignore[union-attr]
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inside))

    def _figure(self, status: Status) -> QWidget:
        made = QPushButton()
        made.setProperty("role", "card")
        made.setObjectName(status.value)
        made.setAutoDefault(False)
        made.clicked.connect(self._on_figure)
        inside = QVBoxLayout(made)
        number, words = label("0", "figure", wrap=False), label(status_name(status), "muted", wrap=False)
        for one in (number, words):
            one.setAlignment(Qt.AlignmentFlag.AlignCenter)
            one.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            inside.addWidget(one)
        made.setMinimumSize(inside.sizeHint().expandedTo(_room(made)))
        self._figures[status] = made
        return made

    def _show_counts(self, counts: ItemCounts) -> None:
        for status, made in self._figures.items():
            number = int(getattr(counts, status.value.replace("-", "_")))
            shown = made.findChildren(QLabel)[0]
            shown.setText(count(number))
            made.setAccessibleName(f"{status_name(status)}: {count(number)}")
            made.setMinimumSize(made.layout().sizeHint().expandedTo(_room(made)))  # type: ignore[union-attr]
        if not counts.total:
            self.sentence.setText(tr("Nothing has been scanned yet."))
            return
        words = tr(
            "{settled} of {total} contents are settled by known sets and need not be opened.",
            settled=count(counts.known + counts.ignorable), total=count(counts.total),
        )  # fmt: skip
        self.sentence.setText(words)

    def _show_steps(self, steps: list[Step]) -> None:
        while (taken := self.steps.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                # Hidden at once: until the event loop deletes it, it would lie over what takes its place.
                widget.hide()
                widget.deleteLater()
        self.shown, upcoming = steps, next_step(steps)
        self.next.setVisible(upcoming is not None)
        for row, step in enumerate(steps):
            mark = label("✓" if step.done else str(row + 1), wrap=False)
            set_state(mark, "good" if step.done else ("warn" if step is upcoming else ""))
            title = button(step.title, self._on_step, role="link")
            title.setObjectName(step.workspace)
            self.steps.addWidget(mark, row, 0)
            self.steps.addWidget(title, row, 1)
            self.steps.addWidget(label(step.state, "muted"), row, 2)
            if step is upcoming:
                self.next.setText(step.title)
                self.next.setProperty("workspace", step.workspace)

    def _go_next(self) -> None:
        self.wanted.emit(self.next.property("workspace"))

    def _on_step(self) -> None:
        self.wanted.emit(self.sender().objectName())

    def _on_figure(self) -> None:
        chosen: Chosen = {"status": frozenset({self.sender().objectName()})}
        self.opened.emit(chosen)

    def _on_changed(self, what: str) -> None:
        if not self._pause.isActive():
            self._pause.start()

    def _refresh_if_shown(self) -> None:
        if self.isVisible():
            self.refresh()


_HEAD_FIELDS = ("unit_name", "fir_no", "enquiry_no", "police_station", "sections", "investigating_officer")


def _room(widget: QWidget) -> QSize:
    return QSize(widget.fontMetrics().horizontalAdvance("0") * 16, widget.fontMetrics().height() * 5)
