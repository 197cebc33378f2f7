"""A long job in a process of its own, so that the window stays free.

The child joins the case that the window holds open. It sends ("event", event), then ("done", last) or ("fault",
fault), and stops when it receives ("cancel",); `Wishes` has what else it may be sent.
"""

import signal
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.driver import Mode
from sakshya.triage.engine.child import as_fault
from sakshya.triage.steering import Steering
from sakshya.workbench.bench import Workbench
from sakshya.workbench.desk import Desk

_LONG = ("attach", "verify_exhibit", "unlock", "scan")


@dataclass(frozen=True, slots=True)
class JobTicket:
    """What a job needs to join the case: the folder, its key if encrypted, the holder's token, the desk, who acts."""

    folder: Path
    key: bytes | None
    token: str | None
    desk: Desk
    by: str


def ticket(bench: Workbench) -> JobTicket:
    """Return the ticket for a job on the case of this workbench."""
    return JobTicket(bench.case.folder, bench.case.key, bench.case.token, bench.desk, bench.who)


def run_job(conn: Connection, given: JobTicket, method: str, arguments: dict[str, Any]) -> None:
    """Run a generator method of the workbench, or an ordinary one, and send what comes of it.

    Start it in a process that is not daemonic: a scan starts worker processes of its own.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        case = CaseFile.open(given.folder, key=given.key, mode=Mode.JOIN, token=given.token)
        with Workbench(case, given.desk, given.by) as bench:
            conn.send(("done", _work(conn, bench, method, arguments)))
    except (EOFError, BrokenPipeError):
        return  # the window is gone; what was committed stands
    except Exception as error:  # noqa: BLE001  # door: job process
        with suppress(BrokenPipeError):
            conn.send(("fault", as_fault(error)))


class Wishes(Steering):
    """What the window sends while the work runs: cancel, pause, resume, workers N, wanted ITEMS."""

    def __init__(self, conn: Connection) -> None:
        super().__init__()
        self._conn = conn
        self._cancelled = False

    def __call__(self) -> bool:
        """Take in what was sent; tell whether to stop."""
        while not self._cancelled and self._conn.poll():
            match self._conn.recv():
                case ("cancel",):
                    self._cancelled = True
                case ("pause",):
                    self.paused = True
                case ("resume",):
                    self.paused = False
                case ("workers", count):
                    self.workers = count
                case ("wanted", items):
                    self.want(items)
        return self._cancelled


def _work(conn: Connection, bench: Workbench, method: str, arguments: dict[str, Any]) -> Any:  # noqa: ANN401
    if method not in _LONG:
        return getattr(bench, method)(**arguments)
    last: Any = None
    for last in getattr(bench, method)(**arguments, cancel=Wishes(conn)):
        conn.send(("event", last))
    return last
