"""The key card: every key of the screen in front, on one page."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from sakshya.domain.category import Scheme
from sakshya.gui import html
from sakshya.gui.pane import TextPane
from sakshya.gui.texts import tr


def card(scheme: Scheme) -> str:
    """Return the page."""
    return html.page(
        html.heading(tr("Everywhere")),
        _table(
            ("Ctrl+1 … Ctrl+7", tr("Go to a workspace")),
            ("F6", tr("Next pane (Shift+F6: previous)")),
            ("Ctrl+K", tr("Find any command by name")),
            ("Esc Esc", tr("Blank the whole window; Enter brings it back")),
            ("F1  ?", tr("This card")),
        ),
        html.heading(tr("Review")),
        _table(
            (tr("hold Space"), tr("Look while the key is held; released is gone")),
            (tr("arrows while holding"), tr("Move the lens; step through a video's frames")),
            (tr("hold C while holding"), tr("Colour")),
            *((one.key, one.label) for one in scheme.codes if one.key),
            ("Backspace  Ctrl+Z", tr("Take back the last decision")),
            ("J  K", tr("Next or previous undecided")),
            ("A", tr("Go on to the next undecided by itself")),
            ("L", tr("Lens or whole picture")),
            ("[  ]", tr("Smaller or larger tiles")),
            ("F", tr("Filter")),
            ("/", tr("Find an item number, a digest, or a part of a file name")),
            ("B", tr("Back to the filter")),
            ("Enter", tr("Details of the item")),
        ),
        html.heading(tr("Work")),
        _table(
            ("Ctrl+E", tr("Attach an exhibit")),
            ("Ctrl+I", tr("Import a known set")),
            ("Ctrl+R", tr("Start or continue the scan")),
            ("Ctrl+.", tr("Stop the running job")),
        ),
    )


class KeyCard(QDialog):
    """Shows the card until Escape or Close."""

    def __init__(self, scheme: Scheme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        pane = TextPane(tr("Keys"))
        pane.setHtml(card(scheme))
        buttons = QDialogButtonBox()
        buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.addWidget(pane)
        box.addWidget(buttons)
        wide = self.fontMetrics().horizontalAdvance("0")
        self.resize(wide * 76, self.fontMetrics().height() * 34)
        self.setWindowModality(Qt.WindowModality.WindowModal)


def _table(*lines: tuple[str, str]) -> str:
    return html.rows((key, html.text(meaning)) for key, meaning in lines)
