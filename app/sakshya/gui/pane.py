"""Read-only rich text that never loads anything from anywhere."""

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QTextBrowser, QWidget


class TextPane(QTextBrowser):
    """Shows a page made by `html`; links are reported, not followed, and no resource is ever fetched."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.anchorClicked.connect(self._on_link)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Return nothing: a page holds words only."""
        return None

    def _on_link(self, url: QUrl) -> None:
        self.chosen.emit(url.toString())
