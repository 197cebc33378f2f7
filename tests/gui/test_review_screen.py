"""The review screen on a pretended case: deciding, taking back, looking."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sakshya.domain.category import CodeMeaning
from sakshya.domain.faults import EvidenceFault
from sakshya.gui.review.screen import ReviewScreen
from sakshya.gui.settings import Settings
from tests.support.pretended_case import PretendedSession

pytestmark = [pytest.mark.window, pytest.mark.qt_log_ignore("propagateSizeHints")]

Open = Callable[[int], ReviewScreen]


@pytest.fixture
def open_review(dressed: QApplication, qtbot: QtBot, settings: Settings) -> Open:
    def made(count: int = 300) -> ReviewScreen:
        screen = ReviewScreen(PretendedSession(count), settings)  # type: ignore[arg-type]
        qtbot.addWidget(screen)
        screen.resize(1200, 760)
        with qtbot.waitExposed(screen):
            screen.show()
        screen.activate()
        qtbot.waitUntil(lambda: screen.view.gallery.loaded(0) is not None)
        return screen

    return made


def item(screen: ReviewScreen) -> int | None:
    return screen.view.gallery.item_at(screen.view.current_row())


def heard(screen: ReviewScreen) -> list[str]:
    said: list[str] = []
    screen._session.said.connect(said.append)
    return said


def hold(screen: ReviewScreen, qtbot: QtBot) -> None:
    qtbot.keyPress(screen.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: screen.pane.showing)


def show_everything(screen: ReviewScreen) -> None:
    screen.facets.choose({})
    screen.view.go_to(0)


def test_a_digit_decides_and_the_next_undecided_item_takes_its_place(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)

    qtbot.keyClicks(screen.view, "120")

    assert screen._session.case.items.decided == {
        1: "pretended@1:1",
        2: "pretended@1:2",
        3: "pretended@1:0",
    }
    assert item(screen) == 4


def test_where_decided_items_stay_in_view_the_focus_skips_to_the_next_undecided(
    open_review: Open, qtbot: QtBot
) -> None:
    screen = open_review(300)
    show_everything(screen)
    screen.view.go_to(8)

    qtbot.keyClicks(screen.view, "1")

    assert item(screen) == 11  # 10 is known
    assert 9 in screen._session.case.items.decided


def test_without_automatic_advance_the_focus_stays(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)
    show_everything(screen)
    qtbot.keyClicks(screen.view, "a1")

    assert item(screen) == 1


def test_backspace_takes_the_last_decision_back_and_returns_to_its_item(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)
    qtbot.keyClicks(screen.view, "11")

    qtbot.keyClick(screen.view, Qt.Key.Key_Backspace)

    assert screen._session.case.items.decided == {1: "pretended@1:1"}
    assert item(screen) == 2


def test_a_decision_that_could_not_be_saved_leaves_the_item_in_view(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)
    screen._session.fail_next = True

    qtbot.keyClicks(screen.view, "1")

    assert item(screen) == 1
    assert screen._session.case.items.decided == {}


def test_a_key_without_a_category_decides_nothing_and_says_so(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)
    said = heard(screen)

    qtbot.keyClicks(screen.view, "7")

    assert screen._session.case.items.decided == {}
    assert "7" in said[0]


def test_many_at_once_leaves_known_items_alone_and_says_how_many(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)
    show_everything(screen)
    said = heard(screen)
    screen.view._select_between(0, 19)

    qtbot.keyClicks(screen.view, "2")

    decided = screen._session.case.items.decided
    assert len(decided) == 18
    assert not {10, 20} & decided.keys()
    assert "2" in said[0]
    assert len(screen._session.steps) == 1


def test_more_than_fifty_are_decided_only_after_a_second_question(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)
    asked: list[int] = []

    def refuse(count: int, code: CodeMeaning) -> bool:
        asked.append(count)
        return False

    screen.deciding.confirm = refuse
    screen.view.selectAll()
    qtbot.keyClicks(screen.view, "1")

    assert asked == [len(screen.view.gallery.ids)]
    assert screen._session.case.items.decided == {}


def test_devanagari_and_arabic_digits_decide_as_latin_ones_do(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)
    for text, key in (("१", 0x0967), ("۲", 0x06F2)):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
        QApplication.sendEvent(screen.view, event)

    assert screen._session.case.items.decided == {1: "pretended@1:1", 2: "pretended@1:2"}


def test_space_shows_a_picture_only_while_it_is_held(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)

    hold(screen, qtbot)
    assert screen.pane.isVisible()
    qtbot.wait(30)
    qtbot.keyRelease(screen.view, Qt.Key.Key_Space)

    assert not screen.pane.showing
    assert not screen.pane.isVisible()
    assert screen._session.looking.methods == ["look", "look_ended"]
    seconds = screen._session.looking.asked[1][1]["seconds"]
    assert isinstance(seconds, float)
    assert 0 < seconds < 5


@pytest.mark.parametrize("way", ["escape", "focus", "movement", "size", "hidden", "window"])
def test_whatever_else_happens_while_space_is_held_ends_the_look(open_review: Open, qtbot: QtBot, way: str) -> None:
    screen = open_review(300)
    hold(screen, qtbot)

    match way:
        case "escape":
            qtbot.keyClick(screen.view, Qt.Key.Key_Escape)
        case "focus":
            QApplication.sendEvent(screen.view, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.OtherFocusReason))
        case "movement":
            screen.view.go_to(5)
        case "size":
            screen.resize(900, 500)
        case "hidden":
            screen.hide()
        case "window":
            QApplication.sendEvent(screen.view, QEvent(QEvent.Type.WindowDeactivate))

    assert not screen.pane.showing
    assert screen.pane._colour is None


def test_pixels_that_come_after_the_release_are_dropped_unseen(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)
    screen._session.looking.held_back = True
    qtbot.keyPress(screen.view, Qt.Key.Key_Space)
    qtbot.keyRelease(screen.view, Qt.Key.Key_Space)

    screen._session.looking.answer()

    assert not screen.pane.showing
    assert not screen.pane.isVisible()
    assert screen._session.looking.methods == ["look"]


def test_a_repeating_key_is_one_look(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)
    hold(screen, qtbot)

    for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress) * 5:
        event = QKeyEvent(kind, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", True)
        QApplication.sendEvent(screen.view, event)

    assert screen.pane.showing
    assert screen._session.looking.methods == ["look"]
    qtbot.keyRelease(screen.view, Qt.Key.Key_Space)


def test_a_known_item_stays_closed_until_a_reason_is_given_and_then_opens_once(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)
    show_everything(screen)
    screen.view.go_to(9)
    said = heard(screen)

    qtbot.keyPress(screen.view, Qt.Key.Key_Space)
    qtbot.keyRelease(screen.view, Qt.Key.Key_Space)
    assert screen._session.looking.asked == []
    assert said
    screen.looker.arm(10, "the court asks")
    hold(screen, qtbot)
    qtbot.keyRelease(screen.view, Qt.Key.Key_Space)
    qtbot.keyPress(screen.view, Qt.Key.Key_Space)
    qtbot.keyRelease(screen.view, Qt.Key.Key_Space)

    assert screen._session.looking.methods == ["look", "look_ended"]
    assert screen._session.looking.asked[0][1]["reason"] == "the court asks"


def test_moving_away_takes_the_leave_to_open_a_known_item_back(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)
    show_everything(screen)
    screen.view.go_to(9)
    screen.looker.arm(10, "the court asks")
    qtbot.keyClick(screen.view, Qt.Key.Key_Right)
    qtbot.keyClick(screen.view, Qt.Key.Key_Left)

    qtbot.keyClick(screen.view, Qt.Key.Key_Space)

    assert screen._session.looking.asked == []


def test_a_picture_that_cannot_be_read_says_so_and_stays_blurred(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)
    screen._session.looking.fault = EvidenceFault("sector 2048 could not be read")

    qtbot.keyPress(screen.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "2048" in screen.pane._words)

    assert not screen.pane.showing
    qtbot.keyRelease(screen.view, Qt.Key.Key_Space)
    assert screen._session.looking.methods == ["look"]


def test_digits_do_nothing_while_a_picture_is_held_open(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)
    hold(screen, qtbot)

    qtbot.keyClicks(screen.view, "1")

    assert screen._session.case.items.decided == {}
    assert not screen.pane.showing


def look_for(screen: ReviewScreen, qtbot: QtBot, words: str) -> None:
    qtbot.keyClick(screen.view, "/")
    qtbot.keyClicks(screen.search, words)
    qtbot.keyClick(screen.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Looking" not in screen.found_bar.words)


def test_a_number_typed_into_find_leads_to_that_item_even_outside_the_filter(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)

    look_for(screen, qtbot, "250")

    assert item(screen) == 250
    assert screen.focusWidget() is screen.view
    assert "1" in screen.found_bar.words


def test_found_items_take_the_place_of_the_filter_and_b_brings_it_back(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)
    screen.view.go_to(6)
    filtered, before = list(screen.view.gallery.ids), item(screen)

    look_for(screen, qtbot, "_25")
    assert [int(one) for one in screen.view.gallery.ids] == [25, *range(250, 260)]
    assert screen.found_bar.isVisible()

    qtbot.keyClicks(screen.view, "b")
    assert list(screen.view.gallery.ids) == filtered
    assert not screen.found_bar.isVisible()
    assert before is not None


def test_a_decision_among_found_items_leaves_them_all_in_view(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)
    look_for(screen, qtbot, "_25")
    screen.view.go_to(2)

    qtbot.keyClicks(screen.view, "1")

    assert screen._session.case.items.decided == {251: "pretended@1:1"}
    assert len(screen.view.gallery.ids) == 11
    assert item(screen) == 252


def test_nothing_found_is_said_and_the_view_stays(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)
    filtered = list(screen.view.gallery.ids)

    look_for(screen, qtbot, "no such name")

    assert "Nothing found" in screen.found_bar.words
    assert list(screen.view.gallery.ids) == filtered
    screen.found_bar.back.click()
    assert not screen.found_bar.isVisible()


def test_choosing_a_filter_or_emptying_the_line_ends_the_finding(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)
    filtered = list(screen.view.gallery.ids)
    look_for(screen, qtbot, "_25")
    screen.search.clear()
    assert list(screen.view.gallery.ids) == filtered

    look_for(screen, qtbot, "_25")
    screen.facets.choose({})

    assert len(screen.view.gallery.ids) == 300
    assert not screen.found_bar.isVisible()


def test_the_mouse_opens_nothing(open_review: Open, qtbot: QtBot) -> None:
    screen = open_review(300)

    qtbot.mouseDClick(screen.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    qtbot.wait(20)

    assert not screen.pane.isVisible()
    assert screen._session.looking.asked == []
