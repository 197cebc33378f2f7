import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sakshya.domain.item import Status
from sakshya.gui.review.gallery_model import GalleryModel
from sakshya.gui.review.gallery_view import GalleryView
from tests.support.pretended_case import PretendedItems

pytestmark = [pytest.mark.window, pytest.mark.qt_log_ignore("propagateSizeHints")]

MILLION = 1_000_000


@pytest.fixture
def gallery(dressed: QApplication, qtbot: QtBot) -> GalleryView:
    view = GalleryView()
    qtbot.addWidget(view)
    view.setModel(GalleryModel(PretendedItems(MILLION), view))
    view.resize(1280, 800)
    view.gallery.set_ids(np.arange(1, MILLION + 1))
    with qtbot.waitExposed(view):
        view.show()
    view.go_to(0)
    return view


def test_a_million_rows_are_painted_at_once_and_the_bar_has_their_true_length(
    dressed: QApplication, qtbot: QtBot
) -> None:
    view = GalleryView()
    qtbot.addWidget(view)
    view.setModel(GalleryModel(PretendedItems(MILLION), view))
    view.resize(1280, 800)

    started = time.perf_counter()
    view.gallery.set_ids(np.arange(1, MILLION + 1))
    view.show()
    view.grab()
    took = time.perf_counter() - started

    lattice = view.lattice()
    assert view.verticalScrollBar().maximum() == lattice.lines * lattice.cell_height - view.viewport().height()
    assert took < 1.0  # 0.15 s on a free machine; the benchmark measures it


def test_end_goes_to_the_true_end_and_home_back(gallery: GalleryView, qtbot: QtBot) -> None:
    qtbot.keyClick(gallery, Qt.Key.Key_End)

    assert gallery.current_row() == MILLION - 1
    assert gallery.verticalScrollBar().value() == gallery.verticalScrollBar().maximum()
    assert gallery.viewport().rect().contains(gallery.visualRect(gallery.currentIndex()))
    qtbot.keyClick(gallery, Qt.Key.Key_Home)
    assert gallery.current_row() == 0
    assert gallery.verticalScrollBar().value() == 0


def test_a_click_hits_the_row_under_it_after_many_changes_of_size(gallery: GalleryView, qtbot: QtBot) -> None:
    gallery.go_to(987_659)
    for width in (700, 1500, 640, 1280):
        gallery.resize(width, 700)
        qtbot.wait(1)
    gallery.scrollTo(gallery.gallery.index(987_659))

    qtbot.mouseClick(
        gallery.viewport(), Qt.MouseButton.LeftButton, pos=gallery.visualRect(gallery.gallery.index(987_659)).center()
    )

    assert gallery.current_row() == 987_659
    assert gallery.indexAt(QPoint(-5, -5)).row() == -1


def test_only_the_rows_near_the_window_are_read(gallery: GalleryView, qtbot: QtBot) -> None:
    gallery.verticalScrollBar().setValue(gallery.verticalScrollBar().maximum() // 2)
    visible = gallery.visible_rows()

    qtbot.waitUntil(lambda: gallery.gallery.loaded(visible.start) is not None)

    assert gallery.gallery.loaded(visible.stop - 1) is not None
    assert gallery.gallery.loaded(visible.start - 10 * len(visible)) is None


def test_shift_and_a_movement_select_a_range_and_all_is_one_range(gallery: GalleryView, qtbot: QtBot) -> None:
    gallery.go_to(5)
    qtbot.keyClick(gallery, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)

    assert gallery.selected_ranges() == [range(5, 5 + gallery.lattice().columns + 1)]
    gallery.selectAll()
    assert gallery.selected_ranges() == [range(MILLION)]


def test_a_mosaic_drawn_before_is_not_drawn_again_once_the_item_is_known(gallery: GalleryView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: gallery.gallery.loaded(0) is not None)
    area = gallery.picture_area(0)
    before = gallery.viewport().grab(area).toImage()
    gallery.gallery._tiles[1] = replace(gallery.gallery._tiles[1], status=Status.KNOWN, cells=None, columns=0, rows=0)

    after = gallery.viewport().grab(area).toImage()

    shades = {after.pixelColor(x, 3).rgb() for x in range(3, area.width() - 3)}
    assert before != after
    assert len(shades) == 1  # the plain ground above the letter


def test_a_screen_reader_finds_every_row_by_name(gallery: GalleryView) -> None:
    seen = QAccessible.queryAccessibleInterface(gallery)

    assert seen.role() is QAccessible.Role.List
    assert seen.childCount() == MILLION
    name = seen.child(500_000).text(QAccessible.Text.Name)
    assert "500001" in name
    assert "Undecided." in name
    assert "Blurred." in name


def test_resizing_keeps_the_first_row_in_view(gallery: GalleryView, qtbot: QtBot) -> None:
    gallery.verticalScrollBar().setValue(400_000 // gallery.lattice().columns * gallery.lattice().cell_height)
    first = gallery.visible_rows().start

    gallery.resize(900, 800)
    qtbot.wait(1)

    assert first in gallery.visible_rows()


def test_in_urdu_the_first_tile_stands_on_the_right_and_left_leads_onward(
    gallery: GalleryView, dressed: QApplication, qtbot: QtBot
) -> None:
    gallery.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    gallery.go_to(0)

    assert gallery.visualRect(gallery.gallery.index(0)).center().x() > gallery.viewport().width() // 2
    qtbot.keyClick(gallery, Qt.Key.Key_Left)
    assert gallery.current_row() == 1


def test_typing_letters_never_searches_through_the_rows(gallery: GalleryView, qtbot: QtBot) -> None:
    before = gallery.gallery._source.queries  # type: ignore[attr-defined]

    qtbot.keyClicks(gallery, "xyz")

    assert gallery.gallery._source.queries == before  # type: ignore[attr-defined]
