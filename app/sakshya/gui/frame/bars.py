"""One clear line over the workspace: what failed, where, and what to do; it stays until it is dismissed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from sakshya.domain.faults import SakshyaFault, StoppedFault
from sakshya.gui.parts import label
from sakshya.gui.texts import tr


class FaultBar(QFrame):
    """Hidden until there is a fault to show."""

    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("FaultBar")
        self._words = label("")
        self._words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        copy = QPushButton(tr("Copy"))
        close = QPushButton(tr("Dismiss"))
        copy.clicked.connect(self._copy)
        close.clicked.connect(self.dismiss)
        box = QHBoxLayout(self)
        box.setContentsMargins(12, 6, 8, 6)
        box.addWidget(self._words, 1)
        box.addWidget(copy)
        box.addWidget(close)
        self.hide()

    @property
    def words(self) -> str:
        """What the bar says; empty while it is hidden."""
        return self._words.text()

    def show_fault(self, fault: SakshyaFault) -> None:
        """Show a fault's one line; a stop that was asked for is no error and reads so."""
        self.setObjectName("NoteBar" if isinstance(fault, StoppedFault) else "FaultBar")
        self.style().unpolish(self)
        self.style().polish(self)
        line = str(fault)
        self._words.setText(f"{line[:1].upper()}{line[1:]}")
        self.setAccessibleName(self._words.text())
        self.show()

    def dismiss(self) -> None:
        """Hide the bar."""
        self._words.clear()
        self.hide()
        self.dismissed.emit()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._words.text())
