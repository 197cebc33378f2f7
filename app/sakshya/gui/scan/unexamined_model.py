"""The list of what was not examined, each line with its reason."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from sakshya.domain.locator import Locator
from sakshya.domain.unexamined import Of, Unexamined
from sakshya.gui.texts import ltr, tr
from sakshya.gui.texts.numbers import size

_ROOT = QModelIndex()


class UnexaminedTable(QAbstractTableModel):
    """Columns: exhibit, what, stage, reason, detail, where, bytes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: Sequence[Unexamined] = ()

    def show_lines(self, lines: Sequence[Unexamined]) -> None:
        """Show these lines."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """Return the number of columns."""
        return 7

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """Return a column's title."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        titles = (tr("Exhibit"), tr("What"), tr("Reason"), tr("Detail"), tr("Where"), tr("Size"), tr("Stage"))
        return titles[section]

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return a cell's words."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        one = self._lines[index.row()]
        where = "" if one.locator is None else _where(one.of, one.locator)
        return (
            one.exhibit,
            tr(one.of.value),
            tr(one.reason.value),
            one.detail,
            ltr(where),
            "" if one.bytes is None else size(one.bytes),
            tr(one.stage.value),
        )[index.column()]


def _where(of: Of, locator: Locator) -> str:
    """A volume or a run has no path of its own and is named by its whole address."""
    named = of not in (Of.VOLUME, Of.RUN) and locator.path not in ("", "/")
    return locator.shown_path if named else str(locator)
