"""The window of a real, small case: attaching what does not match, blanking, panes, languages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QInputDialog
from pytestqt.qtbot import QtBot

from sakshya.domain.exhibit import StatedDigest
from sakshya.domain.faults import EvidenceFault
from sakshya.gui.case_window import CaseWindow
from sakshya.gui.front import Front
from sakshya.gui.settings import Settings
from sakshya.testing import tiny_disk
from sakshya.workbench import AttachRequest, Desk, Workbench

pytestmark = [pytest.mark.window, pytest.mark.qt_log_ignore("propagateSizeHints")]


@pytest.fixture
def front(dressed: QApplication, settings: Settings, tmp_path: Path) -> Iterator[Front]:
    desk = Desk.here(sets=tmp_path / "sets", zone="Asia/Kolkata")
    made = Front(dressed, settings, desk, "Asha")
    head = {"template": "india-bsa", "fir_no": "7/2026"}
    bench = Workbench.new_case(tmp_path / "case", head, desk=desk, by="Asha", unencrypted_reason="test")
    made.show_case(bench)
    yield made
    for window in (made.case, made.start):
        if window is not None:
            window.close()
            window.deleteLater()


@pytest.fixture
def window(front: Front) -> CaseWindow:
    assert front.case is not None
    return front.case


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    file = tmp_path / "disk.dd"
    file.write_bytes(tiny_disk({"/नमस्ते.txt": b"words", "/سلام/two.txt": b"more words"}))
    return file


def in_dialog(qtbot: QtBot, act: Callable[[QDialog], None]) -> None:
    """Do something in the next dialog that opens."""
    timer = QTimer()
    acted: list[bool] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog) and dialog.isVisible():
            timer.stop()
            acted.append(True)
            act(dialog)

    timer.timeout.connect(look)
    timer.start(20)
    qtbot.waitUntil(lambda: bool(acted), timeout=30_000)


def test_an_exhibit_that_does_not_match_is_attached_only_with_a_written_reason(
    window: CaseWindow, disk: Path, qtbot: QtBot
) -> None:
    window.go_to("evidence")
    request = AttachRequest((str(disk),), "EX-1", stated=(StatedDigest("md5", "0" * 32, "examiner"),))

    def refuse(dialog: QDialog) -> None:
        dialog.reject()

    def agree(dialog: QDialog) -> None:
        assert isinstance(dialog, QInputDialog)
        assert "DOES NOT MATCH" in dialog.labelText()
        dialog.setTextValue("the memo has a slip of the pen")
        dialog.accept()

    window.evidence.attach_as(request)
    in_dialog(qtbot, refuse)
    assert window.session.case.exhibits.all() == []
    assert "does not match" in window.bar.words

    window.evidence.attach_as(request)
    in_dialog(qtbot, agree)
    qtbot.waitUntil(lambda: bool(window.session.case.exhibits.all()), timeout=30_000)

    exhibit = window.session.case.exhibits.get("EX-1")
    assert exhibit.mismatch_reason == "the memo has a slip of the pen"
    qtbot.waitUntil(lambda: "DOES NOT MATCH" in window.evidence.details.toPlainText(), timeout=30_000)


def test_the_tree_shows_names_of_every_script_and_says_what_cannot_be_read(
    window: CaseWindow, disk: Path, qtbot: QtBot
) -> None:
    window.go_to("evidence")
    window.evidence.attach_as(AttachRequest((str(disk),), "EX-1"))
    model = window.evidence.model
    qtbot.waitUntil(lambda: model.rowCount() == 1, timeout=30_000)
    volume = model.index(0, 0)
    model.fetchMore(volume)
    qtbot.waitUntil(lambda: model.rowCount(volume) > 1, timeout=30_000)

    names = {model.data(model.index(row, 0, volume)) for row in range(model.rowCount(volume))}
    assert {"नमस्ते.txt", "سلام"} <= names

    disk.unlink()
    window.session.exhibits_changed()
    qtbot.waitUntil(
        lambda: model.rowCount() == 1 and "not readable" in str(model.data(model.index(0, 0))), timeout=30_000
    )


def test_a_volume_that_cannot_be_read_never_looks_empty_and_deleted_entries_carry_a_letter(
    window: CaseWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    blank, used = tmp_path / "blank.dd", tmp_path / "used.dd"
    blank.write_bytes(bytes(1 << 20))
    used.write_bytes(tiny_disk({"/kept.txt": b"words"}, deleted={"/gone.txt": b"more words"}))
    window.go_to("evidence")
    model, tree = window.evidence.model, window.evidence.tree
    window.evidence.attach_as(AttachRequest((str(blank),), "EX-1"))
    qtbot.waitUntil(lambda: model.rowCount() == 1, timeout=30_000)
    volume = model.index(0, 0)

    assert "not readable" in str(model.data(volume))
    assert model.data(volume, Qt.ItemDataRole.DecorationRole) is not None
    assert model.rowCount(volume) == 1
    assert tree.isExpanded(volume)
    assert "No file can be listed" in str(model.data(model.index(0, 0, volume)))

    window.evidence.attach_as(AttachRequest((str(used),), "EX-2"))
    qtbot.waitUntil(lambda: window.evidence.table.rowCount() == 2 and not window.session.busy, timeout=30_000)
    window.evidence.table.setCurrentCell(1, 0)
    qtbot.waitUntil(lambda: "FAT16" in str(model.data(model.index(0, 0))), timeout=30_000)
    volume = model.index(0, 0)
    model.fetchMore(volume)
    qtbot.waitUntil(lambda: model.rowCount(volume) > 1, timeout=30_000)
    lines = [model.index(row, 0, volume) for row in range(model.rowCount(volume))]
    marked = {str(model.data(one)) for one in lines if model.data(one, Qt.ItemDataRole.DecorationRole) is not None}
    spoken = " ".join(str(model.data(one, Qt.ItemDataRole.AccessibleTextRole)) for one in lines)
    assert {name.lower()[1:] for name in marked} == {"one.txt"}
    assert "deleted" in spoken


def test_after_a_scan_the_evidence_page_accounts_for_entries_and_bytes(
    window: CaseWindow, disk: Path, qtbot: QtBot
) -> None:
    window.go_to("evidence")
    window.evidence.attach_as(AttachRequest((str(disk),), "EX-1"))
    qtbot.waitUntil(lambda: not window.session.busy, timeout=30_000)
    assert "Not scanned yet" in window.evidence.details.toPlainText()

    window.scan.start()
    qtbot.waitUntil(lambda: not window.session.busy, timeout=120_000)
    window.go_to("evidence")

    page = window.evidence.details.toPlainText()
    counts = window.session.case.entries.counts("EX-1")
    assert f"{counts.read} + {counts.unexamined} = {counts.entries}" in page
    assert page.count("adds up") == 2


def test_the_whole_window_fits_a_small_screen_in_every_language(front: Front, window: CaseWindow) -> None:
    for language in ("en", "hi", "ur"):
        front._on_language(language)
        assert front.case is not None
        least = front.case.minimumSizeHint()
        assert least.width() <= 960, language
        assert least.height() <= 500, language
    front._on_language("en")


def test_a_folder_that_is_not_there_is_said_and_not_opened(window: CaseWindow, tmp_path: Path) -> None:
    window.go_to("report")
    window.report.to.line.setText(str(tmp_path / "papers"))

    window.report._open_folder()

    assert "The folder is not there yet" in window.bar.words


def test_two_escapes_blank_the_window_and_no_key_gets_through_but_enter(window: CaseWindow, qtbot: QtBot) -> None:
    window.go_to("overview")

    window._on_escape()
    assert not window.cover.isVisible()
    window._on_escape()
    assert window.cover.isVisible()
    qtbot.keyClick(window.cover, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert window.workspace == "overview"
    qtbot.keyClick(window.cover, Qt.Key.Key_Return)

    assert not window.cover.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert window.workspace == "review"


def test_a_fault_is_one_line_that_stays_until_it_is_dismissed(window: CaseWindow) -> None:
    window.show_fault(EvidenceFault("sector 2048 could not be read", where="EX-1", advice="the rest was scanned"))

    assert window.bar.words == "Sector 2048 could not be read; EX-1; the rest was scanned"
    window._on_escape()
    assert not window.bar.isVisible()


def test_the_language_changes_without_closing_the_case(front: Front, window: CaseWindow) -> None:
    session = window.session
    window.go_to("ledger")

    window.language_chosen.emit("ur")

    assert front.case is not None
    assert front.case is not window
    assert front.case.session is session
    assert front.case.workspace == "ledger"
    assert front.case.layoutDirection() is Qt.LayoutDirection.RightToLeft
    front.case.language_chosen.emit("en")


def test_decisions_are_taken_back_only_where_they_are_in_view(window: CaseWindow) -> None:
    window.go_to("report")
    assert not window.review.actions_offered["undo"].isEnabled()

    window.go_to("review")

    assert window.review.actions_offered["undo"].isEnabled()


def test_every_place_that_takes_the_focus_has_a_name(window: CaseWindow, qtbot: QtBot) -> None:
    for name in ("overview", "evidence", "sets", "scan", "review", "report", "ledger"):
        window.go_to(name)
        for pane in window._panes(window._screens[name]):
            assert pane.accessibleName()
        seen = set()
        for _ in range(30):
            window._next_pane()
            focus = QApplication.focusWidget() or window.focusWidget()
            if focus is not None:
                seen.add(focus.accessibleName() or getattr(focus, "text", str)())
        assert "" not in seen, name


def test_a_second_job_is_refused_in_words_while_one_runs(window: CaseWindow, disk: Path, qtbot: QtBot) -> None:
    window.evidence.attach_as(AttachRequest((str(disk),), "EX-1"))

    window.scan.start()

    assert "Another job is running" in window.bar.words
    qtbot.waitUntil(lambda: not window.session.busy, timeout=30_000)
