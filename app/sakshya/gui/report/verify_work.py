"""Checks a bundle, a case or a set in a process of its own; Qt is not loaded there."""

import signal
from multiprocessing.connection import Connection
from pathlib import Path

from sakshya.domain.faults import SakshyaFault
from sakshya.triage.engine.child import as_fault
from sakshya.workbench.verify import verify_path


def check(pipe: Connection, path: Path, passphrase: str | None) -> None:
    """Send ("done", Outcome) or ("fault", fault)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        pipe.send(("done", verify_path(path, lambda: passphrase)))
    except SakshyaFault as fault:
        pipe.send(("fault", fault))
    except BrokenPipeError:
        return  # the window is gone
    except Exception as error:  # noqa: BLE001  # door: job process
        pipe.send(("fault", as_fault(error)))
