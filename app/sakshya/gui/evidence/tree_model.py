"""The entries of an exhibit as a tree that reads one folder when it is opened, in another process.

A folder of more entries than a page is shown as stretches of one page each, read as they are opened, so that a folder
of a million names neither stops the window nor fills its memory.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication

from sakshya.domain.entry import Entry, EntryKind
from sakshya.domain.unexamined import Reason
from sakshya.gui.background import Clerk
from sakshya.gui.evidence.entry_words import cell, entry_marks, entry_name, entry_state, is_closed
from sakshya.gui.evidence.listed import Listed
from sakshya.gui.icons import letter_icon
from sakshya.gui.texts import ltr, tr
from sakshya.triage.listing import PAGE_ENTRIES, inside, may_be_opened

_ROOT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex
_FOLDERS = (EntryKind.DIRECTORY, EntryKind.VIRTUAL)
_NO_REASONS: frozenset[Reason] = frozenset()


@dataclass(slots=True, eq=False)
class Node:
    """One entry, a stretch of a long folder, or a line of words in the place of entries that could not be had.

    `page` is the page of the folder above that a stretch stands for, None for everything else.
    """

    entry: Entry | None
    parent: "Node | None"
    row: int
    words: str = ""
    asked: bool = False
    page: int | None = None
    reasons: frozenset[Reason] = _NO_REASONS
    children: list["Node"] = field(default_factory=list)

    @property
    def opens(self) -> bool:
        """True where more can be read below it."""
        if self.asked:
            return False
        if self.page is not None:
            return True
        return self.entry is not None and (self.entry.kind in _FOLDERS or may_be_opened(self.entry))

    @property
    def source(self) -> str | None:
        """How the clerk is asked for what lies below: the folder's locator, or what lies inside a file."""
        holder = self.parent if self.page is not None and self.parent is not None else self
        if holder.entry is None:
            return None
        return inside(holder.entry.locator) if holder.entry.kind is EntryKind.FILE else str(holder.entry.locator)


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
            self._ask(self._top)

    def entry(self, index: _Index) -> Entry | None:
        """Return the entry of a line, None for a line of words."""
        return self._node(index).entry

    def reasons(self, index: _Index) -> frozenset[Reason]:
        """Return why a scan or a verification could not read the entry of a line."""
        return self._node(index).reasons

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
        return bool(node.children) or node.opens

    def canFetchMore(self, parent: _Index) -> bool:
        """Tell whether a folder is still to be read."""
        return self._node(parent).opens

    def fetchMore(self, parent: _Index) -> None:
        """Ask for the entries of a folder; they come later."""
        if self.canFetchMore(parent):
            self._ask(self._node(parent))

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
            return _mark(node, index.column(), role)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if node.entry is None:
            return node.words if index.column() == 0 else None
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return ", ".join(filter(None, (entry_name(node.entry), entry_state(node.entry, node.reasons))))
        return cell(node.entry, index.column(), self._zone, node.reasons)

    def _node(self, index: _Index) -> Node:
        node = index.internalPointer() if index.isValid() else None
        return node if isinstance(node, Node) else self._top

    # Reading

    def _ask(self, node: Node) -> None:
        node.asked = True
        ticket = self._clerk.ask("tree", number=self._number, locator=node.source, page=node.page or 0)
        self._waiting[ticket] = node

    def _on_answer(self, ticket: int, answer: object) -> None:
        node = self._waiting.pop(ticket, None)
        if node is None or not isinstance(answer, Listed):
            return
        total = answer.page.total
        if node.page is None and total > PAGE_ENTRIES:
            self._add(node, _stretches(node, total))
            # The first stretch is here already.
            self._add(node.children[0], _lines(node.children[0], answer))
            node.children[0].asked = True
        else:
            self._add(node, _lines(node, answer) or [_nothing(node)])

    def _on_fault(self, ticket: int, fault: object) -> None:
        node = self._waiting.pop(ticket, None)
        if node is not None:
            # Said in the tree itself: a folder that could not be read must not look empty.
            self._add(node, [Node(None, node, 0, words=tr("not readable: {fault}", fault=fault))])
            self.failed.emit(fault)

    def _add(self, node: Node, children: list[Node]) -> None:
        if node is self._top:
            self._explain_closed(children)
        place = QModelIndex() if node is self._top else self.createIndex(node.row, 0, node)
        self.beginInsertRows(place, 0, len(children) - 1)
        node.children = children
        self.endInsertRows()

    def _explain_closed(self, volumes: list[Node]) -> None:
        """A volume without files says why, or where they are."""
        keys = {(one.entry.locator.offset, one.entry.locator.layers) for one in volumes if one.entry is not None}
        for child in volumes:
            if child.entry is None or not is_closed(child.entry):
                continue
            locator = child.entry.locator
            child.asked = True
            if any(at == locator.offset and layers[:-1] == locator.layers and layers for at, layers in keys):
                words = tr("It is open: what is in it is listed as volumes of its own.")
            else:
                problem = self._problems.get(locator.volume) or tr("the scan lists the reason")
                words = tr("No file can be listed: {problem}", problem=problem)
            child.children = [Node(None, child, 0, words=words)]


def _lines(node: Node, listed: Listed) -> list[Node]:
    marks = listed.marks
    return [
        Node(entry, node, row, reasons=marks.get(row, _NO_REASONS)) for row, entry in enumerate(listed.page.entries)
    ]


def _stretches(node: Node, total: int) -> list[Node]:
    made = []
    for page, first in enumerate(range(0, total, PAGE_ENTRIES)):
        last = min(first + PAGE_ENTRIES, total)
        words = tr("Entries {first} to {last} of {total}").format(
            first=ltr(f"{first + 1:,}"), last=ltr(f"{last:,}"), total=ltr(f"{total:,}")
        )
        made.append(Node(None, node, page, words=words, page=page))
    return made


def _mark(node: Node, column: int, role: int) -> object:
    """A marked entry has its letters, and a deleted one a slant of its own."""
    if node.entry is None:
        return None
    if role == Qt.ItemDataRole.FontRole:
        font = QFont(QGuiApplication.font())
        font.setItalic(True)
        return None if node.entry.allocated else font
    marks = entry_marks(node.entry, node.reasons) if column == 0 else ()
    return letter_icon("".join(mark.letter for mark in marks[:2])) if marks else None


def _nothing(node: Node) -> Node:
    words = (
        tr("No volume was found in this exhibit.") if node.entry is None else tr("Nothing is listed in this folder.")
    )
    return Node(None, node, 0, words=words)
