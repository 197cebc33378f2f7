"""How soon the window stands, and how a large gallery moves."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sakshya.casefile.casefile import CaseFile
from sakshya.domain.absent import NotRecorded
from sakshya.domain.digests import Digests
from sakshya.domain.entry import Entry, EntryKind, Times
from sakshya.domain.exhibit import ContainerFacts, Exhibit
from sakshya.domain.item import EntryId, Finding
from sakshya.domain.locator import Locator
from sakshya.domain.media import Kind, MediaReport, Mosaic
from sakshya.workbench import Desk, Workbench
from tests.benchmarks.goal import Goal

_ITEMS = 100_000
_BATCH = 5000
_STARTS = 5


def run(folder: Path) -> Iterator[Goal]:
    """Yield the times of a warm start and of large galleries, each in fresh processes."""
    _make_case(folder, _ITEMS)
    yield Goal("window start to painted case", _warm_start(folder), 2.0, "s", f"median of {_STARTS} warm starts")
    figures = [_there("gallery", folder) for _ in range(3)]
    first = statistics.median(one["first"] for one in figures)
    with_tiles = statistics.median(one["with_tiles"] for one in figures)
    rows = f"{figures[0]['rows']:,.0f} items of a real case"
    yield Goal("gallery, first paint", first, 0.3, "s", rows)
    yield Goal("gallery, painted with its tiles", with_tiles, 0.6, "s", rows)
    million = _there("million", folder)
    yield Goal("gallery of 1,000,000, first paint", million["first"], 0.15, "s", "made-up items")
    yield Goal("gallery of 1,000,000, slowest of 8 resizes", million["resize"], 0.1, "s", "made-up items")
    yield Goal("gallery of 1,000,000, jump and paint, 95th percentile", million["jump_p95"], 0.1, "s", "with loading")
    yield Goal("gallery of 1,000,000, select all", million["select_all"], 0.1, "s", "made-up items")


def main() -> None:
    """Print every figure."""
    with tempfile.TemporaryDirectory(prefix="sakshya-benchmark-") as folder:
        for goal in run(Path(folder)):
            print(goal.line(), flush=True)


def _warm_start(folder: Path) -> float:
    times = []
    for _ in range(_STARTS + 1):
        began = time.monotonic()
        times.append(_there("start", folder)["painted_at"] - began)
    return statistics.median(times[1:])


def _there(what: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.window_there", what, str(folder)]
    root = Path(__file__).resolve().parents[2]
    path = f"{root / 'app'}:{root}" if sys.platform != "win32" else f"{root / 'app'};{root}"
    outcome = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=root, env={**_environment(), "PYTHONPATH": path}
    )
    figures: dict[str, float] = json.loads(outcome.stdout.splitlines()[-1])
    return figures


def _environment() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def _make_case(folder: Path, items: int) -> None:
    """A case with as many undecided pictures, recorded as a scan records them."""
    desk = Desk.here(sets=folder / "sets")
    head = {"template": "india-bsa", "fir_no": "BENCHMARK"}
    with Workbench.new_case(folder / "case", head, desk=desk, by="Benchmark", unencrypted_reason="benchmark") as bench:
        bench.case.exhibits.add(Exhibit("EX-1", ("/nowhere.dd",), ContainerFacts("raw", items * 4096, 512, ())))
        for start in range(0, items, _BATCH):
            _record(bench.case, range(start, min(start + _BATCH, items)))


def _record(case: CaseFile, numbers: range) -> None:
    unknown = NotRecorded()
    times = Times(unknown, unknown, unknown, unknown)
    entries = [
        Entry(
            Locator("EX-1", 0, 0, number, f"/{number}.jpg"), "fat16", EntryKind.FILE, 4096, True, times, number * 4096
        )
        for number in numbers
    ]
    findings = [
        Finding(
            EntryId(number + 1),
            Digests(f"{number:032x}", f"{number:040x}", f"{number:064x}"),
            4096,
            Kind.PICTURE,
            "image/jpeg",
            MediaReport(mosaic=Mosaic(16, 12, bytes((number + cell) % 256 for cell in range(192)))),
        )
        for number in numbers
    ]
    with case.transaction():
        case.entries.add("EX-1", numbers.start, entries)
        case.items.record(findings)


if __name__ == "__main__":
    main()
