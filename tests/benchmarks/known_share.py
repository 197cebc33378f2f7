"""A scan where nine pictures of ten are known, against the same scan with no known set."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from sakshya.testing import drawing
from sakshya.testing.fat16 import DiskFile, write_fat16
from sakshya.workbench import Workbench
from tests.benchmarks.goal import Goal, paired
from tests.support.small_case import case_on, desk_in, scan, take_set

_PICTURES = 400


def run(folder: Path) -> Iterator[Goal]:
    """Yield the ratio of CPU seconds."""
    rng = Random(2)
    shots = [drawing.jpeg(drawing.landscape(rng, 2400, 1800), 92) for _ in range(_PICTURES // 8)]
    # The same picture with another tail is another content that costs the same to decode.
    contents = [shot + rng.randbytes(16) for shot in shots for _ in range(8)]
    disk = folder / "disk.dd"
    with disk.open("wb") as target:
        write_fat16(target, (DiskFile(f"/{n:04}.jpg", one) for n, one in enumerate(contents)), cluster=16384)
    known = [one for n, one in enumerate(contents) if n % 10]
    for share, number in ((share, n) for share in ("known", "none") for n in range(3)):
        place = folder / f"{share}{number}"
        place.mkdir()
        case_on(place, disk).close()
        if share == "known":
            take_set(desk_in(place), place, known)

    def one(share: str, number: int) -> None:
        place = folder / f"{share}{number}"
        with Workbench.open(place / "case", desk=desk_in(place)) as bench:
            scan(bench, workers=2)

    _, cpu = paired(lambda n: one("known", n), lambda n: one("none", n))
    against = f"{_PICTURES} pictures of 4.3 megapixels, median of 3 pairs"
    yield Goal("scan with 90 % known, CPU / none known", cpu, 0.30, "x", against)
