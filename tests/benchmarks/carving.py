"""Files found by their content: ours beside PhotoRec and Scalpel on the same disk, counted by equal bytes."""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sakshya.domain.locator import Run
from sakshya.evidence.carve.carve import Carved, carve
from tests.benchmarks.goal import Goal
from tests.support.lost_files import CLUSTER, LostDisk, lost_disk
from tests.support.third_party import DATA

_CONFIG = """
gif y 50000000 \\x47\\x49\\x46\\x38\\x37\\x61 \\x00\\x3b
gif y 50000000 \\x47\\x49\\x46\\x38\\x39\\x61 \\x00\\x3b
jpg y 50000000 \\xff\\xd8\\xff \\xff\\xd9
png y 50000000 \\x89\\x50\\x4e\\x47 \\x49\\x45\\x4e\\x44\\xae\\x42\\x60\\x82
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool found: shares of 1, and seconds; precision leaves out what it found beside pictures and videos."""

    recall: float
    split_recall: float
    precision: float
    seconds: float


def run(folder: Path, seed: int = 1, pictures: int = 500, videos: int = 50) -> Iterator[Goal]:
    """Yield how many files each tool missed and how many it got wrong, beside the best of the others."""
    disk = lost_disk(seed, pictures, videos, DATA)
    (folder / "lost.dd").write_bytes(disk.content)
    against = f"{len(disk.files)} files, seed {seed}, {len(disk.content) >> 20} MiB"
    outcomes = {name: outcome for name, tool in _TOOLS.items() if (outcome := _outcome(disk, tool, folder))}
    for name, one in outcomes.items():
        figures = f"recall {one.recall:.3f}, of split files {one.split_recall:.3f}, precision {one.precision:.3f}"
        print(f"carving, {name}: {figures}, {one.seconds:.1f} s", flush=True)
    ours, others = outcomes.pop("sakshya"), list(outcomes.values())
    if not others:
        yield Goal("files missed in carving", None, 1, "", "neither photorec nor scalpel is there")
        return
    yield Goal("share missed", 1 - ours.recall, 1 - max(one.recall for one in others), "", against)
    yield Goal("share wrong", 1 - ours.precision, 1 - max(one.precision for one in others), "", against)
    best = max(one.split_recall for one in others)
    yield Goal("share of split files missed", 1 - ours.split_recall, 1 - best, "", against)


def digests_of(disk: LostDisk) -> Iterator[bytes]:
    """Yield the SHA-256 of each file that the own carver finds on the disk."""
    for one in carve(lambda offset, length: disk.content[offset : offset + length], [_all(disk)], CLUSTER):
        if isinstance(one, Carved):
            content = b"".join(disk.content[run.offset : run.offset + run.length] for run in one.runs)
            yield hashlib.sha256(content).digest()


def _all(disk: LostDisk) -> Run:
    return Run(0, len(disk.content))


def _ours(disk: LostDisk, _: Path) -> list[bytes] | None:
    return list(digests_of(disk))


def _photorec(_: LostDisk, folder: Path) -> list[bytes] | None:
    if shutil.which("photorec") is None:
        return None
    kinds = ("jpg", "png", "gif", "riff", "bmp", "tif", "mov", "mkv")
    chosen = ",".join(f"{kind},enable" for kind in kinds)
    orders = f"partition_none,options,mode_ext2,fileopt,everything,disable,{chosen},wholespace,search"
    command = ["photorec", "/d", str(folder / "photorec"), "/cmd", str(folder / "lost.dd"), orders]
    subprocess.run(command, check=True, capture_output=True, cwd=folder, timeout=1800, stdin=subprocess.DEVNULL)
    return _digests(folder.glob("photorec.*/*"))


def _scalpel(_: LostDisk, folder: Path) -> list[bytes] | None:
    if shutil.which("scalpel") is None:
        return None
    (folder / "scalpel.conf").write_text(_CONFIG)
    command = ["scalpel", "-q", str(CLUSTER), "-c", "scalpel.conf", "-o", "scalpel", "lost.dd"]
    subprocess.run(command, check=True, capture_output=True, cwd=folder, timeout=1800)
    return _digests((folder / "scalpel").glob("*/*"))


def _digests(files: Iterator[Path]) -> list[bytes]:
    kept = (one for one in files if one.suffix not in (".xml", ".txt"))
    return [hashlib.sha256(one.read_bytes()).digest() for one in kept]


def _outcome(disk: LostDisk, tool: Callable[[LostDisk, Path], list[bytes] | None], folder: Path) -> Outcome | None:
    start = time.monotonic()
    found = tool(disk, folder)
    seconds = time.monotonic() - start
    if found is None:
        return None
    wanted = {hashlib.sha256(one.content).digest(): one for one in disk.files}
    split = {digest for digest, one in wanted.items() if one.is_split}
    right = wanted.keys() & set(found)
    precision = sum(one in wanted for one in found) / max(1, len(found))
    return Outcome(len(right) / len(wanted), len(right & split) / max(1, len(split)), precision, seconds)


_TOOLS: dict[str, Callable[[LostDisk, Path], list[bytes] | None]] = {
    "sakshya": _ours,
    "photorec": _photorec,
    "scalpel": _scalpel,
}


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.carving")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pictures", type=int, default=500)
    parser.add_argument("--videos", type=int, default=50)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sakshya-carving-") as folder:
        goals = list(run(Path(folder), args.seed, args.pictures, args.videos))
    for goal in goals:
        print(goal.line())
    return 0 if all(goal.met for goal in goals) else 1


if __name__ == "__main__":
    sys.exit(_main())
