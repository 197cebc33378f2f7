"""The local engine: every piece is answered once, and a hostile one costs only itself."""

import time

import psutil
import pytest

from sakshya.domain.faults import EvidenceFault, StoppedFault
from sakshya.domain.item import Finding
from sakshya.domain.unexamined import Reason
from sakshya.triage.engine import local
from sakshya.triage.engine.batch import Piece, Work
from sakshya.triage.engine.limits import Limits
from sakshya.triage.engine.local import LocalEngine
from tests.support.hostile_work import CannotBegin, HostileWork, batches, piece


def _run(pieces: list[Piece], workers: int = 2, work: Work | None = None) -> dict[int, Finding]:
    engine = LocalEngine(workers)
    findings = [one for done in engine.run(work or HostileWork(), batches(pieces), bool) for one in done.findings]
    answers = {one.entry: one for one in findings}

    assert len(findings) == len(answers), "a piece was answered twice"
    return dict(answers)


@pytest.mark.parametrize("workers", [1, 3])
def test_every_piece_is_answered_exactly_once(workers: int) -> None:
    answers = _run([piece(number) for number in range(95)], workers)

    assert set(answers) == set(range(95))
    assert all(not one.unexamined for one in answers.values())


def test_a_piece_that_kills_its_worker_costs_only_itself() -> None:
    pieces = [piece(number, "dies" if number in (0, 17, 18, 39) else "calm") for number in range(40)]

    answers = _run(pieces)

    blamed = {entry for entry, one in answers.items() if one.unexamined}
    assert set(answers) == set(range(40))
    assert blamed == {0, 17, 18, 39}
    assert {answers[entry].unexamined[0].reason for entry in blamed} == {Reason.WORKER_DIED}


def test_a_piece_that_kills_its_decoder_is_still_digested() -> None:
    answers = _run([piece(1), piece(2, "dies when decoded"), piece(3)])

    assert answers[2].mime == "digest only"
    assert not answers[2].unexamined


@pytest.mark.parametrize("behaviour", ["hangs", "spins"])
def test_a_piece_that_overstays_is_killed_and_listed(behaviour: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limits, "cpu_seconds", lambda self, size: 0.5 * self.patience)
    monkeypatch.setattr(Limits, "clock_seconds", lambda self, size: 1.5 * self.patience)
    monkeypatch.setattr(local, "_PATIENCE", dict.fromkeys(local._PATIENCE, 1.0))

    answers = _run([piece(1), piece(2, behaviour), piece(3)])

    assert set(answers) == {1, 2, 3}
    if behaviour == "hangs":
        assert answers[2].unexamined[0].reason is Reason.TIME_LIMIT
    else:
        assert answers[2].mime == "digest only"


def test_a_piece_that_eats_memory_is_listed_and_its_neighbours_are_read() -> None:
    answers = _run([piece(1), piece(2, "eats"), piece(3)])

    assert answers[2].unexamined[0].reason is Reason.MEMORY_LIMIT
    assert not answers[3].unexamined


def test_an_unforeseen_error_is_listed_and_not_raised() -> None:
    answers = _run([piece(1, "raises"), piece(2)])

    assert "not foreseen" in answers[1].unexamined[0].detail
    assert not answers[2].unexamined


def test_stopping_ends_the_workers_within_a_second() -> None:
    before = set(psutil.Process().children(recursive=True))
    started = time.monotonic()
    work = batches([piece(number, "hangs") for number in range(4)])
    running = LocalEngine(2).run(HostileWork(), work, lambda: time.monotonic() - started > 1.5)

    with pytest.raises(StoppedFault):
        next(running)

    assert time.monotonic() - started < 2.5
    left = set(psutil.Process().children(recursive=True)) - before
    assert all("resource_tracker" in " ".join(child.cmdline()) for child in left)


def test_work_that_cannot_begin_stops_the_run_instead_of_blaming_every_file() -> None:
    with pytest.raises(EvidenceFault, match="gone"):
        _run([piece(number) for number in range(30)], work=CannotBegin())
