"""Small widgets that every screen uses, so that they look and speak alike."""

import re
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

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


def action_button(action: QAction, *, role: str = "") -> QPushButton:
    """Return a button that triggers an action and follows whether it is enabled; its tip names the key."""
    made = button(action.text(), action.trigger, role=role)
    made.setEnabled(action.isEnabled())
    action.enabledChanged.connect(made.setEnabled)
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    name = plain(action.text())
    made.setToolTip(f"{name} ({keys})" if keys else name)
    made.setAccessibleName(name)
    return made


def plain(words: str) -> str:
    """Return words without the mark of their key: `&Open` as "Open", `खोलें(&O)` as "खोलें"."""
    return _MARKED.sub("", words).replace("&", "")


def action(owner: QWidget, words: str, act: Callable[[], object], keys: str = "") -> QAction:
    """Return an action of a widget, with its key if it has one."""
    made = QAction(words, owner)
    if keys:
        made.setShortcut(QKeySequence(keys))
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
