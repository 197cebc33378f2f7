"""The known sets of this desk, and importing one: read first, shown, and committed only then."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sakshya.domain.match import KnownSet, SetKind
from sakshya.gui.elided import ElidedLabel
from sakshya.gui.pane import TextPane
from sakshya.gui.parts import action, action_button, label, line
from sakshya.gui.session import Session
from sakshya.gui.sets.import_dialog import ImportDialog
from sakshya.gui.sets.plan_page import describe
from sakshya.gui.texts import isolated, ltr, tr
from sakshya.gui.texts.numbers import count
from sakshya.gui.times import both_times
from sakshya.matching.importers import ImportPlan
from sakshya.workbench.bench import schemes


class PlanDialog(QDialog):
    """Shows a plan; accepted means import it."""

    def __init__(self, plan: ImportPlan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("What importing this list would do"))
        self.page = TextPane(self.windowTitle())
        self.page.setHtml(describe(plan))
        buttons = QDialogButtonBox()
        self.go = buttons.addButton(
            tr("Import {count} rows", count=count(plan.used)), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.go.setProperty("role", "primary")
        self.go.setShortcut("Ctrl+Return")
        self.go.setToolTip("Ctrl+Enter")
        self.go.setEnabled(bool(plan.used) and not plan.needs)
        buttons.addButton(tr("Do not import"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.addWidget(self.page)
        box.addWidget(buttons)
        self.resize(self.fontMetrics().horizontalAdvance("0") * 92, self.fontMetrics().height() * 36)


class SetsScreen(QWidget):
    """The sets that a scan would use."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Page")
        self._session = session
        self.actions_offered = {"import": action(self, tr("&Import a known set…"), self.import_set, "Ctrl+I")}
        self.import_button = action_button(self.actions_offered["import"], role="primary")
        titles = (
            tr("Name"), tr("Version"), tr("Kind"), tr("Entries"), tr("Algorithms"), tr("Scheme"), tr("Supplier"),
            tr("Imported"),
        )  # fmt: skip
        self.table = QTableWidget(0, len(titles))
        self.table.setHorizontalHeaderLabels(titles)
        self.table.setAccessibleName(tr("Known sets"))
        self.table.verticalHeader().hide()
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        words = tr(
            "No known sets on this desk. Without one nothing is settled by itself, and every picture is left to you."
        )
        self.empty = label(words, "muted")
        self.folder = ElidedLabel("", "muted")
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 14, 20, 14)
        box.setSpacing(10)
        box.addLayout(line(label(tr("Known sets"), "title", wrap=False), None, self.import_button))
        box.addWidget(label(tr("Sets lie beside cases, not in them. A scan uses every set listed here."), "muted"))
        for one in (self.empty, self.table, self.folder):
            box.addWidget(one, 1 if one is self.table else 0)
        box.addStretch(0)
        session.job_changed.connect(self._show_enabled)
        self._show_enabled()

    def activate(self) -> None:
        """Show the sets as they are now, and take the focus."""
        self.refresh()
        (self.table if self.table.rowCount() else self.import_button).setFocus()

    def refresh(self) -> None:
        """Read the sets again."""
        with self._session.guarded():
            sets = self._session.bench.sets()
            self.table.setRowCount(len(sets))
            for row, known in enumerate(sets):
                self._show_row(row, known)
            self.empty.setVisible(not sets)
            self.table.setVisible(bool(sets))
        self.folder.say(tr("Folder: {path}", path=ltr(str(self._session.bench.desk.sets))))

    def import_set(self) -> None:
        """Ask for a list, read it, and show what importing it would do."""
        dialog = ImportDialog(schemes(), self)
        if not dialog.exec() or dialog.options is None:
            return
        job = self._session.run(tr("Reading the list"), "plan_set", file=dialog.file.path, options=dialog.options)
        if job is not None:
            self._plan: ImportPlan | None = None
            job.done.connect(self._keep_plan)
            job.ended.connect(self._show_plan, Qt.ConnectionType.QueuedConnection)

    def _keep_plan(self, plan: ImportPlan) -> None:
        self._plan = plan

    def _show_plan(self) -> None:
        # Only now, when the first job is over, can the import run as the next.
        plan = self._plan
        if plan is None or not PlanDialog(plan, self).exec():
            return
        job = self._session.run(tr("Importing the set"), "import_set", planned=plan)
        if job is not None:
            job.done.connect(self._on_imported)

    def _on_imported(self, known: KnownSet) -> None:
        self.refresh()
        self.table.setFocus()
        self._session.changed.emit("sets")
        self._session.said.emit(tr("Imported {name}: {count} entries.", name=known.name, count=count(known.entries)))

    def _show_row(self, row: int, known: KnownSet) -> None:
        kind = tr("known material") if known.kind is SetKind.KNOWN else tr("may be left out of view")
        algorithms = ", ".join(f"{name.upper()} {number:,}" for name, number in known.algorithms)
        scheme = f"{known.scheme}@{known.scheme_version}" if known.scheme else tr("none")
        imported = both_times(known.imported_at, self._session.zone)
        cells = (
            isolated(known.name), known.version, kind, count(known.entries), ltr(algorithms), ltr(scheme),
            isolated(known.supplier), imported,
        )  # fmt: skip
        for column, words in enumerate(cells):
            cell = QTableWidgetItem(words)
            cell.setToolTip(words)
            self.table.setItem(row, column, cell)

    def _show_enabled(self) -> None:
        self.actions_offered["import"].setEnabled(self._session.free)
