"""The evidence window: a folder of a million names, marks, keys, bytes, and a queue of exhibits."""

import pickle
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QTreeView
from pytestqt.qtbot import QtBot

from sakshya.domain.absent import NotRecorded
from sakshya.domain.entry import Entry, EntryKind, Recovery, Times
from sakshya.domain.faults import OperatorFault
from sakshya.domain.locator import Locator, Member
from sakshya.domain.unexamined import Reason
from sakshya.gui.evidence.attach_queue import AttachQueue, Stand
from sakshya.gui.evidence.bytes_words import guess_encoding, hex_page, text_page
from sakshya.gui.evidence.entry_words import entry_marks, entry_name
from sakshya.gui.evidence.key_fields import KeyFields
from sakshya.gui.evidence.listed import Listed
from sakshya.gui.evidence.tree_model import EntryTree
from sakshya.triage.listing import PAGE_ENTRIES, Page
from sakshya.workbench import AttachRequest

pytestmark = [pytest.mark.window, pytest.mark.qt_log_ignore("propagateSizeHints")]

_NONE = NotRecorded()
_TIMES = Times(_NONE, _NONE, _NONE, _NONE)
_MILLION = 1_000_000


def entry(path: str, **more: object) -> Entry:
    locator = Locator("EX-1", 1, 0, 5, path, **{key: more.pop(key) for key in ("layers", "inside") if key in more})  # type: ignore[arg-type]
    fields = {"kind": EntryKind.FILE, "size": 9, "allocated": True, **more}
    return Entry(locator, "ext4", times=_TIMES, **fields)  # type: ignore[arg-type]


class FakeClerk(QObject):
    """Answers from the event loop, as the real one does, with folders that need no disk."""

    answered = Signal(int, object)
    failed = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str | None, int]] = []
        last = _MILLION // PAGE_ENTRIES - 1
        self._packed = {page: pickle.dumps(self._folder(page)) for page in (0, last // 2, last)}

    def ask(self, method: str, *, number: str, locator: str | None, page: int) -> int:
        """Note the question and answer it soon."""
        ticket = len(self.asked) + 1
        self.asked.append((locator, page))
        QTimer.singleShot(0, lambda: self.answered.emit(ticket, self._listed(locator, page)))
        return ticket

    def _listed(self, locator: str | None, page: int) -> Listed:
        if locator is None:
            return Listed(Page(1, 0, (entry("/", kind=EntryKind.VIRTUAL),)), {})
        # As it comes through the pipe: unpacking it is a part of the pause.
        unpacked: Listed = pickle.loads(self._packed[page])
        return unpacked

    @staticmethod
    def _folder(page: int) -> Listed:
        first = page * PAGE_ENTRIES
        names = (f"/file {at:07}.bin" for at in range(first, min(first + PAGE_ENTRIES, _MILLION)))
        marks = {1: frozenset({Reason.ENCRYPTED}), 2: frozenset({Reason.DAMAGED_CHUNK})}
        return Listed(Page(_MILLION, first, tuple(map(entry, names))), marks)


class Pauses:
    """Measures for how long the event loop does not come round."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def stop(self) -> float:
        self._timer.stop()
        return self.longest


def test_a_folder_of_a_million_entries_opens_without_a_pause(dressed: QApplication, qtbot: QtBot) -> None:
    from zoneinfo import ZoneInfo

    clerk = FakeClerk()
    model, tree = EntryTree(clerk, ZoneInfo("Asia/Kolkata")), QTreeView()  # type: ignore[arg-type]
    tree.setUniformRowHeights(True)
    tree.setModel(model)
    tree.resize(900, 600)
    qtbot.addWidget(tree)
    tree.show()
    model.show_exhibit("EX-1", {})
    qtbot.waitUntil(lambda: model.rowCount() == 1)
    volume = model.index(0, 0)
    longest = 0.0
    last = _MILLION // PAGE_ENTRIES - 1
    for stretch in (0, last // 2, last):
        pauses = Pauses()
        tree.expand(volume)
        qtbot.waitUntil(lambda: model.rowCount(volume) > 0)
        place = model.index(stretch, 0, volume)
        tree.expand(place)
        qtbot.waitUntil(lambda place=place: model.rowCount(place) == PAGE_ENTRIES)  # type: ignore[misc]
        tree.scrollToBottom()
        qtbot.wait(30)
        longest = max(longest, pauses.stop())

    assert model.rowCount(volume) == _MILLION // PAGE_ENTRIES
    assert longest < 0.1, f"{longest * 1000:.0f} ms"
    end = model.index(PAGE_ENTRIES - 1, 0, model.index(last, 0, volume))
    assert model.data(end) == "file 0999999.bin"
    assert len(clerk.asked) == 4
    model.deleteLater()


def test_every_state_has_a_letter_and_words(dressed: QApplication) -> None:
    def letters(one: Entry, *reasons: Reason) -> str:
        marks = entry_marks(one, frozenset(reasons))
        assert all(mark.words for mark in marks)
        return "".join(mark.letter for mark in marks)

    assert letters(entry("/a")) == ""
    assert letters(entry("/a", allocated=False, recovery=Recovery.WHOLE)) == "D"
    assert letters(entry("/$OrphanFiles/a", allocated=False)) == "O"
    assert letters(entry("/a", allocated=False, recovery=Recovery.CARVED)) == "C"
    assert letters(entry("/a"), Reason.ENCRYPTED) == "E"
    assert letters(entry("/a"), Reason.DAMAGED_CHUNK) == "!"
    assert letters(entry("/a.zip", inside=(Member("zip", 0, "b.jpg"),))) == "A"
    derived = entry("/", kind=EntryKind.VIRTUAL, layers=("luks", "lvm.0"))
    assert letters(derived) == "L"
    assert "LUKS, decrypted › logical volume 0" in entry_name(derived)


def test_bytes_are_shown_as_they_are_and_play_no_tricks(dressed: QApplication) -> None:
    assert hex_page(b"teapot\x00\xff" * 2 + b"!", 65536) == (
        "000000010000  74 65 61 70 6f 74 00 ff  74 65 61 70 6f 74 00 ff  teapot..teapot..\n"
        "000000010010  21                                                !"
    )
    shown = text_page("केतली\r\none\x1b[2J\u202etwo\t\\".encode() + b"\xff", "utf-8")
    assert shown == "केतली\none\\x1B[2J\\u202Etwo\t\\\\xFF"
    assert guess_encoding("teapots".encode("utf-16-le")) == "utf-16-le"
    assert guess_encoding(b"plain words") == "utf-8"


def test_keys_are_typed_unseen_and_taken_from_files_too(dressed: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    fields = KeyFields()
    qtbot.addWidget(fields)
    assert fields.lines[0].echoMode() is QLineEdit.EchoMode.Password
    fields.lines[0].setText("one")
    fields.add_line()
    fields.lines[1].setText("two words")
    (tmp_path / "keys").write_text("three\none\n")
    fields.files.line.setText(str(tmp_path / "keys"))

    assert fields.keys() == ("one", "two words", "three")

    fields.files.line.setText(str(tmp_path / "absent"))
    with pytest.raises(OperatorFault, match="cannot be read"):
        fields.keys()


class FakeJob(QObject):
    """A job that ends when the test says so."""

    happened = Signal(list)
    done = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.cancelled = False

    def cancel(self) -> None:
        """Take note."""
        self.cancelled = True


def test_many_exhibits_are_attached_one_after_the_other_and_each_says_how_it_came_out(
    dressed: QApplication, qtbot: QtBot
) -> None:
    jobs: list[FakeJob] = []

    def start(_request: AttachRequest) -> FakeJob:
        jobs.append(FakeJob())
        return jobs[-1]

    queue = AttachQueue(start)  # type: ignore[arg-type]
    queue.add([AttachRequest((f"/{number}.dd",), f"EX-{number}") for number in range(1, 5)])
    queue.cancel([2])
    assert len(jobs) == 1

    jobs[0].done.emit(None)
    jobs[0].ended.emit()
    qtbot.waitUntil(lambda: len(jobs) == 2)
    jobs[1].failed.emit(OperatorFault("the file is empty"))
    jobs[1].ended.emit()
    qtbot.waitUntil(lambda: len(jobs) == 3)
    queue.cancel([3])
    jobs[2].failed.emit(OperatorFault("stopped"))
    with qtbot.waitSignal(queue.finished):
        jobs[2].ended.emit()

    assert [one.stand for one in queue.items] == [Stand.DONE, Stand.FAILED, Stand.CANCELLED, Stand.CANCELLED]
    assert "the file is empty" in str(queue.data(queue.index(1, 2), Qt.ItemDataRole.DisplayRole))
    queue.clear_ended()
    assert queue.rowCount() == 0
