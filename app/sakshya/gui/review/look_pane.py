"""Where a picture is seen in clear while a key is held, and nowhere else.

The pane lies over the gallery. It keeps the pixels in memory for as long as it shows them and no moment longer.
"""

import math
from enum import StrEnum

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from sakshya.domain.item import Tile
from sakshya.gui import theme
from sakshya.gui.clear import Clear
from sakshya.gui.review.tile_painter import mosaic
from sakshya.gui.texts import tr

LENS_SHARE = 0.35
_STEP = 0.08


class Extent(StrEnum):
    """How much of a picture a look shows: a lens that can be moved, or the whole."""

    LENS = "lens"
    WHOLE = "whole"


class LookPane(QWidget):
    """Shows the mosaic first, then the clear picture, grey until colour is asked for."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.extent = Extent.LENS
        self._mosaic: QImage | None = None
        self._grey: QImage | None = None
        self._colour: QImage | None = None
        self._coloured = False
        self._words = ""
        self._lens = QPointF(0.5, 0.5)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Look at one item"))
        self.hide()

    @property
    def showing(self) -> bool:
        """True while clear pixels are on the screen."""
        return self._grey is not None

    def open(self, tile: Tile) -> None:
        """Cover the gallery with the item's mosaic while its pixels are fetched."""
        self.forget()
        self._mosaic = mosaic(tile, QSize(480, 360))
        self._words = tr("Reading item {number} from the exhibit.", number=tile.id)
        self._lens = QPointF(0.5, 0.5)
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.show()
        self.raise_()

    def show_clear(self, clear: Clear) -> None:
        """Show these pixels until `forget`."""
        held = QImage(clear.rgb, clear.width, clear.height, clear.width * 3, QImage.Format.Format_RGB888)
        # A copy, because the other only borrows the bytes object.
        self._colour = held.copy()
        self._grey = self._colour.convertToFormat(QImage.Format.Format_Grayscale8)
        self._words = ""
        self.update()

    def say(self, words: str) -> None:
        """Show words in place of a picture that cannot be had."""
        self._words = words
        self.update()

    def set_coloured(self, coloured: bool) -> None:
        """Show colours, or grey."""
        self._coloured = coloured
        self.update()

    def move_lens(self, across: int, down: int) -> None:
        """Move the lens by steps, not past the edge."""
        x = min(max(self._lens.x() + across * _STEP, 0.0), 1.0)
        y = min(max(self._lens.y() + down * _STEP, 0.0), 1.0)
        self._lens = QPointF(x, y)
        self.update()

    def forget(self) -> None:
        """Drop the pixels and uncover the gallery, before this returns."""
        was_visible = self.isVisible()
        self._grey = self._colour = self._mosaic = None
        self._coloured = False
        self._words = ""
        if was_visible:
            # The screen loses the picture now, not when the event loop next comes round.
            self.repaint()
            self.hide()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let the lens follow the pointer."""
        area = self._picture_area()
        if area.width() and area.height():
            x = (event.position().x() - area.left()) / area.width()
            y = (event.position().y() - area.top()) / area.height()
            self._lens = QPointF(min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the mosaic, over it what is clear, and the words."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(colours.ground))
        area = self._picture_area()
        if self._mosaic is not None:
            painter.drawImage(area, self._mosaic)
        clear = self._colour if self._coloured else self._grey
        if clear is not None:
            self._draw_clear(painter, area, clear)
        if self._words:
            painter.setPen(QColor(colours.text))
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
            words = int(flags.value | Qt.TextFlag.TextWordWrap.value)
            painter.fillRect(
                QRect(0, self.height() - self._footer(), self.width(), self._footer()), QColor(colours.ground)
            )
            painter.drawText(self.rect().adjusted(16, 16, -16, -16), words, self._words)
        painter.end()

    def _draw_clear(self, painter: QPainter, area: QRect, clear: QImage) -> None:
        if self.extent is Extent.WHOLE:
            painter.drawImage(area, clear)
            return
        radius = math.sqrt(LENS_SHARE * area.width() * area.height() / math.pi)
        centre = QPointF(area.left() + self._lens.x() * area.width(), area.top() + self._lens.y() * area.height())
        lens = QPainterPath()
        lens.addEllipse(centre, radius, radius)
        painter.save()
        painter.setClipPath(lens)
        painter.drawImage(area, clear)
        painter.restore()
        painter.setPen(QPen(QColor(theme.current().focus), 2))
        painter.drawEllipse(QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius))

    def _picture_area(self) -> QRect:
        """Where the picture lies: as large as fits, in its own proportions."""
        shown = self._grey if self._grey is not None else self._mosaic
        room = self.rect().adjusted(16, 16, -16, -self._footer())
        if shown is None or room.isEmpty():
            return room
        size = shown.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = room.center() - QPoint(size.width() // 2, size.height() // 2)
        return QRect(place, size)

    def _footer(self) -> int:
        return self.fontMetrics().height() * 2 + 12
