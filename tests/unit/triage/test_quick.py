"""A quick scan answers first, says what it left, and is gone on with without repeating anything."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from sakshya.casefile.reached import reached
from sakshya.casefile.reconcile import reconcile
from sakshya.domain.faults import StoppedFault
from sakshya.domain.unexamined import Reason
from sakshya.testing import tiny_disk
from sakshya.triage.depth import Depth
from sakshya.triage.events import Event, Finished, ItemsFound, Note
from sakshya.triage.likelihood import Place, likely_media
from sakshya.workbench import ScanRequest, Workbench
from tests.support.small_case import case_on, desk_in, pictures, take_set


def disk_with(shots: list[bytes]) -> bytes:
    files = {f"/DCIM/{n}.jpg": shot for n, shot in enumerate(shots[:6])}
    files |= {f"/Windows/{n}.png": shot for n, shot in enumerate(shots[6:9])}
    files |= {f"/data/{n}.bin": b"no picture " * (n + 50) for n in range(40)}
    # The known one is hidden under a name that promises nothing: only its size tells.
    files |= {"/data/hidden.dat": shots[9]}
    return tiny_disk(files, deleted={"/gone.jpg": shots[1]})


def made(folder: Path, disk: bytes, known: Iterable[bytes] = ()) -> Workbench:
    folder.mkdir(exist_ok=True)
    (folder / "disk.dd").write_bytes(disk)
    if known:
        take_set(desk_in(folder), folder, known)
    return case_on(folder, folder / "disk.dd")


def go(bench: Workbench, depth: Depth) -> tuple[list[Event], dict[str, object]]:
    events = list(bench.scan(ScanRequest(depth, 1)))
    assert isinstance(events[-1], Finished)
    return events, events[-1].figures


def test_what_a_set_may_know_by_size_comes_first_and_likely_pictures_after_it(tmp_path: Path) -> None:
    shots = pictures(10)
    with made(tmp_path / "a", disk_with(shots), shots[9:]) as bench:
        events, figures = go(bench, Depth.QUICK)

        first = next(event for event in events if isinstance(event, ItemsFound))
        assert first.matched == 1
        assert "/data/hidden.dat" in {one.locator.path for one in bench.case.items.get(first.ids[0]).where}
        came = reached(bench.case)
        assert (came.depth, came.partial, came.files - came.files_done) == ("quick", True, 40)
        assert came.words() in str(events[-1].line())
        assert came.words().startswith("partial: 11 of 51 files, ")
        assert figures["reached"] == came.as_json()


def test_what_quick_left_is_listed_with_its_reason_until_it_is_read(tmp_path: Path) -> None:
    shots = pictures(10)
    with made(tmp_path / "a", disk_with(shots), shots[9:]) as bench:
        go(bench, Depth.QUICK)
        left = [one for one in bench.case.unexamined.all() if one.reason is Reason.NOT_REACHED and one.bytes]
        counts = bench.case.entries.counts()
        assert len(left) == counts.pending == 40
        assert bench.case.unexamined.counts()[Reason.NOT_REACHED] >= 40
        assert bench.case.unexamined.count() == sum(1 for _ in bench.case.unexamined.all())

        go(bench, Depth.STANDARD)
        assert bench.case.entries.counts().pending == 0
        assert Reason.NOT_REACHED not in {one.reason for one in bench.case.unexamined.all() if one.bytes}
        assert reconcile(bench.case) == []
        assert reached(bench.case).depth == "standard"


@pytest.mark.parametrize("sets", ["none", "without sizes", "size selects nearly everything"])
def test_quick_says_where_size_does_not_narrow_and_goes_by_likelihood(tmp_path: Path, sets: str) -> None:
    shots = pictures(10)
    disk = disk_with(shots)
    known = {"none": [], "without sizes": [], "size selects nearly everything": shots}[sets]
    with made(tmp_path / "a", disk, known) as bench:
        events, _ = go(bench, Depth.QUICK)

        said = " ".join(event.text for event in events if isinstance(event, Note))
        assert "size does not narrow, files are read by likelihood" in said
        read = {place.locator.path.split("/")[1] for one in bench.case.items.find() for place in one.where}
        assert read == {"DCIM", "Windows", "gone.jpg"}


def test_quick_then_standard_then_full_ends_as_full_at_once_and_reads_nothing_twice(tmp_path: Path) -> None:
    shots = pictures(10)
    disk = disk_with(shots)
    with made(tmp_path / "once", disk, shots[9:]) as bench:
        _, at_once = go(bench, Depth.FULL)
    with made(tmp_path / "steps", disk, shots[9:]) as bench:
        steps = [go(bench, depth) for depth in (Depth.QUICK, Depth.STANDARD, Depth.FULL)]

    last = steps[-1][1]
    assert last["findings_digest"] == at_once["findings_digest"]
    assert last["fingerprints_digest"] == at_once["fingerprints_digest"]
    quick, standard, _ = (
        {item for event in events if isinstance(event, ItemsFound) for item in event.ids} for events, _ in steps
    )
    assert quick
    assert not quick & standard


def test_a_quick_scan_that_is_stopped_is_gone_on_with(tmp_path: Path) -> None:
    shots = pictures(10)
    with made(tmp_path / "calm", disk_with(shots)) as bench:
        _, calm = go(bench, Depth.STANDARD)
    with made(tmp_path / "stopped", disk_with(shots)) as bench:
        seen: list[Event] = []
        running = bench.scan(ScanRequest(Depth.QUICK, 1), lambda: any(isinstance(one, ItemsFound) for one in seen))
        with pytest.raises(StoppedFault):
            seen.extend(running)
        assert reached(bench.case).partial
        assert Reason.NOT_REACHED in bench.case.unexamined.counts()
        _, figures = go(bench, Depth.STANDARD)

    assert figures["findings_digest"] == calm["findings_digest"]


def test_no_file_is_read_twice_where_sizes_choose_the_first(tmp_path: Path) -> None:
    shots = pictures(30)
    files = {f"/{n:03}.jpg": shots[n % 30] + n.to_bytes(2, "big") for n in range(300)}
    with made(tmp_path / "a", tiny_disk(files), list(files.values())[:40]) as bench:
        found = [event for event in bench.scan(ScanRequest(workers=2)) if isinstance(event, ItemsFound)]

    assert sum(event.matched for event in found) == 40


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/DCIM/100APPLE/IMG_1.HEIC", Place.CAMERA_OR_CHAT),
        ("/data/media/0/WhatsApp/Media/x.jpg", Place.CAMERA_OR_CHAT),
        ("/Telegram Desktop/cache/abcdef", Place.CAMERA_OR_CHAT),
        ("/Users/a/Pictures/x.png", Place.USER),
        ("/$Recycle.Bin/S-1/x.mp4", Place.THROWN_AWAY),
        ("/Windows/Web/x.jpg", Place.SYSTEM),
        ("/x/y.jpg", Place.ELSEWHERE),
        ("/Users/a/Documents/x.docx", None),
        ("/x/abcdef", None),
    ],
)
def test_folders_are_told_by_the_documented_table(path: str, place: Place | None) -> None:
    assert likely_media(path) is place
