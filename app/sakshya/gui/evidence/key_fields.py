"""Asks for the keys of what is encrypted: typed unseen, or from files; never shown again."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from sakshya.domain.faults import OperatorFault
from sakshya.gui.dialog import AskingDialog
from sakshya.gui.parts import button, label, line
from sakshya.gui.paths import PathLine, Wanted
from sakshya.gui.texts import tr
from sakshya.workbench.unlock import keys_in

_MOST = 20


class KeyFields(QWidget):
    """Password lines, one more as wanted, and key files."""

    def __init__(self, warning: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: list[QLineEdit] = []
        self._box = QVBoxLayout()
        self._more = button(tr("Another key"), self.add_line)
        self.files = PathLine(tr("Key files"), Wanted.FILES)
        self.files.line.setPlaceholderText(tr("From a file: keys one a line, or a key file"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        words = tr("Passwords and recovery keys. Each is tried on whatever is encrypted; nothing is guessed.")
        whole.addWidget(label(words, "muted"))
        whole.addLayout(self._box)
        whole.addLayout(line(self._more, None))
        whole.addWidget(self.files)
        kept = tr("Keys are kept in the case file only, and stand in no report, bundle or ledger.")
        whole.addWidget(label(f"{kept} {warning}".strip(), "muted"))
        self.add_line()

    def add_line(self) -> None:
        """Offer one more line to type a key in."""
        made = QLineEdit()
        made.setEchoMode(QLineEdit.EchoMode.Password)
        made.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        made.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        made.setPlaceholderText(tr("Password or recovery key"))
        made.setAccessibleName(tr("Key {number}", number=len(self.lines) + 1))
        self.lines.append(made)
        self._box.addWidget(made)
        self._more.setEnabled(len(self.lines) < _MOST)
        if len(self.lines) > 1:
            made.setFocus()

    def keys(self) -> tuple[str, ...]:
        """Return the keys typed and those of the files, each once.

        Raises:
            OperatorFault: a file cannot be read or holds none.
        """
        typed = [one.text() for one in self.lines if one.text()]
        for path in self.files.paths:
            typed += keys_in(path)
        return tuple(dict.fromkeys(typed))


class UnlockDialog(AskingDialog):
    """`keys` holds the answers once the dialog was accepted."""

    def __init__(self, number: str, warning: str, parent: QWidget | None = None) -> None:
        super().__init__(tr("Supply keys for {number}", number=number), tr("Keep and try them"), parent)
        self.keys: tuple[str, ...] = ()
        self.fields = KeyFields(warning)
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.addWidget(self.fields)
        box.addStretch(1)
        self.ask_with(inside, high=18)
        self.fields.lines[0].setFocus()

    def answer(self) -> None:
        """Collect the keys."""
        self.keys = self.fields.keys()
        if not self.keys:
            raise OperatorFault(tr("no key was given"), advice=tr("type one, or choose a file"))


def readable_warning(*, encrypted: bool) -> str:
    """Return what to say where the case file protects nothing."""
    return "" if encrypted else tr("This case is not encrypted: the keys stand readable in its case file.")
