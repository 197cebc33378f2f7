"""A scan as a process group of its own, to be killed at any instant."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

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
