"""People of a case, its passphrase, and a case that somebody else works in; by keys alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from sakshya.casefile.driver import Mode
from sakshya.domain.faults import OperatorFault
from sakshya.domain.person import Role
from sakshya.gui.case_window import CaseWindow
from sakshya.gui.front import Front
from sakshya.gui.people.passphrase_dialog import PassphraseDialog
from sakshya.gui.people.people_dialog import PeopleDialog
from sakshya.gui.settings import Settings
from sakshya.workbench import Desk, Workbench

pytestmark = [pytest.mark.window, pytest.mark.qt_log_ignore("propagateSizeHints")]

OLD, NEW = "the first passphrase", "कमल और कलम"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.here(sets=tmp_path / "sets", zone="Asia/Kolkata")


@pytest.fixture
def front(dressed: QApplication, settings: Settings, desk: Desk) -> Iterator[Front]:
    made = Front(dressed, settings, desk, "Asha")
    yield made
    for window in (made.case, made.start):
        if window is not None:
            window.close()
            window.deleteLater()


def opened(front: Front, folder: Path, desk: Desk, passphrase: str | None) -> CaseWindow:
    reason = None if passphrase else "test"
    bench = Workbench.new_case(
        folder, {"template": "india-bsa"}, desk=desk, by="Asha", passphrase=passphrase, unencrypted_reason=reason
    )
    front.show_case(bench)
    assert front.case is not None
    return front.case


def type_into(qtbot: QtBot, line: QLineEdit, words: str) -> None:
    line.setFocus()
    line.setText(words)


def bring_up(dialog: QDialog, qtbot: QtBot) -> None:
    with qtbot.waitExposed(dialog):
        dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)


def press_go(dialog: PeopleDialog | PassphraseDialog, qtbot: QtBot) -> None:
    """Press Ctrl+Enter and wait for the answer, if anything was asked."""
    with qtbot.waitSignal(dialog.go.clicked):
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(dialog.go.isEnabled, timeout=30_000)


def in_next_dialog(qtbot: QtBot, act: Callable[[QDialog], None]) -> list[bool]:
    """Do something in the next dialog that opens; the list fills once it was done."""
    timer, acted = QTimer(QApplication.instance()), []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog) and dialog.isVisible():
            timer.stop()
            acted.append(True)
            act(dialog)

    timer.timeout.connect(look)
    timer.start(20)
    return acted


@pytest.fixture
def people(front: Front, tmp_path: Path, desk: Desk, qtbot: QtBot) -> Iterator[PeopleDialog]:
    window = opened(front, tmp_path / "case", desk, None)
    dialog = PeopleDialog(window.session, window)
    bring_up(dialog, qtbot)
    yield dialog
    dialog.close()


def test_a_person_with_a_signing_key_is_added_and_shown_with_its_fingerprint(
    people: PeopleDialog, qtbot: QtBot
) -> None:
    type_into(qtbot, people.name, "Inspector साक्षी")
    qtbot.keyClick(people.role, Qt.Key.Key_Down)
    type_into(qtbot, people.designation, "Inspector")
    type_into(qtbot, people.passphrase, NEW)
    type_into(qtbot, people.again, NEW)
    press_go(people, qtbot)

    case = people.session.case
    person = case.people.get("Inspector साक्षी")
    assert (person.role, person.designation) == (Role.EXAMINER, "Inspector")
    assert case.people.signer(person.name, NEW).public_key == person.public_key
    assert people.table.rowCount() == 2
    assert "साक्षी" in people.said.text()
    key = people.table.item(1, 3)
    assert key is not None
    assert len(key.toolTip()) > 64
    assert "no signing key" in people.table.item(0, 3).text()  # type: ignore[union-attr]
    assert people.passphrase.text() == ""


@pytest.mark.parametrize(
    ("name", "role", "passphrases", "said"),
    [
        ("", 1, ("", ""), "needs a name"),
        ("Asha", 1, ("", ""), "on the list already"),
        ("Ravi", 0, ("", ""), "role is not chosen"),
        ("Ravi", 2, ("one", "two"), "passphrases differ"),
        ("Ra\u202evi", 2, ("", ""), "printable"),
    ],
)
def test_what_cannot_be_is_one_line_and_nobody_is_added(
    people: PeopleDialog, qtbot: QtBot, name: str, role: int, passphrases: tuple[str, str], said: str
) -> None:
    people.name.setText(name)
    people.role.setCurrentIndex(role)
    people.passphrase.setText(passphrases[0])
    people.again.setText(passphrases[1])

    press_go(people, qtbot)

    assert said in people.said.text()
    assert "\n" not in people.said.text()
    assert [one.name for one in people.session.case.people.all()] == ["Asha"]


def test_the_report_page_says_who_cannot_sign_and_where_keys_are_made(front: Front, tmp_path: Path, desk: Desk) -> None:
    window = opened(front, tmp_path / "case", desk, None)
    window.go_to("report")
    assert "Asha" in window.report.key_note.text()
    assert "People" in window.report.key_note.text()
    assert not window.report.passphrase.isEnabled()

    window.session.bench.add_person("Ravi", Role.EXAMINER, "", passphrase=NEW)
    window.session.bench.who = "Ravi"
    window.session.changed.emit("people")

    assert window.report.passphrase.isEnabled()
    assert "has a signing key" in window.report.key_note.text()


def test_an_encrypted_case_opens_with_the_new_passphrase_alone(
    front: Front, tmp_path: Path, desk: Desk, qtbot: QtBot
) -> None:
    window = opened(front, tmp_path / "case", desk, OLD)
    dialog = PassphraseDialog(window.session, window)
    bring_up(dialog, qtbot)
    for old, new, again, said in (
        ("", NEW, NEW, "present passphrase"),
        (OLD, "", "", "empty"),
        (OLD, NEW, OLD, "differ"),
        ("wrong", NEW, NEW, "does not open"),
    ):
        for line, words in ((dialog.old, old), (dialog.new, new), (dialog.again, again)):
            line.setText(words)
        press_go(dialog, qtbot)
        assert said in dialog.said.text()
        assert dialog.isVisible()

    for line, words in ((dialog.old, OLD), (dialog.new, NEW), (dialog.again, NEW)):
        line.setText(words)
    press_go(dialog, qtbot)

    assert not dialog.isVisible()
    with Workbench.open(tmp_path / "case", desk=desk, passphrase=NEW, mode=Mode.READ) as bench:
        assert "case.passphrase" in {entry.act for entry in bench.case.ledger.entries()}
    with pytest.raises(OperatorFault):
        Workbench.open(tmp_path / "case", desk=desk, passphrase=OLD, mode=Mode.READ)


def test_an_unencrypted_case_says_why_there_is_no_passphrase_to_change(
    front: Front, tmp_path: Path, desk: Desk
) -> None:
    window = opened(front, tmp_path / "case", desk, None)

    action = window._own["passphrase"]

    assert not action.isEnabled()
    assert "not encrypted" in action.text()
    assert "not encrypted" in action.toolTip()


def test_a_case_that_somebody_works_in_is_offered_for_reading_and_every_act_is_refused(
    front: Front, tmp_path: Path, desk: Desk, qtbot: QtBot
) -> None:
    holder = Workbench.new_case(
        tmp_path / "case", {"template": "india-bsa"}, desk=desk, by="Ravi", unencrypted_reason="test"
    )
    lines = len(list(holder.case.ledger.entries()))
    front.show_start()

    def agree(dialog: QDialog) -> None:
        assert isinstance(dialog, QMessageBox)
        assert "already open by" in dialog.text()
        qtbot.keyClick(dialog, Qt.Key.Key_Return)

    acted = in_next_dialog(qtbot, agree)
    assert front.open_case(tmp_path / "case")
    assert acted
    window = front.case
    assert window is not None
    assert window.session.case.mode is Mode.READ
    for name in ("evidence", "sets", "scan", "review", "report", "ledger", "overview"):
        window.go_to(name)
    acts = [*window.evidence.actions_offered.values(), *window.sets.actions_offered.values()]
    acts += [window.scan.actions_offered["scan"], window.review.actions_offered["undo"]]
    acts += [window.report.actions_offered[one] for one in ("report", "certificate", "bundle")]
    assert not any(one.isEnabled() for one in acts)
    assert all("reading only" in one.toolTip() for one in acts)
    said: list[str] = []
    window.session.said.connect(said.append)
    window.scan.start()
    assert window.session.decide([1], window.session.scheme.codes[0]) == []
    assert ["reading only" in one for one in said] == [True, True]
    assert len(list(holder.case.ledger.entries())) == lines
    window.ledger.check()
    qtbot.waitUntil(lambda: "whole" in window.ledger.state.text(), timeout=30_000)
    holder.close()


def test_reading_only_is_not_forced_on_anybody(front: Front, tmp_path: Path, desk: Desk, qtbot: QtBot) -> None:
    holder = Workbench.new_case(
        tmp_path / "case", {"template": "india-bsa"}, desk=desk, by="Ravi", unencrypted_reason="test"
    )
    front.show_start()

    in_next_dialog(qtbot, lambda dialog: qtbot.keyClick(dialog, Qt.Key.Key_Escape))

    assert not front.open_case(tmp_path / "case")
    assert front.case is None
    assert front.start is not None
    assert "already open by" in front.start.bar.words
    holder.close()
