"""The ledger: every act of the case, and whether its chain is whole."""

from collections import deque

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTableView, QVBoxLayout, QWidget

from sakshya.gui.ledger.model import LedgerTable
from sakshya.gui.parts import action, action_button, label, line, set_state
from sakshya.gui.session import Session
from sakshya.gui.texts import tr
from sakshya.gui.texts.numbers import count

_LINES_SHOWN = 5000


class LedgerScreen(QWidget):
    """The newest lines first; the filter is a part of who, act or subject."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Page")
        self._session = session
        self._ticket = 0
        self.actions_offered = {"check": action(self, tr("&Check the chain"), self.check)}
        self.state = label("", wrap=True)
        self.shown = label("", "muted")
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(tr("Show lines with these words in who, act or subject"))
        self.filter.setAccessibleName(tr("Filter"))
        self.filter.setClearButtonEnabled(True)
        self.table = QTableView()
        self.table.setAccessibleName(tr("Ledger"))
        self.model = LedgerTable(session.zone, self)
        self.table.setModel(self.model)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.table.horizontalHeader().setStretchLastSection(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 14, 20, 14)
        box.setSpacing(10)
        box.addLayout(
            line(label(tr("Ledger"), "title", wrap=False), None, action_button(self.actions_offered["check"]))
        )
        for one in (self.state, self.filter, self.shown, self.table):
            box.addWidget(one, 1 if one is self.table else 0)
        wide = self.fontMetrics().horizontalAdvance("0")
        for column, digits in enumerate((7, 40, 22, 20, 24, 40, 20)):
            self.table.setColumnWidth(column, wide * digits)
        self.filter.returnPressed.connect(self.refresh)
        session.reading.answered.connect(self._on_answer)

    def activate(self) -> None:
        """Show the lines as they are now, check the chain, and take the focus."""
        self.refresh()
        self.check()
        self.table.setFocus()

    def refresh(self) -> None:
        """Read the lines again."""
        words = self.filter.text().casefold().split()
        with self._session.guarded():
            entries = self._session.case.ledger.entries()
            found = (
                entry
                for entry in entries
                if all(part in f"{entry.who} {entry.act} {entry.subject}".casefold() for part in words)
            )
            lines = list(deque(found, maxlen=_LINES_SHOWN))
            self.model.show_lines(lines[::-1])
            shown = tr("{count} lines, the newest first", count=count(len(lines)))
            self.shown.setText(
                shown if len(lines) < _LINES_SHOWN else shown + "; " + tr("older ones are in the bundle")
            )

    def check(self) -> None:
        """Check the whole chain in another process."""
        self.state.setText(tr("Checking the chain…"))
        set_state(self.state, "")
        self._ticket = self._session.reading.ask("ledger_problems")

    def _assurance(self) -> str:
        heads = self._session.case.ledger.sealed_heads()
        if not heads:
            return tr("No head was sealed outside the case yet, so a chain written anew could not be found.")
        last = max(head.seq for head in heads)
        return tr("It is bound up to line {line} by {count} sealed heads.", line=count(last), count=count(len(heads)))

    def _on_answer(self, ticket: int, answer: object) -> None:
        if ticket != self._ticket or not isinstance(answer, list):
            return
        with self._session.guarded():
            seq, head = self._session.case.ledger.head()
            whole = tr("The chain is whole up to line {seq}, hash {head}.", seq=count(seq), head=head[:16])
            self.state.setText("\n".join(answer) if answer else f"{whole} {self._assurance()}")
        set_state(self.state, "bad" if answer else "good")
