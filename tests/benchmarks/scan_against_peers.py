"""A scan that only hashes, against copying the files out and hashing the copies."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from sakshya.testing.fat16 import DiskFile, write_fat16
from tests.benchmarks.goal import Goal, paired
from tests.support.small_case import case_on

_FILES, _LARGEST = 4500, 800_000
_VOLUME_START = 2048


def run(folder: Path) -> Iterator[Goal]:
    """Yield the wall-clock ratio and the peak of private memory."""
    name = "hash-only scan, wall / (tsk_recover + hashdeep)"
    if not (shutil.which("tsk_recover") and shutil.which("hashdeep")):
        yield Goal(name, None, 0.5, "x", "tsk_recover or hashdeep is not installed")
        return
    disk = folder / "disk.dd"
    rng = Random(1)
    with disk.open("wb") as target:
        files = (
            DiskFile(f"/{n % 40:02}/{n:05}.bin", rng.randbytes(rng.randrange(500, _LARGEST))) for n in range(_FILES)
        )
        size = write_fat16(target, files, cluster=32768)
    summaries: list[dict[str, Any]] = []
    for number in range(3):
        place = folder / str(number)
        place.mkdir()
        case_on(place, disk).close()

    def ours(number: int) -> None:
        command = [sys.executable, "-m", "sakshya", "scan", str(folder / str(number) / "case"), "--jsonl"]
        command += ["--sets", str(folder / "sets"), "--workers", "2"]
        said = subprocess.run(command, check=True, capture_output=True, env=_environment())
        summaries.append(json.loads(said.stdout.splitlines()[-1]))

    def peers(number: int) -> None:
        copy = folder / f"copy{number}"
        subprocess.run(
            ["tsk_recover", "-a", "-o", str(_VOLUME_START), str(disk), str(copy)], check=True, capture_output=True
        )
        subprocess.run(["hashdeep", "-r", "-c", "md5,sha1,sha256", str(copy)], check=True, capture_output=True)

    wall, cpu = paired(ours, peers)
    against = f"{size / 1e6:.0f} MB, {_FILES} files, median of 3 pairs, CPU ratio {cpu:.2f}"
    yield Goal(name, wall, 0.5, "x", against)
    peak = max(int(one["peak_anonymous_bytes"]) for one in summaries)
    yield Goal("private memory of the largest process", peak / 1e6, 600, "MB", "limit")


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "app")}
