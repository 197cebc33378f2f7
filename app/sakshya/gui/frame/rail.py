"""The rail of workspaces on the leading edge: icon and words, one of them in front."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from sakshya.gui import theme
from sakshya.gui.icons import icon
from sakshya.gui.texts import tr

# An icon with the space that a button leaves around its words, in logical pixels.
_ICON_ROOM = 24 + 30
WORKSPACES = ("overview", "evidence", "sets", "scan", "review", "report", "ledger")


def workspace_title(name: str) -> str:
    """Return a workspace's name on screen."""
    return {
        "overview": tr("Overview"),
        "evidence": tr("Evidence"),
        "sets": tr("Known sets"),
        "scan": tr("Scan"),
        "review": tr("Review"),
        "report": tr("Report"),
        "ledger": tr("Ledger"),
    }[name]


class Rail(QFrame):
    """One button for each workspace; `chosen` says which was pressed."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Rail")
        self.setAccessibleName(tr("Workspaces"))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 8)
        box.setSpacing(2)
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        for number, name in enumerate(WORKSPACES, 1):
            box.addWidget(self._button(name, number))
        box.addStretch(1)
        self._group.buttonClicked.connect(self._on_click)

    def show_chosen(self, name: str) -> None:
        """Mark the workspace in front."""
        self._buttons[name].setChecked(True)

    def take_focus(self) -> None:
        """Put the focus on the workspace in front."""
        checked = self._group.checkedButton()
        (checked or self._buttons[WORKSPACES[0]]).setFocus()

    def minimumSizeHint(self) -> QSize:
        """Return the room of the words alone, so that a low window need not be higher than its screen."""
        return QSize(super().minimumSizeHint().width(), (self.fontMetrics().height() + 20) * len(WORKSPACES) + 16)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the icons out where the window is low."""
        super().resizeEvent(event)
        icons = self.height() >= (self.fontMetrics().height() + _ICON_ROOM) * len(WORKSPACES)
        style = Qt.ToolButtonStyle.ToolButtonTextUnderIcon if icons else Qt.ToolButtonStyle.ToolButtonTextOnly
        for made in self._buttons.values():
            made.setToolButtonStyle(style)

    def redress(self) -> None:
        """Draw the icons in the colours of the theme in use."""
        for name, made in self._buttons.items():
            made.setIcon(icon(name, theme.current().text))

    def _button(self, name: str, number: int) -> QToolButton:
        made = QToolButton()
        made.setObjectName(name)
        made.setText(workspace_title(name))
        made.setIcon(icon(name, theme.current().text))
        made.setIconSize(QSize(24, 24))
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        made.setCheckable(True)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        made.setToolTip(f"{workspace_title(name)} (Ctrl+{number})")
        made.setAccessibleName(workspace_title(name))
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._group.addButton(made)
        self._buttons[name] = made
        return made

    def _on_click(self, pressed: QToolButton) -> None:
        self.chosen.emit(pressed.objectName())
