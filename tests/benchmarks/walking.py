"""Going through a file system against `fls -r` of The Sleuth Kit, both in a process of their own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.goal import Goal, cost, paired

_ENTRIES = int(os.environ.get("SAKSHYA_WALK_ENTRIES", "1000000"))
_IN_FOLDER = 100
_APPLICATION = Path(__file__).parents[2] / "app"
_WALK = """
import sys
from sakshya.domain.exhibit import Exhibit
from sakshya.evidence.attach import describe
from sakshya.evidence.columns import Columns
from sakshya.evidence.tree import ExhibitReader

files = (sys.argv[1],)
with ExhibitReader(Exhibit("EX-1", files, describe(files))) as reader:
    print(sum(len(found) if isinstance(found, Columns) else 1 for found in reader.columns()))
"""


def run(folder: Path) -> Iterator[Goal]:
    """Yield how many times the CPU of `fls -r` the own walk takes, start of Python included, on ext4 and on NTFS."""
    for system, make, entries in (("ext4", _ext4, _ENTRIES), ("NTFS", _ntfs, _ENTRIES // 5)):
        name = f"walk of {system} / fls -r, CPU"
        tools = ("fls", "mke2fs") if make is _ext4 else ("fls", "mkntfs", "ntfs-3g")
        lacking = [tool for tool in tools if shutil.which(tool) is None]
        disk = None if lacking else make(folder, entries)
        if disk is None:
            why = f"{' and '.join(lacking)} not there" if lacking else "nothing may be mounted here"
            yield Goal(name, None, 1.3, "x", why)
            continue
        yield _compared(name, disk, entries)
        disk.unlink()


def _compared(name: str, disk: Path, entries: int) -> Goal:
    listed, walked = _fls(disk), _walk(disk)
    assert listed >= entries, f"fls lists {listed} entries"
    assert walked >= entries, f"the walk gives {walked} entries"
    start = cost(lambda: _python("import sakshya.evidence.tree, sakshya.evidence.attach")).cpu
    ours, theirs = cost(lambda: _walk(disk)).cpu, cost(lambda: _fls(disk)).cpu
    _, ratio = paired(lambda _: _walk(disk), lambda _: _fls(disk))
    each = f"{(ours - start) / walked * 1e6:.2f} µs each after {start:.2f} s of start"
    against = f"{walked} entries, {each}; fls {theirs / walked * 1e6:.2f} µs each; median of 3 pairs"
    return Goal(name, ratio, 1.3, "x", against)


def _ext4(folder: Path, entries: int) -> Path:
    """Make an ext4 disk of small and empty files, a hundred in a folder, all of different times."""
    tree, disk = folder / "tree", folder / "walk.dd"
    _fill(tree, entries)
    _empty(disk, (16 << 20) + entries * 6144)
    inodes = str(entries + entries // 20 + 1000)
    command = ["mke2fs", "-q", "-F", "-t", "ext4", "-N", inodes, "-d", str(tree), str(disk)]
    subprocess.run(command, check=True, capture_output=True)
    shutil.rmtree(tree)
    return disk


def _ntfs(folder: Path, entries: int) -> Path | None:
    """Make an NTFS disk of the same files; None where it cannot be mounted to be filled."""
    disk, mount = folder / "walk-ntfs.dd", folder / "mounted"
    mount.mkdir(exist_ok=True)
    _empty(disk, (64 << 20) + entries * 6144)
    subprocess.run(["mkntfs", "-q", "-F", "-f", str(disk)], check=True, capture_output=True)
    if subprocess.run(["ntfs-3g", str(disk), str(mount)], check=False, capture_output=True).returncode:
        return None
    try:
        _fill(mount, entries)
    finally:
        subprocess.run(["fusermount", "-u", str(mount)], check=True, capture_output=True)
    return disk


def _empty(disk: Path, size: int) -> None:
    with disk.open("wb") as target:
        target.truncate(size)


def _fill(tree: Path, entries: int) -> None:
    for number in range(entries):
        inside = tree / f"person {number // (_IN_FOLDER * 50):03}" / f"album {number // _IN_FOLDER:05}"
        if number % _IN_FOLDER == 0:
            inside.mkdir(parents=True)
        file = inside / f"IMG_{number:07}.jpg"
        file.write_bytes(b"x" * (number % 2 * (number % 900)))
        os.utime(file, (1_500_000_000 + number * 11, 1_400_000_000 + number * 7))


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
