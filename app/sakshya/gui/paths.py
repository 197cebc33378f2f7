"""A path typed or chosen: the line and the button belong together."""

from enum import Enum
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from sakshya.gui.parts import button
from sakshya.gui.texts import tr


class Wanted(Enum):
    """What kind of path is asked for."""

    FILE = "file"
    FILES = "files"
    FOLDER = "folder"


class PathLine(QWidget):
    """Typing is always possible; the button only fills the line in. Several files are separated by `;`."""

    def __init__(self, name: str, wanted: Wanted, start: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = wanted
        self.line = QLineEdit(start)
        self.line.setAccessibleName(name)
        self._browse = button(tr("Choose…"), self._choose)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.line, 1)
        box.addWidget(self._browse)
        self.setFocusProxy(self.line)

    @property
    def typed(self) -> str:
        """What stands in the line."""
        return self.line.text().strip()

    @property
    def path(self) -> Path | None:
        """The path, or None while the line is empty."""
        return Path(self.typed).expanduser() if self.typed else None

    @property
    def files(self) -> tuple[str, ...]:
        """Every file named."""
        return tuple(str(Path(one.strip()).expanduser()) for one in self.typed.split(";") if one.strip())

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every file named, as paths."""
        return tuple(map(Path, self.files))

    def _choose(self) -> None:
        # Not the system's own dialog: that one would show pictures of what lies in the folder.
        options = QFileDialog.Option.DontUseNativeDialog
        title, start = self.line.accessibleName(), str(Path(self.typed).parent) if self.typed else ""
        if self._wanted is Wanted.FOLDER:
            found = QFileDialog.getExistingDirectory(self, title, start, QFileDialog.Option.ShowDirsOnly | options)
        elif self._wanted is Wanted.FILES:
            found = "; ".join(QFileDialog.getOpenFileNames(self, title, start, "", "", options)[0])
        else:
            found = QFileDialog.getOpenFileName(self, title, start, "", "", options)[0]
        if found:
            self.line.setText(found)
