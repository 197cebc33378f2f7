"""The tree of one exhibit, and beside it the exhibit, the chosen entry and its bytes."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSplitter, QTabWidget, QTreeView, QWidget

from sakshya.domain.entry import Entry, EntryKind
from sakshya.gui.evidence.content_view import ContentView
from sakshya.gui.evidence.entry_page import describe_entry
from sakshya.gui.evidence.tree_model import EntryTree
from sakshya.gui.pane import TextPane
from sakshya.gui.parts import scrolled
from sakshya.gui.session import Session
from sakshya.gui.texts import tr
from sakshya.triage.listing import Layout

_NARROW_ROWS = 60


class BrowsePane(QSplitter):
    """`details` is the page about the exhibit, `entry_page` the one about the entry the tree stands on."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._session = session
        self._ticket = 0
        self._entry: Entry | None = None
        self.tree = _Tree()
        self.tree.setAccessibleName(tr("Files of the exhibit"))
        self.tree.setUniformRowHeights(True)
        self.model = EntryTree(session.reading, session.zone, self)
        self.tree.setModel(self.model)
        self.model.rowsInserted.connect(self._on_rows)
        self.tree.selectionModel().currentChanged.connect(self._on_current)
        self.details = TextPane(tr("About this exhibit"))
        self.entry_page = TextPane(tr("About this entry"))
        self.content = ContentView(session)
        self.tabs = QTabWidget()
        self.tabs.tabBar().setAccessibleName(tr("About the choice"))
        self.tabs.setUsesScrollButtons(True)
        # Scrolled, so that its rows of buttons do not make the least height of the whole window.
        bytes_page = scrolled(self.content)
        for pane, words in ((self.details, tr("Exhibit")), (self.entry_page, tr("Entry")), (bytes_page, tr("Bytes"))):
            pane.setAcceptDrops(False)
            self.tabs.addTab(pane, words)
        self.addWidget(self.tree)
        self.addWidget(self.tabs)
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 2)
        self.setChildrenCollapsible(False)
        session.reading.answered.connect(self._on_answer)
        session.reading.failed.connect(self._on_fault)

    def show_exhibit(self, number: str, problems: dict[int, str]) -> None:
        """Show another exhibit's tree."""
        self.model.show_exhibit(number, problems)
        self._show_entry(None)

    def _on_current(self, now: QModelIndex, _before: QModelIndex) -> None:
        self._show_entry(self.model.entry(now) if now.isValid() else None)

    def _show_entry(self, entry: Entry | None) -> None:
        self._entry, self._ticket = entry, 0
        self.content.show_entry(entry)
        if entry is None:
            self.entry_page.setHtml("")
            return
        if entry.kind is EntryKind.FILE:
            self._ticket = self._session.reading.ask("layout", locator=str(entry.locator))
            self._describe(None)
        else:
            self._describe(Layout((), 0, None))

    def _describe(self, layout: Layout | str | None) -> None:
        if self._entry is not None:
            reasons = self.model.reasons(self.tree.currentIndex())
            self.entry_page.setHtml(describe_entry(self._entry, reasons, self._session.zone, layout))

    def _on_answer(self, ticket: int, answer: object) -> None:
        if ticket == self._ticket and isinstance(answer, Layout):
            self._describe(answer)

    def _on_fault(self, ticket: int, fault: object) -> None:
        if ticket == self._ticket and ticket:
            self._describe(str(fault))

    def _on_rows(self, parent: QModelIndex, first: int, last: int) -> None:
        if last - first < _NARROW_ROWS or self.model.entry(self.model.index(first, 0, parent)) is None:
            self._span_words(parent, range(first, last + 1))
        if not parent.isValid():
            self.tree.expandToDepth(0)
            self.tree.setCurrentIndex(self.model.index(0, 0))
        wide = self.fontMetrics().horizontalAdvance("0")
        for column in range(self.model.columnCount()):
            self.tree.resizeColumnToContents(column)
            self.tree.setColumnWidth(column, min(self.tree.columnWidth(column) + wide, wide * 48))

    def _span_words(self, parent: QModelIndex, rows: range) -> None:
        """Words in the place of entries have the whole width."""
        for row in rows:
            index = self.model.index(row, 0, parent)
            self.tree.setFirstColumnSpanned(row, parent, self.model.entry(index) is None)
            if self.model.rowCount(index) and self.model.entry(self.model.index(0, 0, index)) is None:
                self._span_words(index, range(self.model.rowCount(index)))


class _Tree(QTreeView):
    """Says that it is reading while there is nothing in it yet, so that it never looks empty."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines, or the words in their place."""
        super().paintEvent(event)
        model = self.model()
        if isinstance(model, EntryTree) and model.reading and not model.rowCount():
            painter = QPainter(self.viewport())
            room = self.viewport().rect().adjusted(12, 10, -12, -10)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignLeading.value), tr("Reading the file systems…"))
            painter.end()
