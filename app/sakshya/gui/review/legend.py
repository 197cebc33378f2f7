"""The line of categories under the gallery: which digit stands for what, with its mark."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from sakshya.domain.category import Scheme
from sakshya.gui.review.tile_painter import Mark, category_mark
from sakshya.gui.texts import isolated

_LINES = 3


def marks_of(scheme: Scheme) -> Mapping[str, Mark]:
    """Return each category's mark under the text form of the category, which decided tiles carry as their label."""
    return {
        str(scheme.category(one.code)): category_mark(order, one.key or one.code[:2], one.label)
        for order, one in enumerate(scheme.codes)
    }


class Legend(QWidget):
    """One button for each category; a press does what the digit does. At most three lines of them."""

    pressed = Signal(str)

    def __init__(self, scheme: Scheme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)
        self._buttons: list[tuple[QPushButton, str]] = []
        keyed = [(order, one) for order, one in enumerate(scheme.codes) if one.key]
        self._columns = max(1, -(-len(keyed) // _LINES))
        for place, (order, one) in enumerate(keyed):
            button = QPushButton(mark_icon(category_mark(order, one.key), self.fontMetrics().height() + 4), "")
            button.setProperty("role", "link")
            button.setObjectName(one.key)
            button.setAccessibleName(f"{one.key}: {one.label}")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setToolTip(f"{one.key}: {one.label} ({scheme.title}, {one.code})")
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(self._on_click)
            self._grid.addWidget(button, place // self._columns, place % self._columns)
            self._buttons.append((button, one.label))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten labels that do not fit; the whole label stands in the tip and on the key card."""
        super().resizeEvent(event)
        metrics = self.fontMetrics()
        room = self.width() // self._columns - metrics.height() * 2 - metrics.horizontalAdvance("00")
        for button, words in self._buttons:
            button.setText(isolated(metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0, room))))

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
