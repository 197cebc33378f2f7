"""A line of words that gives way where there is no room: shortened in its middle, whole in its tip."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from sakshya.gui.texts import isolated

_SPARE = 4


class ElidedLabel(QLabel):
    """A label of one line that never makes a window wider than its screen; it keeps room for `least` letters."""

    def __init__(self, words: str = "", role: str = "", *, least: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole, self._least = "", least
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        if role:
            self.setProperty("role", role)
        self.say(words)

    @property
    def whole(self) -> str:
        """The words as they are when there is room."""
        return self._whole

    def say(self, words: str) -> None:
        """Show other words."""
        self._whole = words
        self.setAccessibleName(words)
        self.updateGeometry()
        self._fit()

    def sizeHint(self) -> QSize:
        """Return the room that the whole words need."""
        self.ensurePolished()
        metrics, edge = self.fontMetrics(), self.contentsMargins()
        wide = metrics.horizontalAdvance(self._whole) + edge.left() + edge.right() + _SPARE
        return QSize(wide, max(super().sizeHint().height(), metrics.height()))

    def minimumSizeHint(self) -> QSize:
        """Return room for the fewest letters, or for the whole where it is shorter."""
        whole = self.sizeHint()
        return QSize(min(self.fontMetrics().horizontalAdvance("0") * self._least, whole.width()), whole.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten, or show whole again."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font of the style sheet."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
            self._fit()

    def _fit(self) -> None:
        room = self.contentsRect().width()
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideMiddle, room)
        # What is cut away may hold the sign that closes an isolated name.
        self.setText(self._whole if shown == self._whole else isolated(shown))
        self.setToolTip("" if shown == self._whole else self._whole)
