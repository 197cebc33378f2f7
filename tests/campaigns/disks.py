"""Disks with flipped, zeroed and copied bytes: every one is walked to an end or refused in one line."""

import random
import shutil
import time
from pathlib import Path

from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import SakshyaFault
from sakshya.domain.source import Source
from sakshya.domain.unexamined import Reason
from sakshya.evidence.attach import describe
from sakshya.evidence.tree import ExhibitReader
from sakshya.testing import tiny_disk
from sakshya.triage.engine.child import stream
from tests.support.small_case import pictures
from tests.support.third_party import DATA

_SILENCE = 60.0
_SMALL = 40 << 20


def run(folder: Path, seconds: float, rng: random.Random) -> str:
    """Mutate disks for `seconds`; a crash or a hang of the reading process fails the campaign."""
    seeds = [
        tiny_disk({f"/{n}/{n}.jpg": shot for n, shot in enumerate(pictures(8))}, deleted={"/gone.bin": bytes(9000)})
    ]
    seeds += [file.read_bytes() for file in _third_party()]
    until, tried, refused, entries = time.monotonic() + seconds, 0, 0, 0
    file = folder / "disk.dd"
    while time.monotonic() < until:
        file.write_bytes(_mutated(rng.choice(seeds), rng))
        tried += 1
        try:
            entries += sum(stream(read_everything, str(file), cancel=bool, silence=_SILENCE))
        except SakshyaFault as fault:
            if getattr(fault, "reason", "") in (Reason.WORKER_DIED, Reason.TIME_LIMIT):
                kept = shutil.move(file, Path.cwd() / f"disk-that-ended-the-reader-{tried}.dd")
                raise AssertionError(f"the reading process died or hung, disk kept in {kept}: {fault}") from fault
            refused += 1
    return f"{tried} disks, {refused} refused, {entries} streams read"


def read_everything(file: str) -> "list[int]":
    """Walk a disk and read every stream; runs in a child."""
    exhibit = Exhibit("EX-1", (file,), describe((file,)))
    read = 0
    with ExhibitReader(exhibit) as reader:
        for value in reader.walk():
            locator = getattr(value, "locator", None)
            if locator is None or not hasattr(value, "times"):
                continue
            try:
                source: Source = reader.source(locator)
                for number, _ in enumerate(source.chunks()):
                    if number > 16:
                        break
                read += 1
            except SakshyaFault:
                continue
        reader.account()
    return [read]


def _third_party() -> list[Path]:
    names = (
        "sleuthkit_sleuthkit/test/data/image.dd",
        "log2timeline_dfvfs/test_data/hfsplus.raw",
        "ColinFinck_ntfs/testdata/testfs1",
    )
    return [DATA / name for name in names if (DATA / name).is_file() and (DATA / name).stat().st_size < _SMALL]


def _mutated(disk: bytes, rng: random.Random) -> bytes:
    changed = bytearray(disk)
    for _ in range(rng.choice((1, 5, 40, 400))):
        # File-system structures stand near the start of a volume more often than not.
        at = int(len(changed) * rng.random() ** 3)
        match rng.randrange(4):
            case 0:
                changed[at] ^= 1 << rng.randrange(8)
            case 1:
                changed[at : at + 4] = rng.choice((b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"))
            case 2:
                length = rng.randrange(1, 512)
                start = rng.randrange(len(changed))
                changed[at : at + length] = changed[start : start + length]
            case 3:
                changed[at] = rng.randrange(256)
    if rng.random() < 0.1:
        del changed[rng.randrange(512, len(changed)) :]
    return bytes(changed)
