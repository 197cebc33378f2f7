"""The menus of the case window. Every command of every screen stands here once, as the screen's own action."""

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from sakshya.gui.texts import tr

Titled = tuple[str, Sequence[QAction | None]]


def fill_menus(bar: QMenuBar, menus: Sequence[Titled]) -> None:
    """Put titled lists of actions into a menu bar; None is a line between them."""
    bar.clear()
    for title, actions in menus:
        menu = QMenu(title, bar)
        menu.setToolTipsVisible(True)
        bar.addMenu(menu)
        for one in actions:
            if one is None:
                menu.addSeparator()
            else:
                menu.addAction(one)


def all_actions(menus: Sequence[Titled]) -> list[QAction]:
    """Return every action of the menus, in order."""
    return [one for _, actions in menus for one in actions if one is not None]


def titles() -> tuple[str, ...]:
    """Return the menus' titles in their order: case, evidence, review, papers, view, help."""
    return (tr("&Case"), tr("&Evidence"), tr("&Review"), tr("&Papers"), tr("&View"), tr("&Help"))
