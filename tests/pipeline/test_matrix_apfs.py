"""APFS containers made by apfsprogs: the volumes as that program names them, and what is not read as a line."""

import os
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from sakshya.domain.entry import Entry, EntryKind
from sakshya.domain.unexamined import Unexamined
from sakshya.evidence.tree import ExhibitReader
from tests.support.compare_listings import reader_of

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
_SIZE = 600 << 20


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A container, sparse on the disk, with one volume; skipped where the program is absent."""
    program = shutil.which("mkapfs", path=_PATH)
    if program is None:
        pytest.skip("apfsprogs is not installed")
    disk = tmp_path_factory.mktemp("apfs") / "disk.dd"
    with disk.open("wb") as target:
        target.truncate(_SIZE)
    subprocess.run([program, "-L", "साक्ष्य one", str(disk)], check=True, capture_output=True)
    return disk


def test_the_volume_is_a_directory_and_what_is_not_listed_is_said(disk: Path) -> None:
    with reader_of(disk) as reader:
        (volume,) = reader.table.volumes
        walked = list(reader.walk())

    assert volume.filesystem == "APFS"
    listed = [(one.locator.path, one.kind) for one in walked if isinstance(one, Entry)]
    assert listed == [("/साक्ष्य one", EntryKind.DIRECTORY)]
    assert any("snapshots" in one.detail for one in walked if isinstance(one, Unexamined))


def test_a_container_in_a_partition_is_read_and_its_volume_opens_again_by_address(disk: Path, tmp_path: Path) -> None:
    """What the program writes lies in the first 96 MiB; the rest is zeros, as it was."""
    shifted = tmp_path / "shifted.dd"
    with disk.open("rb") as whole, shifted.open("wb") as target:
        target.write(_table())
        target.write(whole.read(96 << 20))
        target.truncate((1 << 20) + _SIZE)

    with reader_of(shifted) as reader:
        (entry,) = _entries(reader)
        assert entry.locator.offset == 1 << 20
        assert reader.children(entry.locator) == []


def _table() -> bytes:
    sector = bytearray(1 << 20)
    sector[446:462] = bytes([0, 0, 0, 0, 0xAF, 0, 0, 0]) + struct.pack("<II", 2048, _SIZE // 512)
    sector[510:512] = b"\x55\xaa"
    return bytes(sector)


def _entries(reader: ExhibitReader) -> list[Entry]:
    return [one for one in reader.walk() if isinstance(one, Entry)]
