"""The evidence screen: the exhibits, what is known of each, and the file systems they hold."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import VerificationFault
from sakshya.gui.asking import ask_text
from sakshya.gui.background import Job
from sakshya.gui.evidence.attach_dialog import AttachDialog
from sakshya.gui.evidence.attach_queue import AttachQueue
from sakshya.gui.evidence.browse_pane import BrowsePane
from sakshya.gui.evidence.describe import Found, describe, outcome_words
from sakshya.gui.evidence.key_fields import UnlockDialog, readable_warning
from sakshya.gui.evidence.queue_pane import QueuePane
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
            "attach many": action(self, tr("Attach &many…"), self.attach_many),
            "unlock": action(self, tr("Supply &keys…"), self.unlock),
            "verify": action(self, tr("&Compute its digests again"), self._verify),
        }
        self.queue = AttachQueue(self._start_queued, self)
        self.queue.attached.connect(session.exhibits_changed)
        session.job_changed.connect(self.queue.next, Qt.ConnectionType.QueuedConnection)
        self.setAcceptDrops(True)
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
        self._ask_what(())

    def attach_many(self) -> None:
        """Choose files, each an exhibit of its own, and attach them one after the other."""
        options = QFileDialog.Option.DontUseNativeDialog
        found, _ = QFileDialog.getOpenFileNames(self, tr("Each file becomes an exhibit"), "", "", "", options)
        if found:
            self.attach_each(found)

    def attach_each(self, files: Sequence[str]) -> None:
        """Attach each file or folder as an exhibit of its own, in the background."""
        if self._session.shut:
            self._session.said.emit(self._session.shut)
            return
        numbers = self._free_numbers(len(files))
        self.queue.add([AttachRequest((file,), number) for file, number in zip(files, numbers, strict=True)])

    def unlock(self) -> None:
        """Ask for keys of the chosen exhibit, keep them and try them."""
        number = self._chosen()
        if not number:
            return
        dialog = UnlockDialog(number, self._warning(), self)
        if dialog.exec():
            title = tr("Trying keys on {number}", number=number)
            self._follow(self._session.run(title, "unlock", number=number, keys=dialog.keys))
        dialog.deleteLater()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders of this machine, while the case can be written."""
        if self._session.free and _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask about one thing dropped; attach many in the background."""
        files = _dropped(event)
        event.acceptProposedAction()
        if len(files) == 1:
            self._ask_what(files)
        elif files:
            self.attach_each(files)

    def _ask_what(self, files: Sequence[str]) -> None:
        if self._dialog is None:
            (number,) = self._free_numbers(1)
            self._dialog = AttachDialog(self._session.bench.template, number, self._warning(), self)
        if files:
            self._dialog.name_files(files)
        if self._dialog.exec() and self._dialog.request is not None:
            self.attach_as(self._dialog.request)

    def _free_numbers(self, count: int) -> list[str]:
        taken = {exhibit.number for exhibit in self._session.case.exhibits.all()}
        taken |= {one.request.number for one in self.queue.items}
        free = (name for at in range(1, 100_000) if (name := f"EX-{at}") not in taken)
        return [next(free) for _ in range(count)]

    def _warning(self) -> str:
        return readable_warning(encrypted=self._session.case.head.encrypted)

    def _start_queued(self, request: AttachRequest) -> Job | None:
        if not self._session.free:
            return None
        return self._session.run(tr("Attaching {number}", number=request.number), "attach", request=request)

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
        words = tr(
            "No exhibit is attached. Drop disk images, folders or archives here. They are opened for reading only."
        )
        self.empty = label(words, "muted")
        self._lay_out()

    def _lay_out(self) -> None:
        self.splitter = BrowsePane(self._session)
        self.tree, self.model, self.details = self.splitter.tree, self.splitter.model, self.splitter.details
        self.queue_pane = QueuePane(self.queue)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 14, 20, 14)
        box.setSpacing(10)
        top = line(
            label(tr("Evidence"), "title", wrap=False),
            None,
            self.attach_button,
            *(action_button(self.actions_offered[name]) for name in ("attach many", "unlock", "verify")),
        )
        box.addLayout(top)
        box.addWidget(self.empty)
        box.addWidget(self.queue_pane)
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
                self.splitter.show_exhibit(number, problems)

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
        self.actions_offered["attach many"].setEnabled(not self._session.shut)
        for name in ("unlock", "verify"):
            self.actions_offered[name].setEnabled(free and bool(self._chosen()))


def _dropped(event: QDropEvent) -> list[str]:
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
