"""What every window test needs: a screen, dressed windows, and a case that is only pretended."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import tests.support.screen  # noqa: F401

try:
    from PySide6 import QtWidgets  # noqa: F401
except ImportError as error:
    pytest.skip(f"Qt cannot start here: {error}", allow_module_level=True)

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from sakshya.gui import theme
from sakshya.gui.front import load_fonts
from sakshya.gui.settings import Settings
from sakshya.gui.texts import use


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    """The application in the dark theme and in English, and so again afterwards."""
    load_fonts(qapp)
    theme.apply(qapp, "dark")
    use("en")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    yield qapp
    use("en")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings in a file of this test's own."""
    return Settings(tmp_path / "settings.ini")
