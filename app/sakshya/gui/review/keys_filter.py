"""The gallery's keys: hold Space to look, digits to decide, letters for the rest.

Every letter triggers the very action that stands in the Review menu, so the two cannot drift apart.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent

from sakshya.gui import keys
from sakshya.gui.review.gallery_view import GalleryView
from sakshya.gui.review.look_pane import LookPane
from sakshya.gui.review.looker import Looker

_ARROWS = {
    int(Qt.Key.Key_Left.value): (-1, 0),
    int(Qt.Key.Key_Right.value): (1, 0),
    int(Qt.Key.Key_Up.value): (0, -1),
    int(Qt.Key.Key_Down.value): (0, 1),
}
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier, Qt.KeyboardModifier.ShiftModifier)
_ENDINGS = (QEvent.Type.FocusOut, QEvent.Type.Hide, QEvent.Type.WindowDeactivate, QEvent.Type.ActivationChange)


class GalleryKeys(QObject):
    """An event filter on the gallery view."""

    def __init__(self, view: GalleryView, pane: LookPane, looker: Looker, *, parent: QObject) -> None:
        super().__init__(parent)
        self._view, self._pane, self._looker = view, pane, looker
        self._letters: Mapping[str, QAction] = {}
        self._decide: Callable[[str], None] = _nothing
        self._step: Callable[[int], bool] = _never
        view.installEventFilter(self)
        view.left.connect(looker.end)

    def serve(self, letters: Mapping[str, QAction], decide: Callable[[str], None], step: Callable[[int], bool]) -> None:
        """Say what letters and signs trigger, what a digit does, and how a held video steps to another frame."""
        self._letters, self._decide, self._step = letters, decide, step

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that are commands; end a look when the focus goes anywhere else."""
        if event.type() in _ENDINGS:
            self._looker.end()
        elif isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.KeyPress:
                return self._on_press(event)
            if event.type() is QEvent.Type.KeyRelease:
                return self._on_release(event)
        return False

    def _on_press(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Space:
            self._on_space(event)
            return True
        if self._looker.holding:
            self._while_holding(event)
            return True
        if event.modifiers() not in _PLAIN:
            return False
        number = keys.digit(event)
        if number is not None:
            self._decide(number)
            return True
        action = self._letters.get(keys.letter(event) or event.text()) or self._letters.get(_name(event))
        if action is None:
            return False
        action.trigger()
        return True

    def _on_space(self, event: QKeyEvent) -> None:
        tile = self._view.gallery.tile(self._view.current_row())
        if not event.isAutoRepeat() and tile is not None and event.modifiers() in _PLAIN:
            self._looker.begin(tile)

    def _while_holding(self, event: QKeyEvent) -> None:
        arrow = _ARROWS.get(event.key())
        if arrow is not None:
            if not (arrow[0] and self._step(arrow[0])):
                self._pane.move_lens(*arrow)
        elif keys.letter(event) == "c":
            self._pane.set_coloured(True)
        else:
            self._looker.end()

    def _on_release(self, event: QKeyEvent) -> bool:
        if event.isAutoRepeat():
            return event.key() == Qt.Key.Key_Space
        if event.key() == Qt.Key.Key_Space:
            self._looker.end()
            return True
        if self._looker.holding and keys.letter(event) == "c":
            self._pane.set_coloured(False)
        return False


def _name(event: QKeyEvent) -> str:
    return {
        int(Qt.Key.Key_Backspace.value): "backspace",
        int(Qt.Key.Key_Return.value): "enter",
        int(Qt.Key.Key_Enter.value): "enter",
    }.get(event.key(), "")


def _nothing(_: str) -> None:
    return


def _never(_: int) -> bool:
    return False
