"""Small widgets that every screen uses, so that they look and speak alike."""

import re
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sakshya.gui.texts import tr

_MARKED = re.compile(r"\(&\w\)")


def label(words: str, role: str = "", *, wrap: bool = True) -> QLabel:
    """Return words in one of the style sheet's roles: title, heading, figure, muted, or plain."""
    made = QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        # A label follows the direction of its own words, and an English name would stand alone on the other side.
        made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
    if role:
        made.setProperty("role", role)
    return made


def set_state(target: QLabel, state: str) -> None:
    """Colour a label as good, bad, warn or plain ("")."""
    target.setProperty("state", state)
    target.style().unpolish(target)
    target.style().polish(target)


def button(words: str, pressed: Callable[[], object], *, role: str = "") -> QPushButton:
    """Return a button; `pressed` must be a bound method of an object that lives as long as the button."""
    made = QPushButton(words)
    made.setAutoDefault(False)
    if role:
        made.setProperty("role", role)
    made.clicked.connect(pressed)
    return made


class ActionButton(QPushButton):
    """Triggers an action and follows its words, its tip and whether it is enabled."""

    def __init__(self, action: QAction, role: str) -> None:
        super().__init__()
        self._action = action
        self.setAutoDefault(False)
        if role:
            self.setProperty("role", role)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setText(self._action.text())
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())
        self.setAccessibleName(plain(self._action.text()))


def action_button(action: QAction, *, role: str = "") -> QPushButton:
    """Return a button for an action; its tip names the key, or says why the action is refused."""
    return ActionButton(action, role)


def rename(action: QAction, words: str) -> None:
    """Give an action other words, in its tip too."""
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setText(words)
    if action.isEnabled() or not action.statusTip():
        action.setToolTip(f"{plain(words)} ({keys})" if keys else plain(words))


def refuse(action: QAction, reason: str) -> None:
    """Disable an action for as long as the window lives, and say why in its tip."""
    action.setEnabled(False)
    action.setToolTip(reason)
    action.setStatusTip(reason)


def plain(words: str) -> str:
    """Return words without the mark of their key: `&Open` as "Open", `खोलें(&O)` as "खोलें"."""
    return _MARKED.sub("", words).replace("&", "")


def action(owner: QWidget, words: str, act: Callable[[], object], keys: str = "") -> QAction:
    """Return an action of a widget, with its key if it has one."""
    made = QAction(words, owner)
    if keys:
        made.setShortcut(QKeySequence(keys))
        made.setToolTip(f"{plain(words)} ({made.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})")
    made.triggered.connect(act)
    return made


def card(*contents: QWidget | QLayout) -> QFrame:
    """Return a framed group of widgets, one below the other."""
    frame = QFrame()
    frame.setObjectName("Card")
    box = QVBoxLayout(frame)
    box.setContentsMargins(16, 14, 16, 14)
    box.setSpacing(8)
    fill(box, *contents)
    return frame


def fill(box: QVBoxLayout | QHBoxLayout, *contents: QWidget | QLayout) -> None:
    """Put widgets and layouts into a box, in order."""
    for one in contents:
        if isinstance(one, QLayout):
            box.addLayout(one)
        else:
            box.addWidget(one)


def line(*contents: QWidget | None) -> QHBoxLayout:
    """Return widgets side by side; None is a gap that takes what room there is."""
    box = QHBoxLayout()
    box.setSpacing(8)
    for one in contents:
        if one is None:
            box.addStretch(1)
        else:
            box.addWidget(one)
    return box


def asked(*pairs: tuple[str, QWidget]) -> QFormLayout:
    """Return questions, each above its place or beside it where there is room; a `*` marks what is needed."""
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    for words, place in pairs:
        caption = label(words)
        caption.setBuddy(place)
        place.setAccessibleName(words.removesuffix(" *"))
        form.addRow(caption, place)
    return form


def page(title: str, *contents: QWidget | QLayout) -> QWidget:
    """Return a screen: its title, then its contents."""
    screen = QWidget()
    screen.setObjectName("Page")
    box = QVBoxLayout(screen)
    box.setContentsMargins(20, 14, 20, 14)
    box.setSpacing(10)
    fill(box, label(title, "title"), *contents)
    return screen


def scrolled(inside: QWidget) -> QScrollArea:
    """Return a widget that scrolls when the window is small or the text is large."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(inside)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    return area


def nothing_here(what: str, next_step: str) -> str:
    """Return the text of an empty place: what it means and the one next action."""
    return f"{what} {next_step}".strip() or tr("Nothing here.")
