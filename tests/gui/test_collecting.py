"""Garbage is collected from the event loop only."""

import gc
import weakref

import pytest
from pytestqt.qtbot import QtBot

from sakshya.gui import collecting
from sakshya.gui.collecting import Collector

pytestmark = pytest.mark.window


class _Knot:
    """Refers to itself, so that only the collector can free it."""

    def __init__(self) -> None:
        self.itself = self


def test_a_knot_is_freed_by_the_event_loop_and_not_before(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "_INTERVAL_MS", 20)
    collector = Collector()
    try:
        knot = weakref.ref(_Knot())
        kept = [[n] for n in range(200_000)]

        assert knot() is not None
        qtbot.waitUntil(lambda: knot() is None, timeout=5000)
        assert len(kept) == 200_000
        assert not gc.isenabled()
    finally:
        collector.stop()
    assert gc.isenabled()
