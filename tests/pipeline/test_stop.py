"""Ctrl-C stops a scan within a second; what was committed stands, and a second scan goes on."""

import signal
import sys
import time
from pathlib import Path

import pytest

from sakshya.testing import tiny_disk
from sakshya.workbench import Workbench
from tests.support.scan_process import start_scan, wait_for_items
from tests.support.small_case import case_on, desk_in, pictures, scan


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT to one process")
def test_an_interrupt_ends_the_scan_within_a_second_and_with_130(tmp_path: Path) -> None:
    exhibit = tmp_path / "disk.dd"
    shots = pictures(60)
    exhibit.write_bytes(tiny_disk({f"/{n}.jpg": shot + bytes([n % 251, n // 251]) for n, shot in enumerate(shots * 8)}))
    case_on(tmp_path, exhibit).close()
    process = start_scan(tmp_path / "case", tmp_path / "sets")
    wait_for_items(tmp_path / "case", process)

    asked = time.monotonic()
    process.send_signal(signal.SIGINT)
    code = process.wait(timeout=10)

    assert time.monotonic() - asked < 1.5
    assert code == 130
    with Workbench.open(tmp_path / "case", desk=desk_in(tmp_path)) as bench:
        before = bench.case.entries.counts()
        assert before.pending + bench.case.looks.amount()[0] > 0
        assert before.pending < before.files
        scan(bench, workers=2)
        assert bench.case.entries.counts().pending == 0
        acts = [entry.act for entry in bench.case.ledger.entries()]
        assert acts.count("scan.stop") == 1
        assert acts[-1] == "scan.finish"
