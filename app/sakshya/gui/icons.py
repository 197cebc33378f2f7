"""The window's few line drawings, as SVG in the colour of the text beside them."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPen, QPixmap
from PySide6.QtSvg import QSvgRenderer

from sakshya.gui import theme

_STROKES = {
    "overview": '<path d="M4 13h7V4H4zM13 20h7v-9h-7zM4 20h7v-5H4zM13 9h7V4h-7z"/>',
    "evidence": '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M3 14h18M7 16.6h.01M11 16.6h.01"/>',
    "sets": '<path d="M9 4 7 20M17 4l-2 16M4 9h17M3 15h17"/>',
    "scan": '<circle cx="11" cy="11" r="6.5"/><path d="m20 20-4.4-4.4"/>',
    "review": '<path d="M4 4h4v4H4zM10 4h4v4h-4zM16 4h4v4h-4zM4 10h4v4H4zM10 10h4v4h-4zM16 10h4v4h-4z'
    'M4 16h4v4H4zM10 16h4v4h-4zM16 16h4v4h-4z"/>',
    "report": '<path d="M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6"/>',
    "ledger": '<path d="M9.5 14.5l5-5M8 11l-2.5 2.5a3.5 3.5 0 0 0 5 5L13 16'
    'M16 13l2.500-2.500a3.500 3.500 0 0 0-5-5L11 8"/>',
    "practice": '<path d="M12 3 3 8l9 5 9-5zM7 10.500V16c0 1.500 5 3 5 3s5-1.500 5-3v-5.500M21 8v6"/>',
    "new": '<path d="M6 3h8l4 4v14H6zM14 3v4h4M12 11v6M9 14h6"/>',
    "open": '<path d="M3 6h6l2 2h10v11H3zM3 11h18"/>',
    "seal": '<path d="M12 3 5 6v5.500c0 4.300 3 7.800 7 9.500 4-1.700 7-5.200 7-9.500V6zM9 12l2.200 2.200L15.500 10"/>',
}
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="{colour}" '
    'stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">{strokes}</svg>'
)


def letter_icon(letters: str) -> QIcon:
    """Return one or two letters in a broken frame, in the warning colour of the theme in use."""
    return _letters(letters, theme.current().warn)


@lru_cache(maxsize=64)
def _letters(letters: str, colour_name: str) -> QIcon:
    side, scale, colour = 18, 3, QColor(colour_name)
    pixels = QPixmap(side * scale, side * scale)
    pixels.setDevicePixelRatio(scale)
    pixels.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixels)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.3, Qt.PenStyle.DashLine))
    painter.drawRoundedRect(QRectF(1, 1, side - 2, side - 2), 3, 3)
    font = QFont()
    font.setBold(True)
    font.setPixelSize(12 if len(letters) == 1 else 9)
    painter.setFont(font)
    painter.drawText(QRectF(0, 0, side, side), Qt.AlignmentFlag.AlignCenter, letters)
    painter.end()
    return QIcon(pixels)


def icon(name: str, colour: str, *, side: int = 24) -> QIcon:
    """Return a drawing of `side` logical pixels, sharp up to a screen scale of 3."""
    renderer = QSvgRenderer(QByteArray(_SVG.format(colour=colour, strokes=_STROKES[name]).encode()))
    pixels = QPixmap(side * 3, side * 3)
    pixels.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixels)
    renderer.render(painter, QRectF(0, 0, side * 3, side * 3))
    painter.end()
    pixels.setDevicePixelRatio(3)
    return QIcon(pixels)
