"""How one tile is drawn. A picture appears only as its grey mosaic; a known item appears as text alone."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QImage, QPainter, QPen, QPixmap

from sakshya.domain.item import Status, Tile
from sakshya.domain.media import Kind
from sakshya.gui import theme
from sakshya.gui.review.tile_words import format_name
from sakshya.gui.texts import isolated, tr

_MARGIN, _INNER = 5, 4
_KEPT = 1500
_PATTERNS = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DashDotDotLine,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """How a tile of one state or category is told apart: letter, colour and border pattern, never colour alone."""

    letter: str
    colour: str
    pattern: Qt.PenStyle
    words: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How a tile is drawn just now."""

    current: bool
    selected: bool
    focused: bool


def category_mark(order: int, letter: str, words: str = "") -> Mark:
    """Return the mark of a category by its order in the scheme; `words` is the category's label."""
    colours = theme.current().marks
    return Mark(letter, colours[order % len(colours)], _PATTERNS[order % len(_PATTERNS)], words)


def mosaic(tile: Tile, area: QSize) -> QImage | None:
    """Return the tile's mosaic, smoothly enlarged to fill `area`, or None where it has none."""
    if tile.cells is None or tile.columns * tile.rows != len(tile.cells):
        return None
    small = QImage(tile.cells, tile.columns, tile.rows, tile.columns, QImage.Format.Format_Grayscale8)
    return small.scaled(area, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


class TilePainter:
    """Draws tiles of one size; keeps the mosaics it has enlarged, a bounded number of them."""

    def __init__(self, font: QFont, side: int) -> None:
        self.marks: Mapping[str, Mark] = {}
        self.resize(font, side)

    def resize(self, font: QFont, side: int) -> None:
        """Draw from now on with pictures `side` pixels high, in this font."""
        self._font = QFont(font)
        self._small = QFont(font)
        self._small.setPointSizeF(max(6.5, font.pointSizeF() * 0.85))
        self._caption = QFontMetrics(self._small).height() + 4
        self._picture = QSize(side * 4 // 3, side)
        self._kept: OrderedDict[tuple[int, int], QPixmap] = OrderedDict()

    @property
    def cell(self) -> QSize:
        """The size of one tile with its margins."""
        edge = 2 * (_MARGIN + _INNER)
        return QSize(self._picture.width() + edge, self._picture.height() + self._caption + edge)

    def forget(self) -> None:
        """Drop every mosaic kept."""
        self._kept.clear()

    def picture_area(self, cell: QRect) -> QRect:
        """Return the part of a cell where a mosaic, and nothing else, is drawn."""
        frame = self._frame(cell)
        return QRect(frame.left() + _INNER, frame.top() + _INNER, self._picture.width(), self._picture.height())

    def draw(self, painter: QPainter, cell: QRect, tile: Tile | None, look: Look) -> None:
        """Draw one tile; an empty frame stands for one not loaded yet."""
        colours = theme.current()
        frame = self._frame(cell)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.selected if look.selected else colours.raised))
        painter.drawRoundedRect(frame, 5, 5)
        if tile is not None:
            self._draw_inside(painter, self.picture_area(cell), tile)
            self._draw_caption(painter, cell, tile)
            self._draw_border(painter, frame, tile)
        if look.current:
            width = 3.0 if look.focused else 1.5
            painter.setPen(QPen(QColor(colours.focus), width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(frame).adjusted(-1.5, -1.5, 1.5, 1.5), 6, 6)

    def mark_of(self, tile: Tile) -> Mark:
        """Return the mark for a tile's state."""
        colours = theme.current()
        match tile.status:
            case Status.DECIDED:
                return self.marks.get(tile.label, Mark("✓", colours.good, Qt.PenStyle.SolidLine))
            case Status.KNOWN:
                return Mark("K", colours.known, Qt.PenStyle.DashLine)
            case Status.IGNORABLE:
                return Mark("i", colours.muted, Qt.PenStyle.DotLine)
            case Status.UNEXAMINED:
                return Mark("!", colours.warn, Qt.PenStyle.DotLine)
            case _:
                return Mark("", colours.line, Qt.PenStyle.SolidLine)

    def _frame(self, cell: QRect) -> QRect:
        wide = self.cell
        left = cell.left() + (cell.width() - wide.width()) // 2 + _MARGIN
        return QRect(left, cell.top() + _MARGIN, wide.width() - 2 * _MARGIN, wide.height() - 2 * _MARGIN)

    def _draw_inside(self, painter: QPainter, area: QRect, tile: Tile) -> None:
        drawn = self._mosaic_of(tile, painter.device().devicePixelRatioF())
        if drawn is not None:
            painter.drawPixmap(area, drawn)
            return
        mark = self.mark_of(tile)
        painter.fillRect(area, QColor(theme.current().ground))
        top = QRect(area.left(), area.top(), area.width(), area.height() * 2 // 5)
        large = QFont(self._font)
        large.setPixelSize(max(12, area.height() // 4))
        large.setBold(True)
        painter.setFont(large)
        painter.setPen(QColor(mark.colour if mark.letter else theme.current().muted))
        painter.drawText(top, Qt.AlignmentFlag.AlignCenter, mark.letter or format_name(tile))
        painter.setFont(self._small)
        painter.setPen(QColor(theme.current().text))
        rest = area.adjusted(4, top.height(), -4, -2)
        painter.drawText(rest, int(Qt.AlignmentFlag.AlignHCenter.value | Qt.TextFlag.TextWordWrap.value), tile.label)

    def _mosaic_of(self, tile: Tile, scale: float) -> QPixmap | None:
        key = (int(tile.id), round(scale * 100))
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        drawn = mosaic(tile, self._picture * scale)
        if drawn is None:
            return None
        pixels = QPixmap.fromImage(drawn)
        pixels.setDevicePixelRatio(scale)
        self._kept[key] = pixels
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return pixels

    def _draw_caption(self, painter: QPainter, cell: QRect, tile: Tile) -> None:
        colours, area = theme.current(), self.picture_area(cell)
        whole = QRect(area.left(), area.bottom() + 2, area.width(), self._caption)
        mark, left = self.mark_of(tile), 0
        painter.setFont(self._small)
        if mark.letter:
            badge = _placed(whole, 0, self._caption - 2)
            painter.setPen(QPen(QColor(mark.colour), 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(badge, 3, 3)
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, mark.letter)
            left = badge.width() + 5
        metrics = QFontMetrics(self._small)
        count = f"×{tile.places}" if tile.places > 1 else (tr("Video") if tile.kind is Kind.VIDEO else "")
        wide = metrics.horizontalAdvance(count) + 2 if count else 0
        leading = Qt.AlignmentFlag.AlignLeft if not _mirrored() else Qt.AlignmentFlag.AlignRight
        flags = leading | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        painter.setPen(QColor(colours.muted))
        painter.drawText(_placed(whole, whole.width() - wide, wide), flags, count)
        room = max(0, whole.width() - left - (wide + 4 if wide else 0))
        words = metrics.elidedText(self._caption_words(tile), Qt.TextElideMode.ElideRight, room)
        painter.setPen(QColor(colours.text))
        painter.drawText(_placed(whole, left, room), flags, isolated(words))

    def _caption_words(self, tile: Tile) -> str:
        if tile.status is Status.DECIDED and tile.label:
            return self.mark_of(tile).words or tile.label
        return f"#{tile.id}"

    def _draw_border(self, painter: QPainter, frame: QRect, tile: Tile) -> None:
        mark = self.mark_of(tile)
        painter.setPen(QPen(QColor(mark.colour), 2 if mark.letter else 1, mark.pattern))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(frame).translated(QPointF(0, 0)).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)


def _mirrored() -> bool:
    return QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft


def _placed(whole: QRect, start: int, width: int) -> QRect:
    """Return a part of a line that begins `start` pixels from its leading edge."""
    left = whole.right() + 1 - start - width if _mirrored() else whole.left() + start
    return QRect(left, whole.top() + 1, width, whole.height() - 2)
