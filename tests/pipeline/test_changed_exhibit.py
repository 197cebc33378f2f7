"""An exhibit whose file is another one than was hashed gives no findings under its number."""

import os
from pathlib import Path

import pytest

from sakshya.domain.faults import EvidenceFault, VerificationFault
from sakshya.domain.locator import Locator
from sakshya.testing import tiny_disk
from sakshya.triage.events import Note
from sakshya.workbench import ScanRequest, Workbench
from sakshya.workbench.extract import extract
from sakshya.workbench.tree_rows import tree_rows
from tests.support.small_case import case_on, finish, scan

_TEXT = Locator("EX-1", 0, 0, 4, "/a.txt")


def _disk(folder: Path) -> Path:
    file = folder / "disk.dd"
    file.write_bytes(tiny_disk({"a.txt": b"one", "b.txt": b"two"}))
    return file


def _set_time(file: Path) -> None:
    os.utime(file, ns=(1, 1))


def _replace(file: Path) -> None:
    file.write_bytes(tiny_disk({"a.txt": b"six", "b.txt": b"two"}))
    _set_time(file)


def test_another_disk_of_the_same_size_is_not_scanned(tmp_path: Path) -> None:
    disk = _disk(tmp_path)
    with case_on(tmp_path, disk) as bench:
        _replace(disk)

        for _ in range(2):
            with pytest.raises(VerificationFault, match="no longer what was attached"):
                scan(bench)
        assert not bench.case.items.counts().total


def test_what_changed_is_neither_listed_nor_copied_out(tmp_path: Path) -> None:
    disk = _disk(tmp_path)
    with case_on(tmp_path, disk) as bench:
        _replace(disk)

        with pytest.raises(EvidenceFault, match="not as it was"):
            list(tree_rows(bench.case.exhibits.get("EX-1")))
        with pytest.raises(EvidenceFault, match="not as it was"):
            extract(bench, str(_TEXT), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_same_bytes_with_another_time_are_hashed_again_and_scanned(tmp_path: Path) -> None:
    disk = _disk(tmp_path)
    with case_on(tmp_path, disk) as bench:
        _set_time(disk)

        events = list(bench.scan(ScanRequest(workers=1)))

        assert any(isinstance(event, Note) and "hashed again" in event.text for event in events)
        assert finish(events).figures["counts"]
        assert len(bench.case.exhibits.get("EX-1").verifications) == 2
        assert list(tree_rows(bench.case.exhibits.get("EX-1")))


def test_an_exhibit_that_is_gone_is_evidence_that_cannot_be_read(tmp_path: Path) -> None:
    disk = _disk(tmp_path)
    with case_on(tmp_path, disk) as bench:
        disk.unlink()

        with pytest.raises(EvidenceFault, match="not where it was"):
            _verify(bench)
        with pytest.raises(EvidenceFault, match="not where it was"):
            list(tree_rows(bench.case.exhibits.get("EX-1")))


def _verify(bench: Workbench) -> None:
    list(bench.verify_exhibit("EX-1"))
