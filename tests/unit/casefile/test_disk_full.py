import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.faults import DiskFullFault
from sakshya.casefile.head import CaseHead
from sakshya.casefile.reconcile import reconcile
from sakshya.domain.item import ItemId
from tests.unit.casefile.building import AT, attach, entry, finding


def test_a_full_database_loses_only_the_batch_that_did_not_fit(case: CaseFile) -> None:
    ids = attach(case, *(entry(f"{n}") for n in range(600)))
    case.items.record([finding(one, f"{one}") for one in ids[:100]])
    pages = case.database().number("PRAGMA page_count")
    case.database().execute(f"PRAGMA max_page_count={pages + 5}").fetchall()

    with pytest.raises(DiskFullFault) as caught:
        case.items.record([finding(one, f"{one}") for one in ids[100:]])

    assert "full" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert case.items.counts().total == 100
    case.database().execute("PRAGMA max_page_count=1000000").fetchall()
    case.items.record([finding(one, f"{one}") for one in ids[100:]])
    assert reconcile(case) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MiB, where this machine lets us mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=2m", "none", str(disk)]
    if sys.platform == "win32" or not mount or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs root")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_is_one_clear_line_and_the_case_opens_again(small_disk: Path, passphrase: str | None) -> None:
    folder = small_disk / "case"
    with CaseFile.create(folder, CaseHead("india-bsa"), passphrase=passphrase, at=AT) as case:
        ids = attach(case, *(entry(f"{n}") for n in range(800)))
        batches = [[finding(one, f"{one}") for one in ids[start : start + 20]] for start in range(0, len(ids), 20)]
        kept: list[ItemId] = []
        with pytest.raises(DiskFullFault):
            kept.extend(item for batch in batches for item in case.items.record(batch))

    with CaseFile.open(folder, passphrase=passphrase) as case:
        assert case.items.counts().total == len(kept) > 0


def test_a_case_that_found_no_room_can_be_made_again_in_the_same_folder(
    small_disk: Path, passphrase: str | None
) -> None:
    folder, filler = small_disk / "case", small_disk / "filler"
    filler.write_bytes(bytes((2 << 20) - (40 << 10)))
    with pytest.raises(DiskFullFault):
        CaseFile.create(folder, CaseHead("india-bsa"), passphrase=passphrase, at=AT)
    assert not any(folder.iterdir())

    filler.unlink()
    CaseFile.create(folder, CaseHead("india-bsa"), passphrase=passphrase, at=AT).close()
