"""Scans killed at random moments, over and over: the resumed one ends as the undisturbed one did."""

import random
import shutil
import time
from pathlib import Path

from tests.support.many_batches import prepared_to_scan, scan_to_the_end
from tests.support.scan_process import kill_group, start_scan


def run(folder: Path, seconds: float, rng: random.Random) -> str:
    """Kill scans for `seconds`."""
    place = prepared_to_scan(folder / "killed")
    fresh = folder / "fresh"
    shutil.copytree(place / "case", fresh)
    calm = scan_to_the_end(place)
    until, kills, rounds = time.monotonic() + seconds, 0, 0
    while time.monotonic() < until:
        shutil.rmtree(place / "case")
        shutil.copytree(fresh, place / "case")
        for _ in range(rng.randrange(1, 6)):
            process = start_scan(place / "case", place / "sets")
            time.sleep(rng.uniform(0.2, 4.0))
            kill_group(process)
            kills += 1
        assert scan_to_the_end(place) == calm, "findings differ after kills"
        rounds += 1
    return f"{kills} kills in {rounds} rounds, findings equal each time"
