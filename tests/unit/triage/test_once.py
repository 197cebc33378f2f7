"""A content is decoded once in a case, whatever exhibit it comes in with, and read in the order of the disk."""

import io
import zipfile
from pathlib import Path

import pytest

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.head import CaseHead
from sakshya.casefile.reconcile import reconcile
from sakshya.domain.item import Finding, Part, Status
from sakshya.domain.locator import Locator
from sakshya.testing import tiny_disk
from sakshya.triage.batches import PendingBatches
from sakshya.triage.steering import Steering
from sakshya.workbench import AttachRequest, Workbench
from tests.support.small_case import case_on, finish, pictures, scan, take_set
from tests.unit.casefile.building import AT, attach, entry

SEEK, RATE = 0.010, 100e6


def looks_of(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Scan and return the SHA-256 of each content that was decoded, as often as it was."""
    seen: list[str] = []
    record = bench.case.items.record

    def recorded(findings: list[Finding]) -> list[int]:
        seen.extend(one.digests.sha256 for one in findings if one.part is Part.LOOKED and one.digests)
        return list(record(findings))

    with monkeypatch.context() as patch:
        patch.setattr(bench.case.items, "record", recorded)
        scan(bench)
    return seen


def test_a_content_is_decoded_once_and_a_later_exhibit_finds_it_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shots = pictures(5)
    first, second = tmp_path / "one.dd", tmp_path / "two.dd"
    first.write_bytes(tiny_disk({f"/{n}.jpg": shots[n % 3] for n in range(9)}))
    second.write_bytes(tiny_disk({f"/again/{n}.jpg": shot for n, shot in enumerate(shots)}))
    with case_on(tmp_path, first) as bench:
        assert len(looks_of(bench, monkeypatch)) == 3
        item = next(bench.case.items.find())
        bench.decide([item.id], bench.scheme().category(bench.scheme().codes[0].code))
        finish(bench.attach(AttachRequest(files=(str(second),), number="EX-2")))

        fresh = looks_of(bench, monkeypatch)

        assert len(fresh) == 2
        assert item.digests.sha256 not in fresh
        again = bench.case.items.get(item.digests.sha256)
        assert again.status is Status.DECIDED
        assert {place.locator.exhibit for place in again.where} == {"EX-1", "EX-2"}
        assert reconcile(bench.case) == []


def test_an_archive_that_a_set_knows_later_is_opened_again_without_listing_its_members_twice(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, shot in enumerate(pictures(3)):
            archive.writestr(f"{number}.jpg", shot)
    (tmp_path / "disk.dd").write_bytes(tiny_disk({"/a.zip": packed.getvalue()}))
    with case_on(tmp_path, tmp_path / "disk.dd") as bench:
        scan(bench)
        before = bench.case.entries.counts().entries
        take_set(bench.desk, tmp_path, [packed.getvalue()])
        assert scan(bench).figures["counts"]["known"] == 1  # type: ignore[index]
        assert bench.case.entries.counts().entries == before
        assert reconcile(bench.case) == []


def test_each_place_of_a_picture_that_cannot_be_decoded_is_listed(tmp_path: Path) -> None:
    broken = pictures(1)[0][:400]
    (tmp_path / "disk.dd").write_bytes(tiny_disk({f"/{n}.jpg": broken for n in range(3)}))
    with case_on(tmp_path, tmp_path / "disk.dd") as bench:
        scan(bench)
        lines = [one for one in bench.case.unexamined.all() if one.locator and one.locator.path.endswith(".jpg")]

        assert sorted(one.locator.path for one in lines if one.locator) == ["/0.jpg", "/1.jpg", "/2.jpg"]
        assert bench.case.looks.amount() == (0, 0)


def seconds(starts: list[tuple[int, int]]) -> float:
    """Return what a disk with 10 ms a seek and 100 MB/s takes for pieces of (offset, bytes) in this order."""
    head, spent = 0, 0.0
    for offset, size in starts:
        spent += (SEEK if offset != head else 0.0) + size / RATE
        head = offset + size
    return spent


def test_a_slow_disk_is_read_three_times_faster_than_in_the_order_of_its_tree(tmp_path: Path) -> None:
    # Files written in turn into many folders, as a camera or a browser does: their tree jumps over the disk.
    size, folders, each = 200_000, 20, 30
    names = [(folder, n) for folder in range(folders) for n in range(each)]
    entries = [
        entry(f"{folder}/{n}.jpg", size=size, first_byte=(n * folders + folder) * size, locator=_at(number, folder, n))
        for number, (folder, n) in enumerate(names, 1)
    ]
    with CaseFile.create(tmp_path / "case", CaseHead("india-bsa", {}), passphrase=None, at=AT) as case:
        ids = attach(case, *entries)
        places = {one: (kept.first_byte or 0, kept.size) for one, kept in zip(ids, entries, strict=True)}
        batches = PendingBatches(case, ["EX-1"], [], only_first=False, wanted=Steering())
        physical = [places[piece.entry] for batch in batches for piece in batch.pieces]

    assert sorted(physical) == sorted(places.values())
    assert seconds(list(places.values())) / seconds(physical) >= 3


def _at(number: int, folder: int, n: int) -> Locator:
    return Locator("EX-1", 1, 1048576, number, f"/{folder}/{n}.jpg")
