"""P5: entries = read + unexamined; contents add up by status; bytes add up; every reason is listed."""

from pathlib import Path

from sakshya.casefile.item_filter import ItemFilter
from sakshya.casefile.reconcile import reconcile
from sakshya.domain.item import Status
from sakshya.domain.unexamined import Of, Reason, Stage
from sakshya.testing import write_fat16
from sakshya.testing.fat16 import DiskFile, RawVolume
from sakshya.workbench import Workbench
from tests.support.small_case import case_on, make_case, pictures, scan


def _reconciles(bench: Workbench) -> None:
    entries = bench.case.entries.counts()
    assert entries.entries == entries.read + entries.unexamined
    assert entries.entries == entries.files + entries.directories + entries.links + entries.virtual
    statuses = {status: len(list(bench.case.items.find(ItemFilter(status=frozenset({status}))))) for status in Status}
    assert sum(statuses.values()) == len(list(bench.case.items.find(ItemFilter())))
    for exhibit in bench.case.exhibits.all():
        account = bench.case.exhibits.account(exhibit.number)
        assert account is not None
        parts = account.in_files + account.slack + account.unallocated + account.not_addressable
        assert parts == account.total == exhibit.container.size
    assert reconcile(bench.case) == []


def test_counts_reconcile_on_a_disk_with_trouble(tmp_path: Path) -> None:
    good, cut, deleted = pictures(3)
    files = {
        "/good.jpg": good,
        "/copy.jpg": good,
        "/cut.jpg": cut[:700],
        "/broken.png": b"\x89PNG\r\n\x1a\n" + bytes(300),
        "/empty.jpg": b"",
        "/text.txt": b"words",
        "/bundle.zip": b"PK\x03\x04" + bytes(200),
    }
    with make_case(tmp_path, files, deleted={"/gone.jpg": deleted}) as bench:
        scan(bench)

        _reconciles(bench)
        reasons = {line.reason for line in bench.case.unexamined.all()}
        assert Reason.BAD_METADATA in reasons
        assert reasons & {Reason.NOT_DECODABLE, Reason.CUT_SHORT}
        partial = [item for item in bench.case.items.find() if item.report.partial]
        assert [item.where[0].locator.path for item in partial] == ["/cut.jpg"]
        assert partial[0].report.problem


def test_a_name_that_promises_a_picture_is_answered(tmp_path: Path) -> None:
    garbage = bytes(range(1, 250)) * 3
    files = {
        "/odd.JPG": garbage,
        "/same.bin": garbage,
        "/none": b"\x01" + garbage,
        "/text.jpg": b"words",
        "/no.png": b"",
    }
    with make_case(tmp_path, files) as bench:
        scan(bench)

        _reconciles(bench)
        lines = [line for line in bench.case.unexamined.all() if line.stage is Stage.SNIFF]
        assert [line.locator.path for line in lines if line.locator] == ["/odd.JPG"]
        assert {item.status for item in bench.case.items.find()} == {Status.NOT_MEDIA}


def test_a_volume_that_cannot_be_read_never_looks_empty(tmp_path: Path) -> None:
    exhibit = tmp_path / "disk.dd"
    with exhibit.open("wb") as disk:
        write_fat16(disk, [DiskFile("/a.txt", b"a")], second=RawVolume(b"\xa5no file system\x00" * 4096))
    with case_on(tmp_path, exhibit) as bench:
        scan(bench)

        _reconciles(bench)
        volumes = [line for line in bench.case.unexamined.all() if line.of is Of.VOLUME]
        assert volumes
        assert volumes[0].reason is Reason.UNKNOWN_FILE_SYSTEM
        assert volumes[0].bytes


def test_a_truncated_exhibit_lists_what_it_lost(tmp_path: Path) -> None:
    from sakshya.testing import tiny_disk

    shots = pictures(30)
    whole = tiny_disk({f"/{n:02}.jpg": shot for n, shot in enumerate(shots)})
    last = whole.rindex(shots[-1][:64])
    with make_case(tmp_path, {}, disk=whole[: last - 5000]) as bench:
        scan(bench)

        _reconciles(bench)
        lost = [line for line in bench.case.unexamined.all() if line.of is Of.ENTRY]
        assert {line.locator.path for line in lost if line.locator} >= {"/29.jpg"}
        assert bench.case.entries.counts().files >= 30


def test_a_dropped_line_is_noticed(tmp_path: Path) -> None:
    with make_case(tmp_path, {"/a.jpg": pictures(1)[0], "/b.txt": b"b"}) as bench:
        scan(bench)
        assert reconcile(bench.case) == []

        # What a bug that loses an entry would leave behind.
        with bench.case.transaction():
            bench.case.database().execute(
                "UPDATE entry SET state = 0 WHERE id = (SELECT max(id) FROM entry WHERE kind = 'file')"
            )

        assert reconcile(bench.case)
