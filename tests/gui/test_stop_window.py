"""Ctrl-C in the terminal closes the window and its case, as it stops every command."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT to one process"),
]


def test_an_interrupt_closes_the_window_with_130(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2] / "app"),
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    process = subprocess.Popen([sys.executable, "-m", "sakshya", "open"], env=environment)
    time.sleep(4)
    assert process.poll() is None, "the window did not stay open"

    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=10) == 130
