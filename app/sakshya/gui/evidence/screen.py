"""The evidence screen: the exhibits, what is known of each, and the file systems they hold."""

from dataclasses import replace

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import VerificationFault
from sakshya.gui.asking import ask_text
from sakshya.gui.background import Job
from sakshya.gui.evidence.attach_dialog import AttachDialog
from sakshya.gui.evidence.describe import Found, describe, outcome_words
from sakshya.gui.evidence.tree_model import EntryTree
from sakshya.gui.pane import TextPane
from sakshya.gui.parts import action, action_button, label, line
from sakshya.gui.session import Session
from sakshya.gui.texts import isolated, tr
from sakshya.gui.texts.numbers import size
from sakshya.workbench import AttachRequest


class EvidenceScreen(QWidget):
    """Exhibits above, the tree and the details of the chosen one below."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Page")
        self._session = session
        self._shown = ""
        self._dialog: AttachDialog | None = None
        self._request: AttachRequest | None = None
        self.actions_offered = {
            "attach": action(self, tr("&Attach an exhibit…"), self.attach, "Ctrl+E"),
            "verify": action(self, tr("&Compute its digests again"), self._verify),
        }
        self._build()
        session.changed.connect(self._on_changed)
        session.job_changed.connect(self._show_enabled)

    def activate(self) -> None:
        """Show the exhibits as they are now, and take the focus."""
        self.refresh()
        (self.table if self.table.rowCount() else self.attach_button).setFocus()

    def refresh(self) -> None:
        """Read the exhibits again."""
        with self._session.guarded():
            exhibits = self._session.case.exhibits.all()
            self.table.setRowCount(len(exhibits))
            for row, exhibit in enumerate(exhibits):
                self._show_row(row, exhibit)
            self.table.setVisible(bool(exhibits))
            self.splitter.setVisible(bool(exhibits))
            self.empty.setVisible(not exhibits)
            if exhibits and self.table.currentRow() < 0:
                self.table.setCurrentCell(0, 0)
            self._show_exhibit()
        self._show_enabled()

    def attach(self) -> None:
        """Ask what to attach and start attaching it; what was typed before is still there if that failed."""
        if self._dialog is None:
            taken = {exhibit.number for exhibit in self._session.case.exhibits.all()}
            number = next(name for at in range(1, 10_000) if (name := f"EX-{at}") not in taken)
            self._dialog = AttachDialog(self._session.bench.template, number, self)
        if self._dialog.exec() and self._dialog.request is not None:
            self.attach_as(self._dialog.request)

    def attach_as(self, request: AttachRequest) -> None:
        """Start attaching; where a stated digest differs, a reason to go on is asked for."""
        self._request = request
        job = self._session.run(tr("Attaching {number}", number=request.number), "attach", request=request)
        if job is not None:
            job.done.connect(self._forget_dialog)
            job.failed.connect(self._ask_reason, Qt.ConnectionType.QueuedConnection)
        self._follow(job)

    def _forget_dialog(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
        self._dialog = None

    def _ask_reason(self, fault: object) -> None:
        request = self._request
        if not isinstance(fault, VerificationFault) or request is None:
            return
        words = tr("{number} DOES NOT MATCH what was stated.", number=request.number)
        asked = tr("To attach it all the same, give the reason; it prints in the report.")
        reason = ask_text(self, words, f"{words}\n{fault.where}\n\n{asked}")
        if reason:
            self.attach_as(replace(request, reason=reason))

    def _build(self) -> None:
        self.attach_button = action_button(self.actions_offered["attach"], role="primary")
        titles = (tr("Exhibit"), tr("Format"), tr("Size"), tr("Stated and computed digests"), tr("File"))
        self.table = QTableWidget(0, len(titles))
        self.table.setHorizontalHeaderLabels(titles)
        self.table.setAccessibleName(tr("Exhibits"))
        self.table.verticalHeader().hide()
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.currentCellChanged.connect(self._show_exhibit)
        words = tr("No exhibit is attached. Attach a disk image: raw, split raw or E01. It is opened for reading only.")
        self.empty = label(words, "muted")
        self._lay_out()

    def _lay_out(self) -> None:
        self.tree = _Tree()
        self.tree.setAccessibleName(tr("Files of the exhibit"))
        self.tree.setUniformRowHeights(True)
        self.model = EntryTree(self._session.reading, self._session.zone, self)
        self.tree.setModel(self.model)
        self.model.rowsInserted.connect(self._on_rows)
        self.details = TextPane(tr("About this exhibit"))
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.tree)
        self.splitter.addWidget(self.details)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setChildrenCollapsible(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 14, 20, 14)
        box.setSpacing(10)
        top = line(
            label(tr("Evidence"), "title", wrap=False),
            None,
            self.attach_button,
            action_button(self.actions_offered["verify"]),
        )
        box.addLayout(top)
        box.addWidget(self.empty)
        box.addWidget(self.table)
        box.addWidget(self.splitter, 1)
        box.addStretch(0)

    def _show_row(self, row: int, exhibit: Exhibit) -> None:
        outcome, _ = outcome_words(exhibit)
        first = exhibit.files[0] if exhibit.files else ""
        cells = (exhibit.number, exhibit.container.format, size(exhibit.container.size), outcome, isolated(first))
        for column, words in enumerate(cells):
            cell = QTableWidgetItem(words)
            cell.setToolTip(words)
            self.table.setItem(row, column, cell)
        high = self.table.horizontalHeader().height() + sum(
            self.table.rowHeight(at) for at in range(min(self.table.rowCount(), 5))
        )
        self.table.setMaximumHeight(high + 8)

    def _chosen(self) -> str:
        cell = self.table.item(self.table.currentRow(), 0)
        return "" if cell is None else cell.text()

    def _show_exhibit(self) -> None:
        number = self._chosen()
        if not number:
            return
        case = self._session.case
        with self._session.guarded():
            zone = self._session.zone
            volumes, account = case.entries.volumes(number), case.exhibits.account(number)
            found = Found(volumes, account, case.entries.counts(number))
            page = describe(case.exhibits.get(number), self._session.bench.template, zone, found)
            self.details.setHtml(page)
            if self._shown != number:
                self._shown = number
                problems = {one.index: one.problem for one in volumes.volumes if one.problem} if volumes else {}
                self.model.show_exhibit(number, problems)

    def _on_rows(self, parent: QModelIndex, first: int, last: int) -> None:
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
            if self.model.rowCount(index):
                self._span_words(index, range(self.model.rowCount(index)))

    def _verify(self) -> None:
        number = self._chosen()
        if number:
            title = tr("Computing the digests of {number}", number=number)
            self._follow(self._session.run(title, "verify_exhibit", number=number))

    def _follow(self, job: Job | None) -> None:
        if job is not None:
            job.ended.connect(self._session.exhibits_changed)

    def _on_changed(self, what: str) -> None:
        if what == "exhibits":
            self._shown = ""
            self.refresh()
            if self.isVisible() and self.table.rowCount():
                # The button that began the job was disabled meanwhile and has lost the focus.
                self.table.setFocus()

    def _show_enabled(self) -> None:
        free = self._session.free
        self.actions_offered["attach"].setEnabled(free)
        self.actions_offered["verify"].setEnabled(free and bool(self._chosen()))


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
