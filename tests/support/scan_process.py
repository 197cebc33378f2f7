"""A scan as a process group of its own, to be killed at any instant."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.driver import Mode
from sakshya.casefile.item_filter import EVERYTHING, ItemFilter
from tests.support.small_case import EXAMINER

_ROOT = Path(__file__).parents[2]


def start_scan(case: Path, sets: Path, workers: int = 2) -> "subprocess.Popen[bytes]":
    """Start `sakshya scan` in a new session, so that the whole group can be killed at once."""
    command = [sys.executable, "-m", "sakshya", "scan", str(case), "--sets", str(sets), "--by", EXAMINER]
    return subprocess.Popen(
        [*command, "--workers", str(workers), "--jsonl"],
        env={**os.environ, "PYTHONPATH": str(_ROOT / "app")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill every process of the scan without warning, as a pulled plug does."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for_items(case: Path, process: "subprocess.Popen[bytes]", wanted: ItemFilter = EVERYTHING) -> None:
    """Return as soon as the running scan has recorded such an item.

    Raises:
        AssertionError: it ended, or a minute passed, without one.
    """
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with CaseFile.open(case, mode=Mode.READ) as opened:
            if opened.items.ids(wanted):
                return
        time.sleep(0.05)
    raise AssertionError("the scan recorded nothing to interrupt it after")
