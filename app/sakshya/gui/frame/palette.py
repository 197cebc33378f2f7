"""Every command by name: type a part of it, Enter runs it. The same actions as in the menus."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from sakshya.gui.parts import plain
from sakshya.gui.texts import tr

_ROLE = Qt.ItemDataRole.UserRole


class CommandPalette(QDialog):
    """A line to type in, and the commands that agree with it."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Commands"))
        self._actions = [one for one in actions if one.isEnabled() and one.text()]
        self._words = QLineEdit()
        self._words.setPlaceholderText(tr("Type a part of a command's name"))
        self._words.setAccessibleName(tr("Command"))
        self._list = QListWidget()
        self._list.setAccessibleName(tr("Commands"))
        box = QVBoxLayout(self)
        box.addWidget(self._words)
        box.addWidget(self._list)
        self._words.textChanged.connect(self._show)
        self._words.returnPressed.connect(self._run)
        self._list.itemActivated.connect(self._run)
        self._words.installEventFilter(self)
        self._show("")
        self.resize(self.fontMetrics().horizontalAdvance("0") * 60, self.fontMetrics().height() * 22)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the up and down keys move in the list while typing."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {int(Qt.Key.Key_Up.value): -1, int(Qt.Key.Key_Down.value): 1}.get(event.key(), 0)
            if step and self._list.count():
                self._list.setCurrentRow(min(max(self._list.currentRow() + step, 0), self._list.count() - 1))
                return True
        return super().eventFilter(watched, event)

    def _show(self, words: str) -> None:
        self._list.clear()
        parts = words.casefold().split()
        for at, one in enumerate(self._actions):
            name, _, hint = plain(one.text()).partition("\t")
            keys = one.shortcut().toString(QKeySequence.SequenceFormat.NativeText) or hint
            if all(part in name.casefold() for part in parts):
                line = QListWidgetItem(f"{name}    {keys}".rstrip(), self._list)
                line.setData(_ROLE, at)
        self._list.setCurrentRow(0)

    def _run(self) -> None:
        line = self._list.currentItem()
        if line is not None:
            self.accept()
            self._actions[int(line.data(_ROLE))].trigger()
