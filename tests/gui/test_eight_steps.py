"""The whole job in the window, on a real disk, by keys alone."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sakshya.domain.digests import file_sha256
from sakshya.domain.item import Status
from sakshya.gui.case_window import CaseWindow
from sakshya.gui.front import Front
from sakshya.gui.settings import Settings
from sakshya.testing.practice import PracticeDisk, write_practice_disk
from sakshya.workbench import Desk

pytestmark = [
    pytest.mark.window,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.qt_log_ignore("propagateSizeHints"),
]

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT, PLAIN = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
PASSPHRASE = "a long practice passphrase"


class Hands(QObject):
    """Presses keys wherever the focus is; nothing else. Counts the presses that are not typing."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__()
        self.qtbot = qtbot
        self.presses = 0

    @property
    def focus(self) -> QWidget:
        found = QApplication.focusWidget() or QApplication.activeModalWidget() or QApplication.activeWindow()
        assert found is not None
        return found

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        self.presses += 1
        QTest.keyClick(self.focus, key, modifiers)

    def type(self, text: str) -> None:
        for character in text:
            # QTest knows the keys of ASCII only; the others arrive as from a Hindi layout, by their text.
            event = QKeyEvent(QEvent.Type.KeyPress, 0, PLAIN, character)
            QApplication.sendEvent(self.focus, event)

    def fill(self, answers: dict[str, str]) -> None:
        """Walk through a form with Tab, answering what is asked, up to the first button after the last answer."""
        left = dict(answers)
        for _ in range(60):
            place = self.focus
            name = place.accessibleName().partition(",")[0].removesuffix(" *")
            answer = left.pop(name, None)
            if answer is not None:
                self.answer(place, answer)
            if not left:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"not asked for: {sorted(left)}")

    def answer(self, place: QWidget, answer: str) -> None:
        if isinstance(place, QComboBox) and not place.isEditable():
            for _ in range(place.count()):
                if place.currentText().startswith(answer):
                    return
                self.press(Qt.Key.Key_Down)
            raise AssertionError(f"no choice {answer}")
        assert isinstance(place, QLineEdit | QPlainTextEdit | QComboBox | QSpinBox)
        if isinstance(place, QLineEdit):
            self.press(Qt.Key.Key_A, CONTROL)
        self.type(answer)

    def go_to_button(self, words: str) -> None:
        for _ in range(60):
            place = self.focus
            if isinstance(place, QPushButton) and place.text() == words:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"no button {words}")

    def in_dialog(self, opens: Callable[[], None], script: Callable[[], None]) -> None:
        """Press what opens a dialog, and follow the script in it; the dialog is closed where the script fails."""
        failures: list[BaseException] = []
        timer = QTimer(self)

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            focus = QApplication.focusWidget()
            if dialog is None or focus is None or not dialog.isAncestorOf(focus):
                return
            timer.stop()
            try:
                script()
            except BaseException as failure:  # noqa: BLE001 - handed on below; the dialog must not stay open
                failures.append(failure)
                dialog.close()

        timer.timeout.connect(look)
        timer.start(50)
        opens()
        self.wait_for(lambda: not timer.isActive())
        self.wait_for(lambda: QApplication.activeModalWidget() is None)
        for window in QApplication.topLevelWidgets():
            # There is no window manager here to give the focus back.
            if isinstance(window, QMainWindow) and window.isVisible():
                window.activateWindow()
        if failures:
            raise failures[0]

    def wait_for(self, happens: Callable[[], bool], seconds: float = 120) -> None:
        self.qtbot.waitUntil(happens, timeout=int(seconds * 1000))


@pytest.fixture
def practice(tmp_path: Path) -> PracticeDisk:
    return write_practice_disk(tmp_path / "disk")


@pytest.fixture
def front(
    dressed: QApplication, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Front]:
    """The application as it starts for somebody who never used it, with a home of its own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    made = Front(dressed, settings, Desk.here(sets=tmp_path / "sets", zone="Asia/Kolkata"))
    yield made
    for window in (made.case, made.start):
        if window is not None:
            window.close()
            window.deleteLater()


def test_the_eight_steps_by_keys_alone(front: Front, qtbot: QtBot, practice: PracticeDisk, tmp_path: Path) -> None:
    hands, started = Hands(qtbot), time.monotonic()
    front.show_start()
    assert front.start is not None
    front.start.activateWindow()
    hands.wait_for(lambda: QApplication.focusWidget() is not None)

    hands.in_dialog(lambda: hands.press(Qt.Key.Key_N, ALT), lambda: make_case(hands))
    hands.wait_for(lambda: front.case is not None)
    window = front.case
    assert window is not None
    window.activateWindow()
    hands.wait_for(window.isActiveWindow)
    assert window.session.case.head.encrypted
    attach(hands, window, practice)
    import_set(hands, window, practice)
    scan(hands, window)
    review(hands, window)
    papers(hands, window, tmp_path / "papers")
    ledger(hands, window)
    sys.stdout.write(f"eight steps: {hands.presses} presses, {time.monotonic() - started:.0f} s\n")
    hands.press(Qt.Key.Key_W, CONTROL)
    hands.wait_for(lambda: front.start is not None)

    assert hands.presses < 200


def make_case(hands: Hands) -> None:
    hands.qtbot.wait(100)
    hands.answer(hands.focus, "India: Bharatiya")
    hands.go_to_button("Next")
    hands.press(Qt.Key.Key_Space)
    hands.qtbot.wait(100)
    hands.fill(
        {
            "Unit": "Cyber cell, Practice district",
            "FIR or enquiry number": "12/2026",
            "FIR or enquiry date": "2026-01-15",
            "Police station": "चाणक्यपुरी",
            "District": "New Delhi",
            "State or Union territory": "Delhi",
            "Sections": "none, practice",
            "Investigating officer": "SI A. Kumar",
            "Authority for the examination": "Letter 4 of 2026-01-14",
            "Questions asked": "Which pictures are known?",
            "Exhibits received on": "2026-01-15",
            "Was any FIR": "no",
        }
    )
    hands.go_to_button("Next")
    hands.press(Qt.Key.Key_Space)
    hands.qtbot.wait(100)
    hands.fill({"Examiner's name": "Asha Rao", "Passphrase": PASSPHRASE, "Passphrase once more": PASSPHRASE})
    hands.go_to_button("Create the case")
    hands.press(Qt.Key.Key_Space)


def attach(hands: Hands, window: CaseWindow, practice: PracticeDisk) -> None:
    hands.press(Qt.Key.Key_2, CONTROL)
    digest = file_sha256(practice.disk)

    def answer() -> None:
        hands.fill(
            {
                "Disk image files": str(practice.disk),
                "Exhibit number": "EX-7",
                "SHA-256": digest,
                "Device or source": "Flash Drive",
                "Make and model": "Example card",
                "Colour": "black",
                "Serial number": "S-1",
                "Seizure memo number": "M/1",
                "Device clock at seizure": "2026-01-15T10:00:00+05:30",
                "Reference clock at the same moment": "2026-01-15T10:03:20+05:30",
            }
        )
        hands.press(Qt.Key.Key_Return, CONTROL)

    hands.in_dialog(lambda: hands.press(Qt.Key.Key_E, CONTROL), answer)
    hands.wait_for(lambda: not window.session.busy)
    assert window.bar.words == ""
    exhibit = window.session.case.exhibits.get("EX-7")
    assert exhibit.verifications[-1].agrees is True
    assert exhibit.clock is not None
    assert exhibit.clock.offset_seconds == -200
    see_the_tree(hands, window)


def see_the_tree(hands: Hands, window: CaseWindow) -> None:
    tree, model = window.evidence.tree, window.evidence.model
    hands.wait_for(lambda: model.rowCount() > 0)
    for _ in range(6):
        if tree.hasFocus():
            break
        hands.press(Qt.Key.Key_F6)
    assert tree.hasFocus()
    first = model.index(0, 0)
    hands.press(Qt.Key.Key_Right)
    hands.wait_for(lambda: model.rowCount(first) > 5)
    names = {model.data(model.index(row, 0, first)) for row in range(model.rowCount(first))}
    assert {"DCIM", "चित्र", "تصاویر"} <= names


def import_set(hands: Hands, window: CaseWindow, practice: PracticeDisk) -> None:
    hands.press(Qt.Key.Key_3, CONTROL)

    def answer() -> None:
        hands.fill(
            {
                "Hash list": str(practice.known_set),
                "Name": "TEAPOTS",
                "Version": "1",
                "What the list asserts": "Known material",
                "Scheme of its codes": "Practice scheme: teapots",
            }
        )
        hands.press(Qt.Key.Key_Return, CONTROL)

    def read_the_plan() -> None:
        page = QApplication.activeModalWidget()
        assert page is not None
        words = page.page.toPlainText()  # type: ignore[attr-defined]
        assert "Teapot with a pattern" in words
        assert window.session.bench.sets() == []
        hands.press(Qt.Key.Key_Return, CONTROL)

    hands.in_dialog(lambda: hands.press(Qt.Key.Key_I, CONTROL), answer)
    hands.in_dialog(lambda: None, read_the_plan)
    hands.wait_for(lambda: not window.session.busy and bool(window.session.bench.sets()))
    assert window.sets.table.rowCount() == 1


def scan(hands: Hands, window: CaseWindow) -> None:
    hands.press(Qt.Key.Key_4, CONTROL)
    hands.press(Qt.Key.Key_R, CONTROL)
    hands.wait_for(lambda: window.session.progress is not None)
    hands.press(Qt.Key.Key_Period, CONTROL)
    hands.wait_for(lambda: not window.session.busy, 10)
    assert window.session.case.scans.unfinished() is not None
    hands.press(Qt.Key.Key_Escape)
    hands.press(Qt.Key.Key_R, CONTROL)
    hands.wait_for(lambda: not window.session.busy, 300)
    assert window.session.case.scans.unfinished() is None
    assert window.bar.words == ""
    assert window.scan.model.rowCount() == window.session.case.unexamined.count() > 3


def review(hands: Hands, window: CaseWindow) -> None:
    hands.press(Qt.Key.Key_5, CONTROL)
    screen, items = window.review, window.session.case.items
    hands.wait_for(lambda: screen.view.gallery.loaded(0) is not None)
    assert screen.view.hasFocus()
    before = items.counts()
    QTest.keyPress(screen.view, Qt.Key.Key_Space)
    hands.wait_for(lambda: screen.pane.showing, 60)
    QTest.keyRelease(screen.view, Qt.Key.Key_Space)
    assert not screen.pane.isVisible()
    hands.wait_for(lambda: "look.end" in acts(window), 20)
    for key in (Qt.Key.Key_6, Qt.Key.Key_0, Qt.Key.Key_0, Qt.Key.Key_0):
        hands.press(key)
    hands.press(Qt.Key.Key_Backspace)
    after = items.counts()
    assert after.decided == 3
    assert after.undecided == before.undecided - 3
    hands.press(Qt.Key.Key_F)
    assert screen.facets.hasFocus()
    hands.wait_for(lambda: len(screen.facets._lines()) > 4)
    choose_known(hands, window)


def choose_known(hands: Hands, window: CaseWindow) -> None:
    """Uncheck the undecided and check the known ones: their tiles hold no picture, and Space opens none."""
    screen = window.review
    hands.press(Qt.Key.Key_Home)
    for _ in range(12):
        line = screen.facets.currentItem()
        if line is not None and line.text(0) in ("Undecided", "Known"):
            hands.press(Qt.Key.Key_Space)
        hands.press(Qt.Key.Key_Down)
    assert screen.facets.chosen == {"status": frozenset({Status.KNOWN.value})}
    for _ in range(8):
        if screen.view.hasFocus():
            break
        hands.press(Qt.Key.Key_F6)
    hands.wait_for(lambda: screen.view.gallery.loaded(0) is not None)
    tile = screen.view.gallery.tile(0)
    assert tile is not None
    assert tile.status is Status.KNOWN
    assert tile.cells is None
    looks = window.session.looks
    hands.press(Qt.Key.Key_Space)
    hands.qtbot.wait(200)
    assert window.session.looks == looks
    assert not screen.pane.isVisible()


def papers(hands: Hands, window: CaseWindow, to: Path) -> None:
    hands.press(Qt.Key.Key_6, CONTROL)
    hands.type(str(to))
    written = window.report.outcome.toPlainText
    for key, words in ((Qt.Key.Key_R, ".pdf"), (Qt.Key.Key_C, "certificate-bsa-63-4-a.pdf"), (Qt.Key.Key_B, "bundle")):
        hands.press(key, CONTROL | SHIFT)
        hands.wait_for(lambda: not window.session.busy, 200)
        assert window.bar.words == ""
        assert words in written()
    hands.press(Qt.Key.Key_V, CONTROL | SHIFT)
    hands.wait_for(lambda: "VERIF" in written(), 60)
    assert "VERIFIED" in written().splitlines()[-1]
    assert "NOT VERIFY" not in written()
    assert "VERIFIED" in window.report.verdict.text()
    hands.press(Qt.Key.Key_1, CONTROL)
    assert [step.title for step in window.overview.shown if not step.done] == ["Review what is left"]


def ledger(hands: Hands, window: CaseWindow) -> None:
    hands.press(Qt.Key.Key_7, CONTROL)
    hands.wait_for(lambda: "whole" in window.ledger.state.text(), 30)
    assert window.ledger.model.rowCount() == len(list(window.session.case.ledger.entries()))
    expected = "case.new exhibit.add set.import scan.begin scan.stop scan.finish look look.end decide decide.undo"
    assert set(expected.split()) <= acts(window)


def acts(window: CaseWindow) -> set[str]:
    return {entry.act for entry in window.session.case.ledger.entries()}
