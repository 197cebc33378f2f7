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
    assert [one for one in walked if isinstance(one, Unexamined)] == []


def test_snapshots_are_listed_beside_their_volume_and_what_they_hold_is_a_line(disk: Path, tmp_path: Path) -> None:
    """The program makes none, so two are written into the tree that it left empty."""
    taken = tmp_path / "snapshots.dd"
    with disk.open("rb") as whole, taken.open("wb") as target:
        data = bytearray(whole.read(96 << 20))
        volume = 4096 * next(at for at in range(len(data) // 4096) if data[at * 4096 + 32 : at * 4096 + 36] == b"APSB")
        tree = 4096 * struct.unpack_from("<Q", data, volume + 152)[0]
        assert struct.unpack_from("<I", data, tree + 36)[0] == 0
        struct.pack_into("<Q", data, volume + 216, 2)
        table, room = struct.unpack_from("<HH", data, tree + 40)
        keys, end = tree + 56 + table + room, tree + 4096 - 40
        struct.pack_into("<I", data, tree + 36, 2)
        for number, (transaction, name) in enumerate(((70, b"before\0"), (90, b"after\0"))):
            value = struct.pack("<QQQQQIIH", 0, 0, 1_600_000_000_000_000_000 + number, 0, 0, 0, 0, len(name)) + name
            struct.pack_into("<Q", data, keys + 8 * number, 1 << 60 | transaction)
            at = 64 * (number + 1)
            data[end - at : end - at + len(value)] = value
            struct.pack_into("<4H", data, tree + 56 + table + 8 * number, 8 * number, 8, at, len(value))
        for block in (volume, tree):
            _sum(data, block)
        target.write(data)
        target.truncate(_SIZE)

    with reader_of(taken) as reader:
        walked = list(reader.walk())

    snapshots = [one for one in walked if isinstance(one, Entry) and one.kind is EntryKind.VIRTUAL]
    assert [one.locator.path for one in snapshots] == [
        "/साक्ष्य one, snapshot 70 before",
        "/साक्ष्य one, snapshot 90 after",
    ]
    assert [one.detail for one in walked if isinstance(one, Unexamined)] == [
        "unsupported file system: APFS: what only the 2 snapshots hold is not read"
    ]


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


def _sum(data: bytearray, block: int) -> None:
    """Write the checksum of an object: Fletcher's, of 64 bits, over all that follows it."""
    first = second = 0
    for (word,) in struct.iter_unpack("<I", data[block + 8 : block + 4096]):
        first = (first + word) % 0xFFFFFFFF
        second = (second + first) % 0xFFFFFFFF
    low = 0xFFFFFFFF - (first + second) % 0xFFFFFFFF
    high = 0xFFFFFFFF - (first + low) % 0xFFFFFFFF
    struct.pack_into("<II", data, block, low, high)


def _table() -> bytes:
    sector = bytearray(1 << 20)
    sector[446:462] = bytes([0, 0, 0, 0, 0xAF, 0, 0, 0]) + struct.pack("<II", 2048, _SIZE // 512)
    sector[510:512] = b"\x55\xaa"
    return bytes(sector)


def _entries(reader: ExhibitReader) -> list[Entry]:
    return [one for one in reader.walk() if isinstance(one, Entry)]
