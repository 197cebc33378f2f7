"""Going through a file system against `fls -r` of The Sleuth Kit, both in a process of their own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.goal import Goal, cost, paired

_ENTRIES = int(os.environ.get("SAKSHYA_WALK_ENTRIES", "60000"))
_IN_FOLDER = 100
_APPLICATION = Path(__file__).parents[2] / "app"
_WALK = """
import sys
from sakshya.domain.exhibit import Exhibit
from sakshya.evidence.attach import describe
from sakshya.evidence.tree import ExhibitReader

files = (sys.argv[1],)
with ExhibitReader(Exhibit("EX-1", files, describe(files))) as reader:
    print(sum(1 for _ in reader.walk()))
"""


def run(folder: Path) -> Iterator[Goal]:
    """Yield how many times the CPU of `fls -r` the own walk takes, start of Python included."""
    name = "walk of ext4 / fls -r, CPU"
    lacking = [tool for tool in ("fls", "mke2fs") if shutil.which(tool) is None]
    if lacking:
        yield Goal(name, None, 1.3, "x", f"{' and '.join(lacking)} not there")
        return
    disk = _disk(folder)
    listed, walked = _fls(disk), _walk(disk)
    assert walked >= listed >= _ENTRIES, f"fls lists {listed} entries, the walk gives {walked}"
    start = cost(lambda: _python("import sakshya.evidence.tree, sakshya.evidence.attach")).cpu
    ours, theirs = cost(lambda: _walk(disk)).cpu, cost(lambda: _fls(disk)).cpu
    _, ratio = paired(lambda _: _walk(disk), lambda _: _fls(disk))
    each = f"{(ours - start) / walked * 1e6:.1f} µs each after {start:.2f} s of start"
    against = f"{walked} entries, {each}; fls {theirs / listed * 1e6:.1f} µs each; median of 3 pairs"
    yield Goal(name, ratio, 1.3, "x", against)


def _disk(folder: Path) -> Path:
    """Make an ext4 disk of small and empty files, a hundred in a folder, all of different times."""
    tree, disk = folder / "tree", folder / "walk.dd"
    for number in range(_ENTRIES):
        inside = tree / f"person {number // (_IN_FOLDER * 50):03}" / f"album {number // _IN_FOLDER:05}"
        if number % _IN_FOLDER == 0:
            inside.mkdir(parents=True)
        file = inside / f"IMG_{number:07}.jpg"
        file.write_bytes(b"x" * (number % 2 * (number % 900)))
        os.utime(file, (1_500_000_000 + number * 11, 1_400_000_000 + number * 7))
    with disk.open("wb") as target:
        target.truncate((16 << 20) + _ENTRIES * 6144)
    command = [
        "mke2fs",
        "-q",
        "-F",
        "-t",
        "ext4",
        "-N",
        str(_ENTRIES + _ENTRIES // 20 + 1000),
        "-d",
        str(tree),
        str(disk),
    ]
    subprocess.run(command, check=True, capture_output=True)
    shutil.rmtree(tree)
    return disk


def _fls(disk: Path) -> int:
    listed = subprocess.run(["fls", "-r", "-p", "-m", "/", str(disk)], check=True, capture_output=True).stdout
    return listed.count(b"\n")


def _walk(disk: Path) -> int:
    return int(_python(_WALK, str(disk)))


def _python(program: str, *arguments: str) -> bytes:
    known = {**os.environ, "PYTHONPATH": str(_APPLICATION)}
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], check=True, capture_output=True, env=known
    ).stdout
