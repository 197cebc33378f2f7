"""A dialog that stays open until what it asks for is whole, and says on itself what is missing."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from sakshya.domain.faults import SakshyaFault
from sakshya.gui.parts import label, scrolled, set_state
from sakshya.gui.texts import tr


class AskingDialog(QDialog):
    """Subclasses put their questions in with `ask_with` and collect the answers in `answer`."""

    def __init__(self, title: str, verb: str, parent: QWidget | None = None) -> None:
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
        self._buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole).setAutoDefault(False)
        self._buttons.accepted.connect(self._try)
        self._buttons.rejected.connect(self.reject)

    def ask_with(self, inside: QWidget) -> None:
        """Put the questions into the dialog, scrolling where the screen is small."""
        self._box.addWidget(scrolled(inside), 1)
        self._box.addWidget(self.said)
        self._box.addWidget(self._buttons)
        wide, high = self.fontMetrics().horizontalAdvance("0"), self.fontMetrics().height()
        screen = self.screen().availableSize()
        self.resize(min(wide * 92, screen.width() - 40), min(high * 36, screen.height() - 80))

    def answer(self) -> None:
        """Collect the answers.

        Raises:
            SakshyaFault: something is missing or cannot be so; the dialog says it and stays.
        """

    def _try(self) -> None:
        try:
            self.answer()
        except SakshyaFault as fault:
            line = str(fault)
            self.said.setText(f"{line[:1].upper()}{line[1:]}")
            return
        self.accept()
