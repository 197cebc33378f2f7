"""The first screen: practice case, new case, open a case, and the cases opened last. No picture of anything."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sakshya.gui import theme
from sakshya.gui.icons import icon
from sakshya.gui.parts import label, line, plain
from sakshya.gui.settings import Settings
from sakshya.gui.texts import LANGUAGES, isolated, language, ltr, tr


class StartScreen(QWidget):
    """Asks what to do; does nothing itself."""

    practice_wanted = Signal()
    new_wanted = Signal()
    open_wanted = Signal()
    case_chosen = Signal(str)
    theme_chosen = Signal(str)
    language_chosen = Signal(str)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Page")
        self._settings = settings
        box = QVBoxLayout(self)
        box.setContentsMargins(36, 26, 36, 26)
        box.setSpacing(16)
        box.addLayout(self._head())
        box.addLayout(self._cards())
        box.addWidget(label(tr("Cases opened last"), "heading"))
        self.table = self._table()
        self.empty = label(tr("No case has been opened on this desk. The practice case shows the whole way."), "muted")
        box.addWidget(self.empty)
        box.addWidget(self.table, 1)
        box.addStretch(0)
        self.refresh()

    def activate(self) -> None:
        """Take the focus."""
        self.refresh()
        (self.table if self.table.rowCount() else self.practice).setFocus()

    def refresh(self) -> None:
        """Read the list of cases again."""
        recent = self._settings.recent()
        self.table.setRowCount(len(recent))
        for row, one in enumerate(recent):
            for column, words in enumerate(
                (isolated(one.title), ltr(one.folder), ltr(one.opened_at[:16].replace("T", " ")))
            ):
                cell = QTableWidgetItem(words)
                cell.setData(Qt.ItemDataRole.UserRole, one.folder)
                cell.setToolTip(words)
                self.table.setItem(row, column, cell)
        if recent and self.table.currentRow() < 0:
            self.table.setCurrentCell(0, 0)
        self.table.setVisible(bool(recent))
        self.empty.setVisible(not recent)

    def _head(self) -> QVBoxLayout:
        head = QVBoxLayout()
        self.language = QComboBox()
        self.language.setAccessibleName(tr("Language"))
        for code, name in LANGUAGES.items():
            self.language.addItem(name, code)
        self.language.setCurrentIndex(self.language.findData(language()))
        self.theme = QComboBox()
        self.theme.setAccessibleName(tr("Theme"))
        for name, words in (("dark", tr("Dark")), ("light", tr("Light"))):
            self.theme.addItem(words, name)
        self.theme.setCurrentIndex(self.theme.findData(theme.current().name))
        self.language.activated.connect(self._on_language)
        self.theme.activated.connect(self._on_theme)
        head.addLayout(line(label("Sakshya  साक्ष्य", "title", wrap=False), None, self.language, self.theme))
        head.addWidget(
            label(
                tr("Forensic triage: evidence is read and never written, and pictures stay blurred until held open."),
                "muted",
            )
        )
        return head

    def _cards(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(12)
        self.practice = _card(
            "practice", tr("&Practice case"), tr("A generated, harmless disk. Learn every step on it.")
        )
        self.new = _card("new", tr("&New case"), tr("Particulars from a template, then attach the exhibits."))
        self.open = _card("open", tr("&Open a case"), tr("Choose the case's folder."))
        for column, (made, signal) in enumerate(
            ((self.practice, self.practice_wanted), (self.new, self.new_wanted), (self.open, self.open_wanted))
        ):
            made.clicked.connect(signal)
            grid.addWidget(made, 0, column)
            grid.setColumnStretch(column, 1)
        return grid

    def _table(self) -> QTableWidget:
        table = _CaseTable(0, 3)
        table.setHorizontalHeaderLabels([tr("Case"), tr("Folder"), tr("Opened")])
        table.setAccessibleName(tr("Cases opened last"))
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        table.chosen.connect(self._on_chosen)
        table.itemDoubleClicked.connect(self._on_chosen)
        return table

    def _on_chosen(self) -> None:
        cell = self.table.item(self.table.currentRow(), 0)
        if cell is not None:
            self.case_chosen.emit(cell.data(Qt.ItemDataRole.UserRole))

    def _on_language(self) -> None:
        self.language_chosen.emit(self.language.currentData())

    def _on_theme(self) -> None:
        self.theme_chosen.emit(self.theme.currentData())


class _CaseTable(QTableWidget):
    """A table whose Enter key chooses, on every platform."""

    chosen = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
            return
        super().keyPressEvent(event)


def _card(drawing: str, title: str, words: str) -> QPushButton:
    made = QPushButton()
    made.setProperty("role", "card")
    made.setAutoDefault(True)
    made.setAccessibleName(plain(title))
    made.setAccessibleDescription(words)
    inside = QVBoxLayout(made)
    inside.setContentsMargins(18, 16, 18, 16)
    picture = QLabel()
    picture.setPixmap(icon(drawing, theme.current().text, side=30).pixmap(30, 30))
    heading, muted = label(plain(title), "heading"), label(words, "muted")
    for one in (picture, heading, muted):
        one.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside.addWidget(one)
    inside.addStretch(1)
    made.setMinimumHeight(made.fontMetrics().height() * 8)
    made.setShortcut(f"Alt+{title[title.index('&') + 1]}" if "&" in title else "")
    return made
