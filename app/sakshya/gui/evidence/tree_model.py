"""The entries of an exhibit as a tree that reads one folder when it is opened, in another process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication

from sakshya.domain.absent import Absent
from sakshya.domain.entry import Entry, EntryKind
from sakshya.domain.locator import Locator
from sakshya.domain.moment import Moment
from sakshya.domain.names import show_name
from sakshya.gui.background import Clerk
from sakshya.gui.icons import letter_icon
from sakshya.gui.texts import ltr, tr
from sakshya.gui.texts.numbers import size

_ROOT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex
_FOLDERS = (EntryKind.DIRECTORY, EntryKind.VIRTUAL)


@dataclass(slots=True, eq=False)
class Node:
    """One entry, or a line of words in the place of entries that could not be had."""

    entry: Entry | None
    parent: "Node | None"
    row: int
    words: str = ""
    asked: bool = False
    children: list["Node"] = field(default_factory=list)


class EntryTree(QAbstractItemModel):
    """Columns: name, size, state, modified, created, address."""

    failed = Signal(object)

    def __init__(self, clerk: Clerk, zone: ZoneInfo, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clerk, self._zone = clerk, zone
        self._number = ""
        self._top = Node(None, None, 0)
        self._waiting: dict[int, Node] = {}
        self._problems: Mapping[int, str] = {}
        clerk.answered.connect(self._on_answer)
        clerk.failed.connect(self._on_fault)

    @property
    def reading(self) -> bool:
        """True while entries were asked for and have not come."""
        return bool(self._waiting)

    def show_exhibit(self, number: str, problems: Mapping[int, str]) -> None:
        """Show the volumes of another exhibit; `problems` says of a volume, by its number, what is wrong with it."""
        self.beginResetModel()
        self._problems = problems
        self._number, self._top = number, Node(None, None, 0)
        self._waiting.clear()
        self.endResetModel()
        if number:
            self._ask(self._top, None)

    def entry(self, index: _Index) -> Entry | None:
        """Return the entry of a line, None for a line of words."""
        return self._node(index).entry

    # Qt's questions

    def index(self, row: int, column: int, parent: _Index = _ROOT) -> QModelIndex:
        """Return the place of a line."""
        children = self._node(parent).children
        return self.createIndex(row, column, children[row]) if 0 <= row < len(children) else QModelIndex()

    def parent(self, index: _Index = _ROOT) -> QModelIndex:  # type: ignore[override]
        """Return the line above a line."""
        above = self._node(index).parent
        return QModelIndex() if above is None or above is self._top else self.createIndex(above.row, 0, above)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many lines are known below a line."""
        return len(self._node(parent).children) if parent.column() <= 0 else 0

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Return the number of columns."""
        return 6

    def hasChildren(self, parent: _Index = _ROOT) -> bool:
        """Tell whether a line can be opened; a folder not read yet can."""
        node = self._node(parent)
        return bool(node.children) or (not node.asked and node.entry is not None and node.entry.kind in _FOLDERS)

    def canFetchMore(self, parent: _Index) -> bool:
        """Tell whether a folder is still to be read."""
        node = self._node(parent)
        return not node.asked and node.entry is not None and node.entry.kind in _FOLDERS

    def fetchMore(self, parent: _Index) -> None:
        """Ask for the entries of a folder; they come later."""
        node = self._node(parent)
        if node.entry is not None and self.canFetchMore(parent):
            self._ask(node, node.entry.locator)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """Return a column's title."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (tr("Name"), tr("Size"), tr("State"), tr("Modified"), tr("Created"), tr("Address"))[section]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's words."""
        node = self._node(index)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 1:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role in (Qt.ItemDataRole.DecorationRole, Qt.ItemDataRole.FontRole):
            return self._mark(node, index.column(), role)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if node.entry is None:
            return node.words if index.column() == 0 else None
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return ", ".join(filter(None, (entry_name(node.entry), entry_state(node.entry))))
        return cell(node.entry, index.column(), self._zone)

    @staticmethod
    def _mark(node: Node, column: int, role: int) -> object:
        """A deleted entry has a letter and a slant of its own, a volume that cannot be read a sign."""
        gone = node.entry is not None and not node.entry.allocated
        if role == Qt.ItemDataRole.FontRole:
            font = QFont(QGuiApplication.font())
            font.setItalic(True)
            return font if gone else None
        if column != 0 or not (gone or _is_closed(node.entry)):
            return None
        return letter_icon("D") if gone else letter_icon("!")

    def _node(self, index: _Index) -> Node:
        node = index.internalPointer() if index.isValid() else None
        return node if isinstance(node, Node) else self._top

    # Reading

    def _ask(self, node: Node, locator: Locator | None) -> None:
        node.asked = True
        ticket = self._clerk.ask("tree", number=self._number, locator=str(locator) if locator else None)
        self._waiting[ticket] = node

    def _on_answer(self, ticket: int, answer: object) -> None:
        node = self._waiting.pop(ticket, None)
        if node is not None and isinstance(answer, list):
            self._add(node, [Node(entry, node, row) for row, entry in enumerate(answer)] or [_nothing(node)])

    def _on_fault(self, ticket: int, fault: object) -> None:
        node = self._waiting.pop(ticket, None)
        if node is not None:
            # Said in the tree itself: a folder that could not be read must not look empty.
            self._add(node, [Node(None, node, 0, words=tr("not readable: {fault}", fault=fault))])
            self.failed.emit(fault)

    def _add(self, node: Node, children: list[Node]) -> None:
        for child in children:
            if child.entry is not None and _is_closed(child.entry):
                problem = self._problems.get(child.entry.locator.volume) or tr("the scan lists the reason")
                child.asked = True
                child.children = [Node(None, child, 0, words=tr("No file can be listed: {problem}", problem=problem))]
        place = QModelIndex() if node is self._top else self.createIndex(node.row, 0, node)
        self.beginInsertRows(place, 0, len(children) - 1)
        node.children = children
        self.endInsertRows()


def _is_closed(entry: Entry | None) -> bool:
    """Tell whether this is a volume whose file system could not be opened."""
    if entry is None or entry.kind is not EntryKind.VIRTUAL:
        return False
    return entry.locator.path in ("", "/") and entry.locator.address is None


def _nothing(node: Node) -> Node:
    words = (
        tr("No volume was found in this exhibit.") if node.entry is None else tr("Nothing is listed in this folder.")
    )
    return Node(None, node, 0, words=words)


def cell(entry: Entry, column: int, zone: ZoneInfo) -> str:
    """Return one column of an entry in words."""
    match column:
        case 0:
            return entry_name(entry)
        case 1:
            return size(entry.size) if entry.kind is EntryKind.FILE else ""
        case 2:
            return entry_state(entry)
        case 3:
            return moment_words(entry.times.modified, zone)
        case 4:
            return moment_words(entry.times.created, zone)
        case _:
            return ltr("" if entry.locator.address is None else str(entry.locator.address))


def entry_name(entry: Entry) -> str:
    """Return the entry's own name in printable form; a volume is named by its number and file system."""
    locator = entry.locator
    name = show_name(locator.path.rstrip("/").rpartition("/")[2])
    if not name:
        name = tr("Volume {number} at byte {offset}: {filesystem}").format(
            number=locator.volume,
            offset=ltr(f"{locator.offset:,}"),
            filesystem=entry.filesystem or tr("not readable"),
        )
    return f"{name}:{show_name(locator.stream)}" if locator.stream else name


def entry_state(entry: Entry) -> str:
    """Return whether the entry is there, deleted (and how much of it is left), or made up by the reader."""
    if _is_closed(entry):
        return tr("not readable")
    if entry.kind is EntryKind.VIRTUAL:
        return tr("virtual")
    if entry.kind is EntryKind.LINK:
        return tr("link to {target}").format(target=show_name(entry.link_target or "?"))
    if entry.allocated:
        return ""
    return tr("deleted") if entry.recovery is None else f"{tr('deleted')}, {tr(entry.recovery.value)}"


def moment_words(moment: Moment | Absent, zone: ZoneInfo) -> str:
    """Return a time with its basis, one in UTC also in the case's zone; or why there is none."""
    if not isinstance(moment, Moment):
        return str(moment)
    local = moment.in_zone(zone)
    if local is not None:
        return ltr(f"{moment.value} · {local}")
    return f"{ltr(moment.value)} ({ltr(tr(moment.basis))})"
