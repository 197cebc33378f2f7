"""Starts the window."""

import multiprocessing
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType, TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from sakshya.domain.faults import EvidenceFault, SakshyaFault
from sakshya.gui.collecting import Collector
from sakshya.gui.front import Front
from sakshya.gui.settings import Settings
from sakshya.gui.texts import tr
from sakshya.workbench import Desk

_STOPPED = 130
_TICK_MS = 250


def run(
    case: Path | None,
    *,
    by: str | None = None,
    theme: str | None = None,
    language: str | None = None,
    desk: Desk | None = None,
) -> int:
    """Show the window until it is closed, with `case` open in it if one is given; return the exit code.

    `theme` and `language` are remembered for the next time; None keeps what was chosen last.
    """
    forbid_core_dumps()
    multiprocessing.freeze_support()
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("Sakshya")
    application.setApplicationDisplayName("Sakshya")
    settings = Settings()
    for name, value in (("theme", theme), ("language", language)):
        if value is not None:
            settings.keep(name, value)
    front = Front(application, settings, desk or Desk.here(), by)
    sys.excepthook = _Door(front)
    front.show_start()
    if case is not None:
        front.open_case(case)
    collector = Collector(application)
    try:
        with _heeding_signals(application, front):
            return application.exec()
    finally:
        collector.stop()


def forbid_core_dumps() -> None:
    """Make sure that a crash leaves no file with the window's memory, here and in every process started later."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def _heeding_signals(application: QApplication, front: Front) -> Iterator[None]:
    """Close the case and end with 130 where Ctrl-C or the system asks for it, as every command does."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        front.close_case()
        application.exit(_STOPPED)

    # Python runs its handlers between its own steps, and Qt's loop takes none while nothing happens.
    ticks = QTimer(application)
    ticks.timeout.connect(application.applicationState)
    ticks.start(_TICK_MS)
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        ticks.stop()
        for number, handler in before.items():
            signal.signal(number, handler)


class _Door:
    """The last door: an error of our own is shown as one line, and the window goes on."""

    def __init__(self, front: Front) -> None:
        self._front = front

    def __call__(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:  # door: GUI
        fault = error if isinstance(error, SakshyaFault) else _unexpected(kind, error)
        target = self._front.case or self._front.start
        if target is not None:
            target.bar.show_fault(fault)


def _unexpected(kind: type[BaseException], error: BaseException) -> SakshyaFault:
    return EvidenceFault(
        tr("the window met an error of its own"),
        where=f"{kind.__name__}: {error}",
        advice=tr("what was saved stands; close the case and open it again"),
    )
