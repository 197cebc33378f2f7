"""The scan screen: how long it will take, resting, a core left free, quick, and the page that sets the counts right."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sakshya.casefile.reached import reached
from sakshya.gui.case_window import CaseWindow
from sakshya.gui.front import Front
from sakshya.gui.settings import Settings
from sakshya.testing import tiny_disk
from sakshya.triage.depth import Depth
from sakshya.workbench import AttachRequest, Desk, Workbench
from tests.support.small_case import finish, pictures

pytestmark = [pytest.mark.window, pytest.mark.qt_log_ignore("propagateSizeHints")]


@pytest.fixture
def window(dressed: QApplication, settings: Settings, tmp_path: Path) -> Iterator[CaseWindow]:
    files = {f"/DCIM/{n}.jpg": shot for n, shot in enumerate(pictures(12))}
    (tmp_path / "disk.dd").write_bytes(tiny_disk(files | {f"/notes/{n}.bin": b"note" * (n + 9) for n in range(30)}))
    desk = Desk.here(sets=tmp_path / "sets", zone="Asia/Kolkata")
    head = {"template": "india-bsa", "fir_no": "7/2026"}
    bench = Workbench.new_case(tmp_path / "case", head, desk=desk, by="Asha", unencrypted_reason="test")
    finish(bench.attach(AttachRequest(files=(str(tmp_path / "disk.dd"),), number="EX-1")))
    front = Front(dressed, settings, desk, "Asha")
    front.show_case(bench)
    assert front.case is not None
    yield front.case
    for one in (front.case, front.start):
        if one is not None:
            one.close()
            one.deleteLater()


def choose(window: CaseWindow, depth: Depth) -> None:
    window.scan.how_far.setCurrentIndex(window.scan.how_far.findData(depth.value))


def test_a_scan_that_rests_goes_on_and_ends_with_counts_that_agree(window: CaseWindow, qtbot: QtBot) -> None:
    screen, session = window.scan, window.session
    choose(window, Depth.STANDARD)
    screen.foresee_button.click()
    qtbot.waitUntil(lambda: bool(screen.foreseen.text()), timeout=60_000)

    screen.start()
    screen.pause_button.click()
    assert session.paused
    assert "resting" in screen.stage.text()
    qtbot.wait(3000)
    assert session.busy
    assert session.case.items.counts().total == 0
    screen.pause_button.click()
    qtbot.waitUntil(lambda: not session.busy, timeout=120_000)

    assert screen.finished.isVisibleTo(screen)
    assert screen.finished.verdict.text() == "Every count agrees with the others."
    assert "42" in screen.finished.lines.text()


def test_a_quick_scan_says_how_many_files_it_did_not_reach(window: CaseWindow, qtbot: QtBot) -> None:
    choose(window, Depth.QUICK)
    window.scan.spare.setChecked(True)
    window.scan.start()
    qtbot.waitUntil(lambda: not window.session.busy, timeout=120_000)

    assert reached(window.session.case).depth == "quick"
    assert "30" in window.scan.finished.verdict.text()
    assert "not reached" in window.scan.finished.verdict.text()
