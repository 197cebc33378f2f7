"""How one tile is drawn. A picture appears only as its grey mosaic; a known item appears as text alone."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QImage, QPainter, QPen, QPixmap

from sakshya.domain.item import Status, Tile
from sakshya.domain.media import Kind
from sakshya.gui import theme
from sakshya.gui.review.tile_words import format_name
from sakshya.gui.texts import isolated, tr

_MARGIN, _INNER = 5, 4
_KEPT_BYTES = 96_000_000
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
    # Enlarging four bytes a pixel is twice as fast as enlarging one.
    small = small.convertToFormat(QImage.Format.Format_RGB32)
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
        self._metrics = QFontMetrics(self._small)
        self._caption = self._metrics.height() + 4
        self._picture = QSize(side * 4 // 3, side)
        edge = 2 * (_MARGIN + _INNER)
        self.cell = QSize(self._picture.width() + edge, self._picture.height() + self._caption + edge)
        self.forget()

    def forget(self) -> None:
        """Drop everything kept."""
        self._kept: OrderedDict[tuple[int, int], QPixmap] = OrderedDict()
        self._frames: dict[tuple[Mark, bool, float], QPixmap] = {}

    def picture_area(self, cell: QRect) -> QRect:
        """Return the part of a cell where a mosaic, and nothing else, is drawn."""
        left = cell.left() + (cell.width() - self.cell.width()) // 2 + _MARGIN + _INNER
        return QRect(QPoint(left, cell.top() + _MARGIN + _INNER), self._picture)

    def draw(self, painter: QPainter, cell: QRect, tile: Tile | None, look: Look) -> None:
        """Draw one tile; an empty frame stands for one not loaded yet."""
        colours = theme.current()
        mark = Mark("", colours.raised, Qt.PenStyle.SolidLine) if tile is None else self.mark_of(tile)
        area, scale = self.picture_area(cell), painter.device().devicePixelRatioF()
        corner = area.topLeft() - QPoint(_MARGIN + _INNER, _MARGIN + _INNER)
        painter.drawPixmap(corner, self._framed(mark, scale, selected=look.selected))
        if tile is not None:
            self._draw_inside(painter, area, tile, mark)
            self._draw_caption(painter, self._caption_area(area), tile, mark)
        if look.current:
            frame = QRectF(QPoint(corner.x() + _MARGIN, corner.y() + _MARGIN), self._frame_size())
            painter.setPen(QPen(QColor(colours.focus), 3.0 if look.focused else 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame.adjusted(-1.5, -1.5, 1.5, 1.5), 6, 6)

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

    def _frame_size(self) -> QSize:
        return self.cell - QSize(2 * _MARGIN, 2 * _MARGIN)

    def _caption_area(self, area: QRect) -> QRect:
        return QRect(area.left(), area.bottom() + 2, area.width(), self._caption)

    def _framed(self, mark: Mark, scale: float, *, selected: bool) -> QPixmap:
        """Return a cell's ground, border and badge; few differ, and drawing them anew for each tile is slow."""
        kept = self._frames.get((mark, selected, scale))
        if kept is not None:
            return kept
        colours = theme.current()
        pixels = QPixmap(self.cell * scale)
        pixels.setDevicePixelRatio(scale)
        # Opaque, in the gallery's own colour: a pixmap without holes is copied and not blended.
        pixels.fill(QColor(colours.surface))
        painter = QPainter(pixels)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(QPoint(_MARGIN, _MARGIN), self._frame_size())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.selected if selected else colours.raised))
        painter.drawRoundedRect(frame, 5, 5)
        painter.setPen(QPen(QColor(mark.colour), 2 if mark.letter else 1, mark.pattern))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        if mark.letter:
            self._draw_badge(painter, mark)
        painter.end()
        self._frames[mark, selected, scale] = pixels
        return pixels

    def _draw_badge(self, painter: QPainter, mark: Mark) -> None:
        area = QRect(QPoint(_MARGIN + _INNER, _MARGIN + _INNER), self._picture)
        badge = _placed(self._caption_area(area), 0, self._caption - 2)
        painter.setFont(self._small)
        painter.setPen(QPen(QColor(mark.colour), 1.4))
        painter.drawRoundedRect(badge, 3, 3)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, mark.letter)

    def _draw_inside(self, painter: QPainter, area: QRect, tile: Tile, mark: Mark) -> None:
        drawn = self._mosaic_of(tile, painter.device().devicePixelRatioF())
        if drawn is not None:
            painter.drawPixmap(area, drawn)
            return
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
        if tile.cells is None:
            # An item that a set has settled meanwhile is not drawn from what is still kept of it.
            return None
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
        if len(self._kept) * drawn.sizeInBytes() > _KEPT_BYTES:
            self._kept.popitem(last=False)
        return pixels

    def _draw_caption(self, painter: QPainter, whole: QRect, tile: Tile, mark: Mark) -> None:
        colours = theme.current()
        left = self._caption + 3 if mark.letter else 0
        painter.setFont(self._small)
        count = f"×{tile.places}" if tile.places > 1 else (tr("Video") if tile.kind is Kind.VIDEO else "")
        wide = self._metrics.horizontalAdvance(count) + 2 if count else 0
        leading = Qt.AlignmentFlag.AlignLeft if not _mirrored() else Qt.AlignmentFlag.AlignRight
        flags = leading | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        if count:
            painter.setPen(QColor(colours.muted))
            painter.drawText(_placed(whole, whole.width() - wide, wide), flags, count)
        room = max(0, whole.width() - left - (wide + 4 if wide else 0))
        words = self._metrics.elidedText(self._caption_words(tile), Qt.TextElideMode.ElideRight, room)
        painter.setPen(QColor(colours.text))
        painter.drawText(_placed(whole, left, room), flags, isolated(words))

    def _caption_words(self, tile: Tile) -> str:
        if tile.status is Status.DECIDED and tile.label:
            return self.mark_of(tile).words or tile.label
        return f"#{tile.id}"


def _mirrored() -> bool:
    return QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft


def _placed(whole: QRect, start: int, width: int) -> QRect:
    """Return a part of a line that begins `start` pixels from its leading edge."""
    left = whole.right() + 1 - start - width if _mirrored() else whole.left() + start
    return QRect(left, whole.top() + 1, width, whole.height() - 2)
