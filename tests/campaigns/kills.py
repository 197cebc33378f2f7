"""Scans killed at random moments, over and over: the resumed one ends as the undisturbed one did."""

import random
import time
from pathlib import Path

from sakshya.testing import tiny_disk
from sakshya.workbench import Workbench
from tests.support.scan_process import kill_group, start_scan
from tests.support.small_case import case_on, desk_in, pictures, scan, take_set


def run(folder: Path, seconds: float, rng: random.Random) -> str:
    """Kill scans for `seconds`."""
    shots = pictures(200)
    disk = tiny_disk({f"/{n % 9}/{n}.jpg": shot for n, shot in enumerate(shots)}, deleted={"/x.jpg": shots[0]})
    calm = _findings(_prepared(folder / "calm", disk, shots[:20]))
    until, kills, rounds = time.monotonic() + seconds, 0, 0
    while time.monotonic() < until:
        place = _prepared(folder / f"round{rounds}", disk, shots[:20])
        for _ in range(rng.randrange(1, 6)):
            process = start_scan(place / "case", place / "sets")
            time.sleep(rng.uniform(0.2, 3.0))
            kill_group(process)
            kills += 1
        assert _findings(place) == calm, f"findings differ after kills, case kept in {place}"
        rounds += 1
    return f"{kills} kills in {rounds} rounds, findings equal each time"


def _prepared(folder: Path, disk: bytes, known: list[bytes]) -> Path:
    folder.mkdir()
    (folder / "disk.dd").write_bytes(disk)
    take_set(desk_in(folder), folder, known)
    case_on(folder, folder / "disk.dd").close()
    return folder


def _findings(folder: Path) -> tuple[object, object]:
    with Workbench.open(folder / "case", desk=desk_in(folder)) as bench:
        figures = scan(bench, workers=2).figures
        assert bench.case.ledger.problems() == []
        return figures["findings_digest"], figures["fingerprints_digest"]
