"""The line of categories under the gallery: which digit stands for what, with its mark."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QLayout, QLayoutItem, QPushButton, QWidget

from sakshya.domain.category import Scheme
from sakshya.gui.review.tile_painter import Mark, category_mark


def marks_of(scheme: Scheme) -> Mapping[str, Mark]:
    """Return each category's mark under the text form of the category, which decided tiles carry as their label."""
    return {
        str(scheme.category(one.code)): category_mark(order, one.key or one.code[:2], one.label)
        for order, one in enumerate(scheme.codes)
    }


class Legend(QWidget):
    """One button for each category; a press does what the digit does."""

    pressed = Signal(str)

    def __init__(self, scheme: Scheme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        flow = Flow(self)
        for order, one in enumerate(scheme.codes):
            if one.key:
                button = QPushButton(
                    mark_icon(category_mark(order, one.key), self.fontMetrics().height() + 4), one.label
                )
                button.setProperty("role", "link")
                button.setObjectName(one.key)
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                button.setToolTip(f"{one.key}: {scheme.title}, {one.code} {one.label}")
                button.clicked.connect(self._on_click)
                flow.addWidget(button)

    def _on_click(self) -> None:
        self.pressed.emit(self.sender().objectName())


def mark_icon(mark: Mark, side: int) -> QIcon:
    """Return a mark as it stands on tiles: its letter in a box with its border pattern."""
    scale = 3
    pixels = QPixmap(side * scale, side * scale)
    pixels.fill(Qt.GlobalColor.transparent)
    pixels.setDevicePixelRatio(scale)
    painter = QPainter(pixels)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(mark.colour), 1.6, mark.pattern))
    painter.drawRoundedRect(QRect(1, 1, side - 3, side - 3), 3, 3)
    painter.setPen(QColor(mark.colour))
    painter.drawText(QRect(0, 0, side - 1, side - 1), Qt.AlignmentFlag.AlignCenter, mark.letter)
    painter.end()
    return QIcon(pixels)


class Flow(QLayout):
    """Lays widgets side by side and goes on in the next line when a line is full, so that no text is cut."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 4) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = spacing
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Add at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Return the number of widgets."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return one widget's place, or None."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take one widget out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """Return True: the narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height needed at a width."""
        return self._arrange(QRect(0, 0, width, 0), place=False)

    def setGeometry(self, rect: QRect) -> None:
        """Put the widgets in their places."""
        super().setGeometry(rect)
        self._arrange(rect, place=True)

    def sizeHint(self) -> QSize:
        """Return the size at which the widest widget fits."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Return the size at which the widest widget fits."""
        size = QSize(0, 0)
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        parent = self.parentWidget()
        mirrored = parent is not None and parent.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.x() + rect.width():
                x, y, line = rect.x(), y + line + self._gap, 0
            if place:
                left = rect.right() + 1 - (x - rect.x()) - size.width() if mirrored else x
                item.setGeometry(QRect(QPoint(left, y), size))
            x += size.width() + self._gap
            line = max(line, size.height())
        return y + line - rect.y()
