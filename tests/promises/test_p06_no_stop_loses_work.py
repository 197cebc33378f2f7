"""P6: killed at any instant, the case opens with every decision, and the resumed scan ends with the same findings."""

import random
import sys
import time
from pathlib import Path

import pytest

from sakshya.casefile.item_filter import ItemFilter
from sakshya.domain.item import Status
from sakshya.testing import tiny_disk
from sakshya.workbench import Workbench
from tests.support.scan_process import kill_group, start_scan
from tests.support.small_case import EXAMINER, case_on, desk_in, pictures, scan, take_set

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills a POSIX process group")


def _disk() -> tuple[bytes, list[bytes]]:
    shots = pictures(160)
    return tiny_disk({f"/{n % 9}/{n}.jpg": shot for n, shot in enumerate(shots)}, deleted={"/x.jpg": shots[0]}), shots


def _prepared(folder: Path, disk: bytes, known: list[bytes]) -> Path:
    folder.mkdir()
    (folder / "disk.dd").write_bytes(disk)
    take_set(desk_in(folder), folder, known)
    case_on(folder, folder / "disk.dd").close()
    return folder / "case"


@pytest.mark.slow
def test_ten_kills_at_random_moments_change_nothing(tmp_path: Path) -> None:
    disk, shots = _disk()
    _prepared(tmp_path / "calm", disk, shots[:20])
    with Workbench.open(tmp_path / "calm" / "case", desk=desk_in(tmp_path / "calm")) as bench:
        calm = scan(bench).figures
    case = _prepared(tmp_path / "killed", disk, shots[:20])
    desk = desk_in(tmp_path / "killed")
    moments = random.Random()
    decided = None

    for _ in range(10):
        process = start_scan(case, desk.sets)
        time.sleep(moments.uniform(0.3, 2.2))
        kill_group(process)
        with Workbench.open(case, desk=desk, by=EXAMINER) as bench:
            if decided is not None:
                assert bench.case.items.get(decided).status is Status.DECIDED
            undecided = ItemFilter(status=frozenset({Status.UNDECIDED}))
            item = next(iter(bench.case.items.find(undecided)), None)
            if decided is None and item is not None:
                bench.decide([item.id], bench.scheme().category(bench.scheme().codes[0].code))
                decided = item.digests.sha256

    with Workbench.open(case, desk=desk, by=EXAMINER) as bench:
        if decided is not None:
            bench.undo()
        assert bench.case.ledger.problems() == []
        resumed = scan(bench).figures
    # The decision and its taking back are findings too, so the scan's own part is compared.
    assert resumed["fingerprints_digest"] == calm["fingerprints_digest"]
    assert resumed["counts"] == calm["counts"]
    if decided is None:
        assert resumed["findings_digest"] == calm["findings_digest"]


@pytest.mark.slow
def test_a_killed_and_resumed_scan_ends_with_the_same_findings_digest(tmp_path: Path) -> None:
    disk, shots = _disk()
    _prepared(tmp_path / "calm", disk, shots[:20])
    with Workbench.open(tmp_path / "calm" / "case", desk=desk_in(tmp_path / "calm")) as bench:
        calm = scan(bench).figures
    case = _prepared(tmp_path / "killed", disk, shots[:20])
    desk = desk_in(tmp_path / "killed")
    for moment in (0.6, 1.0, 1.6):
        process = start_scan(case, desk.sets)
        time.sleep(moment)
        kill_group(process)

    with Workbench.open(case, desk=desk) as bench:
        assert scan(bench, workers=2).figures["findings_digest"] == calm["findings_digest"]
