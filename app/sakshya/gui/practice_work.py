"""Makes the practice case in a process of its own; Qt is not loaded there."""

import signal
from multiprocessing.connection import Connection
from pathlib import Path

from sakshya.domain.faults import SakshyaFault
from sakshya.triage.engine.child import as_fault
from sakshya.workbench.desk import Desk
from sakshya.workbench.practice import prepare


def make(pipe: Connection, to: Path, desk: Desk) -> None:
    """Send each event, then ("done", the last one) or ("fault", fault); stop when told ("cancel",)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stopped = False

    def cancel() -> bool:
        nonlocal stopped
        while not stopped and pipe.poll():
            stopped = pipe.recv() == ("cancel",)
        return stopped

    last: object = None
    try:
        for last in prepare(to, 1, desk, cancel):
            pipe.send(("event", last))
        pipe.send(("done", last))
    except SakshyaFault as fault:
        pipe.send(("fault", fault))
    except (EOFError, BrokenPipeError):
        return  # the window is gone
    except Exception as error:  # noqa: BLE001  # door: job process
        pipe.send(("fault", as_fault(error)))
