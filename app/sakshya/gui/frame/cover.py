"""The blank page: two presses of Escape hide everything at once, until Enter."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from sakshya.gui.parts import label
from sakshya.gui.texts import tr


class Cover(QFrame):
    """Lies over the whole window; takes every key but Enter and does nothing with it."""

    lifted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("Cover")
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        words = label(tr("Screen blanked. Press Enter to go on."), "muted")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box = QVBoxLayout(self)
        box.addWidget(words)
        self.setAccessibleName(words.text())
        self.hide()

    def lay(self) -> None:
        """Cover the window now."""
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.show()
        self.raise_()
        self.setFocus()
        self.repaint()

    def event(self, event: QEvent) -> bool:
        """Keep Tab and shortcuts from reaching what lies below."""
        if isinstance(event, QKeyEvent):
            event.accept()
            if event.type() is QKeyEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.hide()
                self.lifted.emit()
            return True
        return super().event(event)
