"""The gallery: a list view whose layout is arithmetic, so that a million rows open, scroll and resize at once.

It stays a list view for the sake of screen readers, which then find every row by name.
"""

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from sakshya.gui.review.gallery_model import GalleryModel
from sakshya.gui.review.lattice import Lattice
from sakshya.gui.review.tile_painter import Look, TilePainter

SIDES = (64, 96, 128, 192, 256)
_SETTLE_MS = 15
_IDLE_MS = 60
_SCREENS_AROUND = 3
_Index = QModelIndex | QPersistentModelIndex
_Action = QAbstractItemView.CursorAction
_STEPS = {
    Qt.Key.Key_Left: _Action.MoveLeft,
    Qt.Key.Key_Right: _Action.MoveRight,
    Qt.Key.Key_Up: _Action.MoveUp,
    Qt.Key.Key_Down: _Action.MoveDown,
    Qt.Key.Key_Home: _Action.MoveHome,
    Qt.Key.Key_End: _Action.MoveEnd,
    Qt.Key.Key_PageUp: _Action.MovePageUp,
    Qt.Key.Key_PageDown: _Action.MovePageDown,
}


class GalleryView(QListView):
    """Tiles in a lattice. `key_pressed` and `key_released` carry every key that is not a movement."""

    key_pressed = Signal(QKeyEvent)
    key_released = Signal(QKeyEvent)
    left = Signal()
    current_moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = SIDES[1]
        self._anchor = 0
        self._painter = TilePainter(self.font(), self._side)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._load_near)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._load_around)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A bar that comes and goes would change the number of columns and so the need for the bar.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setDragEnabled(False)
        self.setUniformItemSizes(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    @property
    def gallery(self) -> GalleryModel:
        """The model, which is always a gallery's."""
        model = self.model()
        assert isinstance(model, GalleryModel)
        return model

    @property
    def tile_painter(self) -> TilePainter:
        """What draws the tiles."""
        return self._painter

    @property
    def side(self) -> int:
        """Height of a picture in logical pixels."""
        return self._side

    def set_side(self, side: int) -> None:
        """Draw pictures `side` logical pixels high."""
        self._side = side
        self._painter.resize(self.font(), side)
        self._relayout()

    def lattice(self) -> Lattice:
        """Return where the tiles lie at the present size."""
        model, cell = self.model(), self._painter.cell
        rows = 0 if model is None else model.rowCount()
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        return Lattice(rows, self.viewport().width(), cell.width(), cell.height(), mirrored)

    def visible_rows(self) -> range:
        """Return the rows of which any part is in view."""
        top = self.verticalOffset()
        return self.lattice().rows_between(top, top + self.viewport().height())

    def current_row(self) -> int:
        """Return the current row, or -1."""
        return self.currentIndex().row()

    def go_to(self, row: int) -> None:
        """Make a row current and selected, and bring it into view."""
        count = self.lattice().count
        if not count:
            return
        row = min(max(row, 0), count - 1)
        self._anchor = row
        index = self.gallery.index(row)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    def selected_ranges(self) -> list[range]:
        """Return the selected rows as ranges, never row by row."""
        selection = self.selectionModel().selection()
        spans = [selection.at(number) for number in range(selection.count())]
        return [range(one.top(), one.bottom() + 1) for one in spans]

    def picture_area(self, row: int) -> QRect:
        """Return where a row's mosaic is drawn, in the viewport."""
        return self._painter.picture_area(self._cell(row))

    # What follows replaces the list view's own layout, which asks every row for its size.

    def doItemsLayout(self) -> None:
        """Lay out by arithmetic: there is nothing to do but to set the scroll bar."""
        QAbstractItemView.doItemsLayout(self)

    def updateGeometries(self) -> None:
        """Give the scroll bar the true length of the whole gallery."""
        lattice, bar, page = self.lattice(), self.verticalScrollBar(), self.viewport().height()
        bar.setSingleStep(max(1, lattice.cell_height // 3))
        bar.setPageStep(max(1, page - lattice.cell_height // 2))
        bar.setRange(0, max(0, lattice.height - page))
        self._settle.start()

    def visualRect(self, index: _Index) -> QRect:
        """Return a row's cell in the viewport."""
        return self._cell(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """Return the row under a point of the viewport."""
        row = self.lattice().row_at(point.x(), point.y() + self.verticalOffset())
        return QModelIndex() if row is None else self.gallery.index(row)

    def scrollTo(
        self, index: _Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring a row's whole cell into view."""
        if not index.isValid():
            return
        lattice, bar, page = self.lattice(), self.verticalScrollBar(), self.viewport().height()
        self._fit_bar(lattice)
        top = lattice.place(index.row())[1]
        bottom = top + lattice.cell_height
        if hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(top - (page - lattice.cell_height) // 2)
        elif top < bar.value() or hint is QAbstractItemView.ScrollHint.PositionAtTop:
            bar.setValue(top)
        elif bottom > bar.value() + page:
            bar.setValue(bottom - page)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Return the row a movement leads to."""
        return self.gallery.index(self._row_after(action)) if self.lattice().count else QModelIndex()

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select the tiles a rectangle of the viewport touches, line by line."""
        lattice, offset = self.lattice(), self.verticalOffset()
        selection = QItemSelection()
        rows = lattice.rows_between(rect.top() + offset, rect.bottom() + offset + 1)
        for start in range(rows.start, rows.stop, lattice.columns):
            line = [row for row in range(start, min(start + lattice.columns, rows.stop)) if self._touches(row, rect)]
            if line:
                selection.select(self.gallery.index(line[0]), self.gallery.index(line[-1]))
        self.selectionModel().select(selection, command)

    def selectAll(self) -> None:
        """Select every row as one range; the list view's own way takes seconds for a million."""
        self._select_between(0, self.lattice().count - 1)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Return the visible part: what is selected elsewhere needs no repainting."""
        return QRegion(self.viewport().rect())

    def horizontalOffset(self) -> int:
        """Return 0: the gallery never scrolls sideways."""
        return 0

    def verticalOffset(self) -> int:
        """Return how far the gallery is scrolled, in logical pixels."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: _Index) -> bool:
        """Return False: rows are filtered before they come here."""
        return False

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Paint anew, and load content when the scrolling settles."""
        self.viewport().update()
        self._settle.start()

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: letters and digits are commands, and a search would read every row."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows in view from what is loaded; never reads the case."""
        painter = QPainter(self.viewport())
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        model, current, focused = self.gallery, self.current_row(), self.hasFocus()
        selected, lattice, top = self.selected_ranges(), self.lattice(), self.verticalOffset()
        for row in lattice.rows_between(top, top + self.viewport().height()):
            cell = self._placed(lattice, row, top)
            if cell.intersects(event.rect()):
                look = Look(row == current, any(row in span for span in selected), focused)
                self._painter.draw(painter, cell, model.loaded(row), look)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the first row in view, and the end where the end was in view."""
        bar = self.verticalScrollBar()
        at_end, before = bar.maximum() > 0 and bar.value() == bar.maximum(), self.lattice()
        old = event.oldSize().width()
        columns = max(1, old // before.cell_width) if old > 0 else before.columns
        first = bar.value() // before.cell_height * columns
        super().resizeEvent(event)
        self.updateGeometries()
        if before.columns != columns or at_end:
            bar.setValue(bar.maximum() if at_end else first // before.columns * before.cell_height)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font, the theme and the direction of writing."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.LayoutDirectionChange):
            self._painter.resize(self.font(), self._side)
            self._relayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the movement keys; hand every other key on."""
        step = _STEPS.get(Qt.Key(event.key())) if event.key() in _MOVES else None
        if step is None or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
            self.key_pressed.emit(event)
            return
        event.accept()
        self.left.emit()
        if not self.lattice().count:
            return
        row = self._row_after(step)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._extend_to(row)
        else:
            self.go_to(row)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Hand the release on."""
        event.ignore()
        self.key_released.emit(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select with the mouse; with Shift from the last row chosen alone."""
        self.left.emit()
        row = self.indexAt(event.position().toPoint()).row()
        if row >= 0 and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._extend_to(row)
            return
        if row >= 0:
            self._anchor = row
        super().mousePressEvent(event)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Tell which row is current now."""
        super().currentChanged(current, previous)
        self.viewport().update()
        self.current_moved.emit(current.row())

    def _cell(self, row: int) -> QRect:
        return self._placed(self.lattice(), row, self.verticalOffset())

    @staticmethod
    def _placed(lattice: Lattice, row: int, offset: int) -> QRect:
        left, top = lattice.place(row)
        return QRect(left, top - offset, lattice.pitch, lattice.cell_height)

    def _touches(self, row: int, rect: QRect) -> bool:
        return self._cell(row).intersects(rect)

    def _fit_bar(self, lattice: Lattice) -> None:
        # A row may be gone to before the layout that a new model waits for has run.
        self.verticalScrollBar().setRange(0, max(0, lattice.height - self.viewport().height()))

    def _relayout(self) -> None:
        row = self.current_row()
        self.updateGeometries()
        if row >= 0:
            self.scrollTo(self.gallery.index(row))
        self.viewport().update()

    def _row_after(self, action: QAbstractItemView.CursorAction) -> int:
        lattice, row = self.lattice(), max(0, self.current_row())
        lines = max(1, self.viewport().height() // lattice.cell_height)
        sideways = -1 if lattice.mirrored else 1
        steps = {
            _Action.MoveLeft: -sideways,
            _Action.MoveRight: sideways,
            _Action.MovePrevious: -1,
            _Action.MoveNext: 1,
            _Action.MoveUp: -lattice.columns,
            _Action.MoveDown: lattice.columns,
            _Action.MovePageUp: -lattice.columns * lines,
            _Action.MovePageDown: lattice.columns * lines,
            _Action.MoveHome: -lattice.count,
            _Action.MoveEnd: lattice.count,
        }
        return min(max(row + steps[action], 0), lattice.count - 1)

    def _extend_to(self, row: int) -> None:
        self._select_between(self._anchor, row)
        index = self.gallery.index(row)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.scrollTo(index)

    def _select_between(self, one: int, other: int) -> None:
        if self.lattice().count:
            low, high = sorted((one, other))
            selection = QItemSelection(self.gallery.index(low), self.gallery.index(high))
            self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _load_near(self) -> None:
        """Load what is in view, and what lies around it once the window has had a moment for other things."""
        if self.gallery.load(self.visible_rows()):
            self.viewport().update()
        self._idle.start()

    def _load_around(self) -> None:
        rows = self.visible_rows()
        around = len(rows) * _SCREENS_AROUND
        self.gallery.load(range(max(0, rows.start - around), rows.stop + around))


_MOVES = frozenset(int(key.value) for key in _STEPS)
