"""One child process: what it yields arrives, what it raises arrives, and its death is a fault."""

import os
import time
from collections.abc import Callable, Iterator

import pytest

from sakshya.domain.faults import EvidenceFault, OperatorFault, StoppedFault
from sakshya.triage.engine.child import Server, stream


def _count(upto: int) -> Iterator[int]:
    yield from range(upto)


def _count_then_fault(upto: int) -> Iterator[int]:
    yield from range(upto)
    raise OperatorFault("asked for too much", where="here", advice="ask for less")


def _count_then_die(upto: int) -> Iterator[int]:
    yield from range(upto)
    os._exit(3)


def _silent() -> Iterator[int]:
    time.sleep(60)
    yield 1


def _calls() -> Callable[[int], int]:
    def answer(number: int) -> int:
        if number == 13:
            os._exit(1)
        if number == 7:
            raise OperatorFault("seven is not served")
        return number * 2

    return answer


def test_values_arrive_in_order() -> None:
    assert list(stream(_count, 12_345, cancel=bool, silence=30)) == list(range(12_345))


def test_a_fault_arrives_whole_after_the_values_before_it() -> None:
    got = []

    with pytest.raises(OperatorFault, match="asked for too much") as caught:
        got.extend(stream(_count_then_fault, 5, cancel=bool, silence=30))

    assert caught.value.advice == "ask for less"


def test_death_is_an_evidence_fault_and_not_a_hang() -> None:
    with pytest.raises(EvidenceFault, match="ended unexpectedly"):
        list(stream(_count_then_die, 5, cancel=bool, silence=30))


def test_silence_is_ended() -> None:
    with pytest.raises(EvidenceFault, match="no sign"):
        list(stream(_silent, cancel=bool, silence=0.5))


def test_cancel_is_heard_within_a_second() -> None:
    started = time.monotonic()

    with pytest.raises(StoppedFault):
        list(stream(_silent, cancel=lambda: True, silence=30))

    assert time.monotonic() - started < 2


def test_a_server_answers_faults_and_comes_back_after_death() -> None:
    server = Server(_calls)
    try:
        assert server.call(4) == 8
        with pytest.raises(OperatorFault, match="seven"):
            server.call(7)
        with pytest.raises(EvidenceFault):
            server.call(13)
        assert server.call(5) == 10
    finally:
        server.close()
