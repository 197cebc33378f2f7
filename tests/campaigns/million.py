"""A case of a million items: recorded, filtered and paged within the limits that keep a window smooth."""

import random
import time
from pathlib import Path

from sakshya.casefile.item_filter import ItemFilter
from sakshya.domain.absent import NotRecorded
from sakshya.domain.digests import Digests
from sakshya.domain.entry import Entry, EntryKind, Times
from sakshya.domain.item import EntryId, Finding, Status
from sakshya.domain.locator import Locator
from sakshya.domain.media import Kind, MediaReport, Mosaic
from tests.support.small_case import make_case

_BATCH = 5000
_MILLION = 1_000_000


def run(folder: Path, seconds: float, rng: random.Random) -> str:
    """Record items until a million or the time is reached, then measure."""
    with make_case(folder, {"/a.txt": b"a"}) as bench:
        until, made = time.monotonic() + seconds, 0
        started = time.monotonic()
        while made < _MILLION and time.monotonic() < until:
            _record(bench.case, made, rng)
            made += _BATCH
        rate = made / (time.monotonic() - started)
        before = time.monotonic()
        ids = bench.case.items.ids(ItemFilter(status=frozenset({Status.UNDECIDED})))
        filtered = time.monotonic() - before
        slowest = 0.0
        for _ in range(50):
            at = rng.randrange(max(1, len(ids) - 500))
            before = time.monotonic()
            bench.case.items.tiles(ids[at : at + 500])
            slowest = max(slowest, time.monotonic() - before)
    assert slowest < 0.25, f"a page of 500 tiles took {slowest:.3f} s"
    return f"{made} items at {rate:.0f}/s, filter {filtered * 1000:.0f} ms, slowest page of 500 {slowest * 1000:.0f} ms"


def _record(case: "object", first: int, rng: random.Random) -> None:
    none = NotRecorded()
    entries = [
        Entry(Locator("EX-1", 1, 0, n, f"/{n}.jpg"), "FAT16", EntryKind.FILE, 1000, True, Times(none, none, none, none))
        for n in range(first, first + _BATCH)
    ]
    with case.transaction():  # type: ignore[attr-defined]
        case.entries.add("EX-1", first, entries)  # type: ignore[attr-defined]
        pending = case.entries.pending("EX-1")  # type: ignore[attr-defined]
        mosaic = Mosaic(16, 12, rng.randbytes(192))
        findings = [
            Finding(
                EntryId(one.id),
                Digests(*(rng.randbytes(n).hex() for n in (16, 20, 32))),
                1000,
                Kind.PICTURE,
                "image/jpeg",
                MediaReport(mosaic=mosaic),
            )
            for one in pending
        ]
        case.items.record(findings)  # type: ignore[attr-defined]
