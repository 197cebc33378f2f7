"""The queue of exhibits being attached, as a list with its buttons."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableView, QVBoxLayout, QWidget

from sakshya.gui.evidence.attach_queue import AttachQueue
from sakshya.gui.parts import button, label, line
from sakshya.gui.texts import tr

_ROWS_SHOWN = 4


class QueuePane(QWidget):
    """Hidden while the queue is empty."""

    def __init__(self, queue: AttachQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self.table = QTableView()
        self.table.setModel(queue)
        self.table.setAccessibleName(tr("Exhibits being attached"))
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.horizontalHeader().setStretchLastSection(True)
        wide = self.fontMetrics().horizontalAdvance("0")
        self.table.setColumnWidth(0, wide * 12)
        self.table.setColumnWidth(1, wide * 50)
        self.stop = button(tr("Cancel the chosen"), self._cancel)
        self.clear = button(tr("Clear the list"), queue.clear_ended)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(line(label(tr("Being attached"), "heading", wrap=False), None, self.stop, self.clear))
        box.addWidget(self.table)
        for signal in (queue.rowsInserted, queue.modelReset):
            signal.connect(self._show)
        self._show()

    def _cancel(self) -> None:
        self._queue.cancel(sorted(index.row() for index in self.table.selectionModel().selectedRows()))

    def _show(self) -> None:
        rows = self._queue.rowCount()
        self.setVisible(rows > 0)
        high = sum(self.table.rowHeight(row) for row in range(min(rows, _ROWS_SHOWN)))
        self.table.setMaximumHeight(self.table.horizontalHeader().sizeHint().height() + high + 8)
        if self._queue.rowCount() and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
