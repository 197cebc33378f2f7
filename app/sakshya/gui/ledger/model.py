"""The ledger's lines, newest first."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from sakshya.domain.ledger import LedgerEntry
from sakshya.gui.texts import isolated, ltr, tr
from sakshya.gui.times import both_times

_ROOT = QModelIndex()


class LedgerTable(QAbstractTableModel):
    """Columns: line, time (UTC and the case's zone), who, act, subject, what, hash."""

    def __init__(self, zone: ZoneInfo, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._lines: Sequence[LedgerEntry] = ()

    def show_lines(self, lines: Sequence[LedgerEntry]) -> None:
        """Show these lines."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def line(self, row: int) -> LedgerEntry | None:
        """Return one line."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

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
        titles = (tr("Line"), tr("When"), tr("Who"), tr("Act"), tr("Subject"), tr("What"), tr("Hash"))
        return titles[section]

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return a cell's words."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        one = self._lines[index.row()]
        match index.column():
            case 0:
                return ltr(str(one.seq))
            case 1:
                return both_times(one.at, self._zone)
            case 2:
                return isolated(one.who)
            case 3:
                return ltr(one.act)
            case 4:
                return ltr(one.subject)
            case 5:
                return ltr(", ".join(f"{name}: {value}" for name, value in one.public.items()))
            case _:
                return ltr(one.hash[:16])
