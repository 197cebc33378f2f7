"""P4: no accidental clear pixel and no unasked sound, whatever the window does.

The measure: a test card with detail of two pixels is the picture. Its mosaic may be seen; anything finer may not. What
lies above a sixteenth of the sampling rate of a grabbed tile is compared with what the same card shows in clear.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import tests.support.screen  # noqa: F401

pytest.importorskip("PySide6.QtWidgets", reason="Qt cannot start here", exc_type=ImportError)

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QFocusEvent, QImage, QPixmap
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from sakshya.gui import theme
from sakshya.gui.clear import Clear
from sakshya.gui.frame.cover import Cover
from sakshya.gui.front import load_fonts
from sakshya.gui.review.look_pane import Extent
from sakshya.gui.review.screen import ReviewScreen
from sakshya.gui.settings import Settings
from sakshya.gui.texts import use
from tests.support.pretended_case import PretendedSession, detailed_card

pytestmark = [pytest.mark.window, pytest.mark.qt_log_ignore("propagateSizeHints")]

FINE = 1 / 16
ITEMS = 3000


@pytest.fixture
def screen(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[ReviewScreen]:
    load_fonts(qapp)
    theme.apply(qapp, "dark")
    use("en")
    made = ReviewScreen(PretendedSession(ITEMS), Settings(tmp_path / "settings.ini"))  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1200, 760)
    with qtbot.waitExposed(made):
        made.show()
    made.activate()
    qtbot.waitUntil(lambda: made.view.gallery.loaded(0) is not None)
    yield made
    theme.apply(qapp, "dark")


def fine_energy(grey: np.ndarray) -> float:
    """Return the strength of everything finer than a sixteenth of the sampling rate, 0 for a flat surface."""
    values = grey.astype(float) - grey.mean()
    windowed = values * np.hanning(values.shape[0])[:, None] * np.hanning(values.shape[1])[None, :]
    spectrum = np.abs(np.fft.fft2(windowed)) ** 2
    rows = np.abs(np.fft.fftfreq(values.shape[0]))[:, None]
    columns = np.abs(np.fft.fftfreq(values.shape[1]))[None, :]
    return float(np.sqrt(spectrum[np.maximum(rows, columns) > FINE].sum()) / values.size)


def grey_of(grabbed: QPixmap, area: QRect) -> np.ndarray:
    scale = grabbed.devicePixelRatio()
    place = QRect(
        int(area.left() * scale), int(area.top() * scale), int(area.width() * scale), int(area.height() * scale)
    )
    part = grabbed.toImage().copy(place).convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(part.constBits(), dtype=np.uint8).reshape(part.height(), part.bytesPerLine())
    return rows[:, : part.width()].copy()  # the picture takes its memory along when it goes


def tiles_of(screen: ReviewScreen) -> list[np.ndarray]:
    """Grab the gallery as it is on the screen now and cut out every picture wholly in view."""
    grabbed, shown = screen.view.viewport().grab(), screen.view.viewport().rect()
    areas = [screen.view.picture_area(row) for row in screen.view.visible_rows()]
    known = {row for row in screen.view.visible_rows() if (screen.view.gallery.item_at(row) or 0) % 10 == 0}
    rows = screen.view.visible_rows()
    return [
        grey_of(grabbed, area)
        for row, area in zip(rows, areas, strict=True)
        if row not in known and shown.contains(area)
    ]


def clear_energy(side: int) -> float:
    """What the card would show if it were drawn in clear at a tile's size."""
    card = detailed_card()
    pixels = card.tobytes()  # borrowed by the QImage, so it is held as long
    picture = QImage(pixels, card.shape[1], card.shape[0], card.shape[1], QImage.Format.Format_Grayscale8)
    drawn = picture.scaled(side * 4 // 3, side, mode=Qt.TransformationMode.FastTransformation)
    return fine_energy(grey_of(QPixmap.fromImage(drawn), QRect(0, 0, drawn.width(), drawn.height())))


def assert_only_mosaics(screen: ReviewScreen) -> int:
    limit = clear_energy(screen.view.side) / 20
    tiles = tiles_of(screen)
    assert all(fine_energy(tile) < limit for tile in tiles)
    return len(tiles)


def test_the_measure_tells_a_clear_card_from_its_mosaic(screen: ReviewScreen) -> None:
    tiles = tiles_of(screen)

    assert len(tiles) > 10
    assert tiles[0].std() > 3  # the mosaic itself is there
    assert max(map(fine_energy, tiles)) < clear_energy(screen.view.side) / 20


def _scroll(screen: ReviewScreen, step: int) -> None:
    bar = screen.view.verticalScrollBar()
    bar.setValue(bar.maximum() * step // 9)


def _resize(screen: ReviewScreen, step: int) -> None:
    screen.resize(700 + 90 * step, 420 + 50 * step)


def _dress(screen: ReviewScreen, step: int) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application, ("dark", "light")[step % 2])


def _tile_size(screen: ReviewScreen, step: int) -> None:
    screen.view.set_side((64, 96, 128, 192, 256)[step % 5])


def _move(screen: ReviewScreen, step: int) -> None:
    screen.view.go_to(step * 17 % 200)


def _switch(screen: ReviewScreen, step: int) -> None:
    screen.hide() if step % 2 else screen.show()


def _filter(screen: ReviewScreen, step: int) -> None:
    screen.facets.choose({"status": frozenset({"undecided"})} if step % 2 else {})


@pytest.mark.parametrize("act", [_scroll, _resize, _dress, _tile_size, _move, _switch, _filter])
def test_no_frame_shows_more_than_a_mosaic(
    screen: ReviewScreen, qtbot: QtBot, act: Callable[[ReviewScreen, int], None]
) -> None:
    seen = 0
    for step in range(10):
        act(screen, step)
        seen += assert_only_mosaics(screen)  # the very next frame, before anything settles
        qtbot.wait(20)
        if screen.isVisible():
            seen += assert_only_mosaics(screen)

    assert seen > 20


def test_no_frame_shows_more_than_a_mosaic_while_deciding_and_taking_back(screen: ReviewScreen, qtbot: QtBot) -> None:
    for key in "120":
        qtbot.keyClick(screen.view, key)
        assert_only_mosaics(screen)
    qtbot.keyClick(screen.view, Qt.Key.Key_Backspace)
    qtbot.wait(20)

    assert assert_only_mosaics(screen) > 10


def held_detail(screen: ReviewScreen) -> float:
    """How much fine detail the look pane's middle shows."""
    middle = screen.view.rect().center()
    area = QRect(middle.x() - 60, middle.y() - 60, 120, 120)
    return fine_energy(grey_of(screen.view.grab(), area))


def release(screen: ReviewScreen, qtbot: QtBot) -> None:
    qtbot.keyRelease(screen.view, Qt.Key.Key_Space)


def lose_focus(screen: ReviewScreen, qtbot: QtBot) -> None:
    QApplication.sendEvent(screen.view, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason))


def press_escape(screen: ReviewScreen, qtbot: QtBot) -> None:
    qtbot.keyClick(screen.view, Qt.Key.Key_Escape)


def switch_screen(screen: ReviewScreen, qtbot: QtBot) -> None:
    screen.leave()


@pytest.mark.parametrize("extent", [Extent.LENS, Extent.WHOLE])
@pytest.mark.parametrize("let_go", [release, lose_focus, press_escape, switch_screen])
def test_detail_is_on_the_screen_only_while_the_key_is_held(
    screen: ReviewScreen, qtbot: QtBot, let_go: Callable[[ReviewScreen, QtBot], None], extent: Extent
) -> None:
    screen.pane.extent = extent
    qtbot.keyPress(screen.view, Qt.Key.Key_Space)
    before_the_pixels = held_detail(screen)
    qtbot.waitUntil(lambda: screen.pane.showing)
    while_held = held_detail(screen)

    let_go(screen, qtbot)

    assert while_held > 10 * before_the_pixels
    assert not screen.pane.isVisible()
    assert screen.pane._colour is None
    assert screen.pane._grey is None
    assert assert_only_mosaics(screen) > 10


def test_a_lens_leaves_the_rest_of_the_picture_blurred(screen: ReviewScreen, qtbot: QtBot) -> None:
    qtbot.keyPress(screen.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: screen.pane.showing)

    area = screen.pane._picture_area()
    corner = QRect(area.left() + 4, area.top() + 4, 60, 60)

    assert fine_energy(grey_of(screen.view.grab(), corner)) < held_detail(screen) / 10
    release(screen, qtbot)


def test_the_blank_page_hides_everything_at_once(screen: ReviewScreen, qtbot: QtBot) -> None:
    cover = Cover(screen)

    cover.lay()

    seen = grey_of(screen.grab(), QRect(0, 0, screen.width(), screen.height() // 3))
    assert seen.std() < 1
    qtbot.keyClick(cover, Qt.Key.Key_Tab)
    assert screen.focusWidget() is cover
    qtbot.keyClick(cover, Qt.Key.Key_Return)
    assert not cover.isVisible()


def test_the_pane_keeps_no_pixels_between_two_items(screen: ReviewScreen) -> None:
    tile = screen.view.gallery.tile(0)
    assert tile is not None
    screen.pane.open(tile)
    screen.pane.show_clear(Clear(2, 2, bytes(12)))
    assert screen.pane.showing

    other = screen.view.gallery.tile(1)
    assert other is not None
    screen.pane.open(other)

    assert not screen.pane.showing
    screen.pane.forget()


def test_nothing_in_the_window_can_play_a_sound() -> None:
    code = (
        "import sys, sakshya.gui.main\n"
        "loaded = [name for name in sys.modules if 'Multimedia' in name or name in ('winsound', 'ossaudiodev')]\n"
        "sys.exit(', '.join(loaded) or 0)"
    )

    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=_app())

    assert outcome.returncode == 0, outcome.stderr


def _app() -> Path:
    return Path(__file__).resolve().parents[2] / "app"


def test_no_widget_of_the_screen_offers_a_picture_to_tooltips_or_drags(screen: ReviewScreen) -> None:
    for widget in screen.findChildren(QWidget):
        assert "<img" not in widget.toolTip()
    assert not screen.view.dragEnabled()
    assert screen.view.gallery.data(screen.view.gallery.index(0), Qt.ItemDataRole.DecorationRole) is None
    assert screen.view.gallery.data(screen.view.gallery.index(0), Qt.ItemDataRole.ToolTipRole) is None
