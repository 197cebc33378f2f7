"""Jobs and clerks with real processes."""

import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sakshya.domain.faults import EvidenceFault
from sakshya.gui import background
from sakshya.gui.background import Clerk, Job, Target, Work
from tests.gui import job_targets

pytestmark = pytest.mark.window


class Heard:
    """Everything a job says."""

    def __init__(self, job: Job) -> None:
        self.events: list[object] = []
        self.done: list[object] = []
        self.faults: list[object] = []
        self.batches = 0
        job.happened.connect(self.hear)
        job.done.connect(self.done.append)
        job.failed.connect(self.faults.append)

    def hear(self, events: list[object]) -> None:
        self.events += events
        self.batches += 1


def run(qtbot: QtBot, target: Target, *arguments: object) -> Heard:
    job = Job(Work(target, arguments))
    heard = Heard(job)
    with qtbot.waitSignal(job.ended, timeout=20_000):
        pass
    assert not job.running
    return heard


def test_events_arrive_in_order_and_in_few_batches_and_then_the_result(qapp: QApplication, qtbot: QtBot) -> None:
    heard = run(qtbot, job_targets.counts, 5000)

    assert heard.events == list(range(5000))
    assert heard.done == [5000]
    assert heard.faults == []
    assert heard.batches < 60


def test_a_fault_crosses_with_its_words(qapp: QApplication, qtbot: QtBot) -> None:
    heard = run(qtbot, job_targets.faults)

    assert heard.done == []
    assert [str(fault) for fault in heard.faults] == ["sector 2048 could not be read; EX-1"]


def test_a_process_that_dies_is_said_to_have_died(qapp: QApplication, qtbot: QtBot) -> None:
    heard = run(qtbot, job_targets.dies)

    assert heard.events == [1]
    assert isinstance(heard.faults[0], EvidenceFault)
    assert "ended unexpectedly" in str(heard.faults[0])


def test_cancel_stops_the_work_within_a_second(qapp: QApplication, qtbot: QtBot) -> None:
    job = Job(Work(job_targets.works_until_cancelled, ()))
    with qtbot.waitSignal(job.happened, timeout=20_000):
        pass

    started = time.monotonic()
    with qtbot.waitSignal(job.ended, timeout=5000):
        job.cancel()

    assert time.monotonic() - started < 1.5


def test_work_that_does_not_listen_is_stopped_by_force(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "_GRACE_SECONDS", 0.5)
    job = Job(Work(job_targets.never_listens, ()))
    heard = Heard(job)

    with qtbot.waitSignal(job.ended, timeout=10_000):
        job.cancel()

    assert "force" in str(heard.faults[0])


def test_the_window_stays_free_while_a_job_floods_it(qapp: QApplication, qtbot: QtBot) -> None:
    beats: list[float] = []
    timer = QTimer()
    timer.setInterval(10)
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    timer.start()

    run(qtbot, job_targets.counts, 50_000)

    assert max(later - earlier for earlier, later in pairwise(beats)) < 0.5


@pytest.fixture
def clerk(qapp: QApplication) -> Iterator[Clerk]:
    made = Clerk(Work(job_targets.clerk, ()))
    yield made
    made.close()


def test_a_clerk_answers_each_question_under_its_ticket(clerk: Clerk, qtbot: QtBot) -> None:
    answers: dict[int, object] = {}
    clerk.answered.connect(answers.__setitem__)

    tickets = [clerk.ask("double", number=number) for number in range(5)]
    qtbot.waitUntil(lambda: len(answers) == 5, timeout=20_000)

    assert [answers[ticket] for ticket in tickets] == [0, 2, 4, 6, 8]


def test_a_clerk_that_dies_fails_what_was_asked_and_is_started_anew(clerk: Clerk, qtbot: QtBot) -> None:
    answers: dict[int, object] = {}
    faults: dict[int, object] = {}
    clerk.answered.connect(answers.__setitem__)
    clerk.failed.connect(faults.__setitem__)

    lost = clerk.ask("die")
    qtbot.waitUntil(lambda: lost in faults, timeout=20_000)
    again = clerk.ask("double", number=21)
    qtbot.waitUntil(lambda: again in answers, timeout=20_000)

    assert answers[again] == 42


def test_a_question_that_cannot_be_answered_fails_alone(clerk: Clerk, qtbot: QtBot) -> None:
    answers: dict[int, object] = {}
    faults: dict[int, object] = {}
    clerk.answered.connect(answers.__setitem__)
    clerk.failed.connect(faults.__setitem__)

    bad, good = clerk.ask("fail"), clerk.ask("double", number=1)
    qtbot.waitUntil(lambda: good in answers and bad in faults, timeout=20_000)

    assert str(faults[bad]) == "not readable"
