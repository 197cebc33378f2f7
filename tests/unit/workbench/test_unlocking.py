"""A key that comes after the scan opens what was encrypted, and changes nothing of what the scan read."""

from pathlib import Path

from sakshya.casefile.reconcile import reconcile
from sakshya.domain.media import Kind
from sakshya.domain.unexamined import Of, Reason, Stage
from sakshya.testing import tiny_disk
from sakshya.triage.events import Finished
from sakshya.workbench import Workbench
from sakshya.workbench.verify import verify_path
from tests.support import luks_maker
from tests.support.exhibits import run_tool
from tests.support.small_case import case_on, finish, pictures, scan


def _encrypted_lines(bench: Workbench) -> list[tuple[Of, Stage]]:
    return [(one.of, one.stage) for one in bench.case.unexamined.all() if one.reason is Reason.ENCRYPTED]


def _unlock(bench: Workbench, key: str) -> Finished:
    return finish(bench.unlock("EX-1", (key,)))


def test_a_key_supplied_after_the_scan_brings_in_the_decrypted_volume(tmp_path: Path) -> None:
    first, second = pictures(2)
    # The volume alone: the disk has a partition table before it.
    plain = tiny_disk({"/in.jpg": first, "/also.jpg": second})[1 << 20 :]
    disk = luks_maker.luks1(tmp_path, plain, "aes-xts-plain64")
    with case_on(tmp_path, disk) as bench:
        scan(bench)
        assert _encrypted_lines(bench) == [(Of.VOLUME, Stage.OPEN)]

        wrong = _unlock(bench, "not the key")
        assert wrong.figures["entries_added"] == 0
        assert len(_encrypted_lines(bench)) == 1

        right = _unlock(bench, luks_maker.PASSPHRASE)
        added = int(str(right.figures["entries_added"]))
        assert added > 2
        assert _encrypted_lines(bench) == []
        table = bench.case.entries.volumes("EX-1")
        assert table is not None
        assert any(volume.layers for volume in table.volumes)

        again = _unlock(bench, luks_maker.PASSPHRASE)
        assert again.figures["entries_added"] == 0
        scan(bench)
        assert reconcile(bench.case) == []
        assert bench.case.items.counts().undecided == 2
        with_key_from_the_start = bench.case.entries.counts("EX-1")
    assert verify_path(tmp_path / "case", lambda: None).problems == ()
    assert with_key_from_the_start.entries == added


def test_a_key_supplied_after_the_scan_opens_encrypted_archives(tmp_path: Path) -> None:
    (picture,) = pictures(1)
    (tmp_path / "in.jpg").write_bytes(picture)
    for name, options in (("a.zip", ("-tzip", "-mem=ZipCrypto")), ("b.7z", ("-mhe=on",))):
        run_tool("7z", "a", "-pteapot", *options, str(tmp_path / name), str(tmp_path / "in.jpg"))
    disk = tmp_path / "disk.dd"
    disk.write_bytes(tiny_disk({f"/{name}": (tmp_path / name).read_bytes() for name in ("a.zip", "b.7z")}))
    with case_on(tmp_path, disk) as bench:
        scan(bench)
        assert len(_encrypted_lines(bench)) == 2

        _unlock(bench, "teapot")
        scan(bench)

        assert _encrypted_lines(bench) == []
        assert reconcile(bench.case) == []
        (item,) = [one for one in bench.case.items.find() if one.kind is Kind.PICTURE]
        assert len(item.where) == 2
        assert all(place.locator.inside for place in item.where)
