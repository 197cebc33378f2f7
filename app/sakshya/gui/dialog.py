"""A dialog that stays open until what it asks for is whole, and says on itself what is missing."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from sakshya.domain.faults import SakshyaFault
from sakshya.gui.parts import label, scrolled, set_state
from sakshya.gui.session import Session
from sakshya.gui.texts import tr

Question = tuple[str, Mapping[str, object]]
"""A method of the clerk and its named values."""


class AskingDialog(QDialog):
    """Subclasses put their questions in with `ask_with` and collect the answers in `answer`."""

    def __init__(self, title: str, verb: str, parent: QWidget | None = None, *, leave: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.said: QLabel = label("")
        set_state(self.said, "bad")
        self._box = QVBoxLayout(self)
        self._buttons = QDialogButtonBox()
        self.go = self._buttons.addButton(verb, QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setProperty("role", "primary")
        # Enter in a field must not send a half-filled form away; Ctrl+Enter and the button do.
        self.go.setAutoDefault(False)
        self.go.setShortcut("Ctrl+Return")
        self.go.setToolTip("Ctrl+Enter")
        self._buttons.addButton(leave or tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole).setAutoDefault(False)
        self._buttons.accepted.connect(self._try)
        self._buttons.rejected.connect(self.reject)

    def ask_with(self, inside: QWidget, *, high: int = 36) -> None:
        """Put the questions into the dialog, scrolling where the screen is small; `high` in lines of text."""
        self._box.addWidget(scrolled(inside), 1)
        self._box.addWidget(self.said)
        self._box.addWidget(self._buttons)
        wide, line = self.fontMetrics().horizontalAdvance("0"), self.fontMetrics().height()
        screen = self.screen().availableSize()
        self.resize(min(wide * 92, screen.width() - 40), min(line * high, screen.height() - 80))

    def answer(self) -> None:
        """Collect the answers.

        Raises:
            SakshyaFault: something is missing or cannot be so; the dialog says it and stays.
        """

    def say(self, words: str, state: str = "bad") -> None:
        """Show one line over the buttons."""
        self.said.setText(f"{words[:1].upper()}{words[1:]}")
        set_state(self.said, state)

    def _try(self) -> None:
        try:
            self.answer()
        except SakshyaFault as fault:
            self.say(str(fault))
            return
        self.accept()


class ClerkDialog(AskingDialog):
    """A dialog whose act is done by the clerk's process, because making a key takes a while.

    Subclasses say in `question` what is asked of the clerk, and do in `take` what follows. A fault is said here.
    """

    def __init__(
        self, session: Session, title: str, verb: str, parent: QWidget | None = None, *, leave: str = ""
    ) -> None:
        super().__init__(title, verb, parent, leave=leave)
        self.session = session
        self._ticket = 0
        self.go.setEnabled(not session.shut)
        if session.shut:
            self.say(session.shut, "warn")
        session.reading.answered.connect(self._on_answer)
        session.reading.failed.connect(self._on_fault)

    def question(self) -> Question:
        """Return what to ask of the clerk.

        Raises:
            SakshyaFault: something is missing or cannot be so; the dialog says it and stays.
        """
        raise AssertionError("a dialog without a question")

    def take(self, answer: object) -> None:
        """Follow the clerk's answer."""

    def _try(self) -> None:
        try:
            method, values = self.question()
        except SakshyaFault as fault:
            self.say(str(fault))
            return
        self.go.setEnabled(False)
        self.say(tr("One moment…"), "")
        self._ticket = self.session.reading.ask(method, **values)

    def _on_answer(self, ticket: int, answer: object) -> None:
        if ticket == self._ticket:
            self.go.setEnabled(True)
            self.say("")
            self.take(answer)

    def _on_fault(self, ticket: int, fault: object) -> None:
        if ticket == self._ticket:
            self.go.setEnabled(True)
            self.say(str(fault))
