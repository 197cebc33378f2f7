"""Damaged pictures and videos through the real workers: each is examined or listed, none stops the run."""

import random
import time
from pathlib import Path

from sakshya.casefile.reconcile import reconcile
from sakshya.testing import drawing
from tests.support.bombs import bmp_bomb, png_bomb
from tests.support.small_case import make_case, scan
from tests.support.third_party import DATA

_KINDS = {"photo", "malformed", "video", "pdq"}
_A_DISK = 60
_LARGEST = 600_000


def run(folder: Path, seconds: float, rng: random.Random) -> str:
    """Scan disks of damaged media for `seconds`."""
    seeds = [
        drawing.jpeg(drawing.teapot(rng, 640, 480)),
        drawing.png(drawing.pattern(rng, 320, 240)),
        png_bomb(),
        bmp_bomb(),
    ]
    seeds += [file.read_bytes() for file in _third_party()]
    until, disks, files, listed = time.monotonic() + seconds, 0, 0, 0
    while time.monotonic() < until:
        place = folder / str(disks)
        place.mkdir()
        names = {f"/{n:03}.bin": _damaged(rng.choice(seeds), rng) for n in range(_A_DISK)}
        with make_case(place, names) as bench:
            scan(bench, workers=2)
            assert reconcile(bench.case) == []
            listed += len(list(bench.case.unexamined.all()))
        disks, files = disks + 1, files + len(names)
    return f"{files} damaged files on {disks} disks, {listed} lines of what was not examined"


def _third_party() -> list[Path]:
    import json

    manifest = DATA / "MANIFEST.json"
    if not manifest.is_file():
        return []
    listed = json.loads(manifest.read_text(encoding="utf-8"))["manifest"]
    return [DATA / one["path"] for one in listed if one["kind"] in _KINDS and 0 < one["size"] < _LARGEST]


def _damaged(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((0, 1, 4, 30))):
        at = int(len(changed) * rng.random() ** 2)
        if at < len(changed):
            changed[at] = rng.randrange(256)
    if rng.random() < 0.3:
        del changed[rng.randrange(1, len(changed) + 1) :]
    return bytes(changed)
