"""P6: killed at any instant, the case opens with every decision, and the resumed scan ends with the same findings."""

import random
import shutil
import sys
import time
from pathlib import Path

import pytest

from sakshya.casefile.item_filter import ItemFilter
from sakshya.domain.item import Status
from sakshya.workbench import Workbench
from tests.support.many_batches import prepared_to_scan, scan_to_the_end
from tests.support.scan_process import kill_group, start_scan, wait_for_items
from tests.support.small_case import EXAMINER, desk_in, scan

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills a POSIX process group")

_ROUNDS, _KILLS_A_ROUND = 5, 2
_UNDECIDED = ItemFilter(status=frozenset({Status.UNDECIDED}))


def _undisturbed(folder: Path) -> float:
    """Scan a copy to its end as a process of its own and return how many seconds that takes."""
    shutil.copytree(folder / "case", folder / "timed")
    started = time.monotonic()
    process = start_scan(folder / "timed", folder / "sets")
    assert process.wait() == 0
    return time.monotonic() - started


@pytest.mark.slow
def test_ten_kills_at_random_moments_change_no_finding_and_lose_no_decision(tmp_path: Path) -> None:
    folder = prepared_to_scan(tmp_path / "case")
    fresh = tmp_path / "fresh"
    shutil.copytree(folder / "case", fresh)
    seconds = _undisturbed(folder)
    calm = scan_to_the_end(folder)
    moments = random.Random()

    for _ in range(_ROUNDS):
        shutil.rmtree(folder / "case")
        shutil.copytree(fresh, folder / "case")
        for _ in range(_KILLS_A_ROUND):
            process = start_scan(folder / "case", folder / "sets")
            time.sleep(moments.uniform(0.25, 0.8) * seconds)
            kill_group(process)

        assert scan_to_the_end(folder) == calm


@pytest.mark.slow
def test_a_decision_made_between_two_kills_stands(tmp_path: Path) -> None:
    folder = prepared_to_scan(tmp_path / "case")
    process = start_scan(folder / "case", folder / "sets")
    wait_for_items(folder / "case", process, _UNDECIDED)
    kill_group(process)
    with Workbench.open(folder / "case", desk=desk_in(folder), by=EXAMINER) as bench:
        item = next(bench.case.items.find(_UNDECIDED))
        bench.decide([item.id], bench.scheme().category(bench.scheme().codes[0].code))

    process = start_scan(folder / "case", folder / "sets")
    time.sleep(1.5)
    kill_group(process)

    with Workbench.open(folder / "case", desk=desk_in(folder), by=EXAMINER) as bench:
        scan(bench, workers=2)
        assert bench.case.items.get(item.digests.sha256).status is Status.DECIDED
