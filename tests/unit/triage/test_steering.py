"""What a person asks of a scan while it runs: rest, leave a core, look at these first."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sakshya.domain.item import EntryId, Finding, Part
from sakshya.domain.unexamined import Reason
from sakshya.testing import tiny_disk
from sakshya.triage import batches as cutting
from sakshya.triage.engine import local
from sakshya.triage.engine.local import LocalEngine
from sakshya.triage.events import Event, ItemsFound, Progress
from sakshya.triage.forecast import Forecast
from sakshya.triage.steering import Steering
from sakshya.workbench import ScanRequest, Workbench
from tests.support.hostile_work import HostileWork, batches, piece
from tests.support.small_case import case_on, finish, pictures


def case_with(folder: Path, files: dict[str, bytes]) -> Workbench:
    (folder / "disk.dd").write_bytes(tiny_disk(files))
    return case_on(folder, folder / "disk.dd")


def test_a_paused_engine_gives_out_nothing_and_goes_on_where_it_was() -> None:
    engine = LocalEngine(2)
    engine.at_most = 0
    threading.Timer(1.5, lambda: setattr(engine, "at_most", None)).start()
    started = time.monotonic()

    running = engine.run(HostileWork(), batches([piece(n) for n in range(30)]), bool)
    answers = [one.entry for done in running for one in done.findings]

    assert sorted(answers) == list(range(30))
    assert time.monotonic() - started > 1.5


def test_an_engine_told_to_spare_cores_uses_only_the_others() -> None:
    engine = LocalEngine(3)
    engine.at_most = 1
    used = set()
    for _ in engine.run(HostileWork(), batches([piece(n) for n in range(60)]), bool):
        used |= {n for n, worker in enumerate(engine._running) if worker.files}

    assert used == {0}


def test_a_worker_that_read_many_files_is_replaced_and_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "_FILES_A_WORKER", 20)
    engine = LocalEngine(2)
    seen: set[int | None] = set()
    answers: list[int] = []
    for done in engine.run(HostileWork(), batches([piece(n) for n in range(200)]), bool):
        seen |= {worker.child.process.pid for worker in engine._running}
        answers += [one.entry for one in done.findings]

    assert sorted(answers) == list(range(200))
    assert len(seen) > 4


def test_what_meets_the_memory_limit_is_tried_alone_with_twice_of_it() -> None:
    engine = LocalEngine(1, memory=1 << 30)
    pieces = [piece(1), piece(2, "eats 1200 MB"), piece(3, "eats 2500 MB"), piece(4)]

    answers = {one.entry: one for done in engine.run(HostileWork(), batches(pieces), bool) for one in done.findings}

    assert answers[EntryId(2)].mime == "alone"
    assert answers[EntryId(3)].unexamined[0].reason is Reason.MEMORY_LIMIT
    assert {answers[EntryId(n)].mime for n in (1, 4)} == {"together"}


def test_a_desk_that_slept_does_not_count_the_sleep_against_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = LocalEngine(1)
    engine.prepare(HostileWork())
    worker = engine._running[0]
    worker.seen, engine._looked = (0, 0), time.monotonic() - 3600
    engine._forgive_suspension()
    engine.close()

    assert worker.seen == (-1, -1)


def test_settling_comes_before_decoding_and_what_is_in_view_before_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "_LOOK_FILES", 2)
    monkeypatch.setattr(cutting, "_FILES", 4)
    shots = pictures(16)
    with case_with(tmp_path, {f"/{n:02}.jpg": shot for n, shot in enumerate(shots)}) as bench:
        wishes, order = Steering(), list[tuple[str, tuple[int, ...]]]()
        record: Callable[..., list[int]] = bench.case.items.record

        def recorded(findings: list[Finding]) -> list[int]:
            ids = record(findings)
            part = findings[0].part
            order.append((part.value, tuple(ids)))
            if part is Part.LOOKED and len([one for one in order if one[0] == part.value]) == 1:
                wishes.want([15, 16])
            return ids

        monkeypatch.setattr(bench.case.items, "record", recorded)
        finish(bench.scan(ScanRequest(workers=1), wishes))

    looks = [ids for part, ids in order if part == "looked"]
    assert [part for part, _ in order] == ["settled"] * 4 + ["looked"] * len(looks)
    # Two batches are under way at any time; the wish comes next after them.
    assert {15, 16} <= {one for ids in looks[:4] for one in ids}
    assert sorted(one for ids in looks for one in ids) == list(range(1, 17))


def test_a_resting_scan_records_nothing_until_it_goes_on(tmp_path: Path) -> None:
    with case_with(tmp_path, {f"/{n}.jpg": shot for n, shot in enumerate(pictures(6))}) as bench:
        wishes = Steering()
        wishes.paused = True
        threading.Timer(2.0, lambda: setattr(wishes, "paused", False)).start()
        started = time.monotonic()
        first = next(event for event in bench.scan(ScanRequest(workers=1), wishes) if isinstance(event, ItemsFound))

    assert first.ids
    assert time.monotonic() - started > 2.0


def test_a_scan_says_what_there_is_to_do_how_fast_it_goes_and_that_the_counts_agree(tmp_path: Path) -> None:
    files = {f"/{n}.jpg": shot for n, shot in enumerate(pictures(6))} | {f"/{n}.txt": b"words" * n for n in range(9)}
    with case_with(tmp_path, files) as bench:
        before = bench.forecast(ScanRequest(workers=2))
        events: list[Event] = list(bench.scan(ScanRequest(workers=2)))
        after = bench.forecast(ScanRequest(workers=2))
        (foretold,) = (event for event in events if isinstance(event, Forecast))
        live = [event.live for event in events if isinstance(event, Progress) and event.live]
        last = bench.case.scans.last()

    assert (before.listed, foretold.listed, after.files) == (False, True, 0)
    assert (foretold.files, foretold.media_files) == (15, 6)
    assert 0 < foretold.seconds_low < foretold.seconds_high
    assert live[-1].to_look == 0
    assert live[-1].share.startswith("partial: 15 of 15 files")
    assert last is not None
    assert last["balance"]["problems"] == []
    (one,) = last["balance"]["exhibits"]
    assert one["entries"] == one["read"] + one["unexamined"]
    assert one["bytes"] == one["in_files"] + one["unallocated"] + one["slack"] + one["not_addressable"]
