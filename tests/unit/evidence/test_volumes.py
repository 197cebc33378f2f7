"""Partition tables: credible, contradictory and hostile ones."""

import random
import struct
import uuid
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sakshya.domain.entry import VolumeTable
from sakshya.evidence.containers.raw import open_raw
from sakshya.evidence.volumes import read_volume_table
from sakshya.testing import tiny_disk

SECTORS = 4096
LINUX = uuid.UUID("0fc63daf-8483-4772-8e79-3d69d8477de4").bytes_le


def _table(folder: Path, disk: bytes) -> VolumeTable:
    path = folder / "disk.dd"
    path.write_bytes(disk)
    with open_raw([path]) as container:
        return read_volume_table(container)


def _mbr(*entries: tuple[int, int, int]) -> bytes:
    body = b"".join(struct.pack("<B3sB3sII", 0, b"", kind, b"", start, count) for kind, start, count in entries)
    return bytes(446) + body.ljust(64, b"\0") + b"\x55\xaa"


def _with(disk: bytearray, sector: int, raw: bytes, size: int = 512) -> bytearray:
    disk[sector * size : sector * size + len(raw)] = raw
    return disk


def _ext_superblock() -> bytes:
    head = bytearray(1024)
    struct.pack_into("<II", head, 0, 16, 100)
    head[56:58] = b"\x53\xef"
    return bytes(1024) + bytes(head)


def _gpt(size: int, sectors: int, parts: list[tuple[int, int]]) -> bytearray:
    disk = bytearray(size * sectors)
    _with(disk, 0, _mbr((0xEE, 1, sectors - 1)))
    table = b"".join(
        LINUX
        + uuid.uuid4().bytes_le
        + struct.pack("<QQQ", first, last, 0)
        + "साक्ष्य".encode("utf-16-le").ljust(72, b"\0")
        for first, last in parts
    ).ljust(128 * 128, b"\0")
    for here, there, at in ((1, sectors - 1, 2), (sectors - 1, 1, sectors - 1 - len(table) // size)):
        head = struct.pack(
            "<8sIIIIQQQQ16sQIII",
            b"EFI PART",
            0x10000,
            92,
            0,
            0,
            here,
            there,
            34,
            sectors - 34,
            b"",
            at,
            128,
            128,
            zlib.crc32(table),
        )
        head = head[:16] + struct.pack("<I", zlib.crc32(head)) + head[20:]
        _with(disk, here, head, size)
        _with(disk, at, table, size)
    return disk


def test_primary_and_logical_volumes_are_found_and_the_gaps_told(tmp_path: Path) -> None:
    disk = _with(bytearray(SECTORS * 512), 0, _mbr((0x83, 64, 100), (0x05, 500, 3000)))
    _with(disk, 500, _mbr((0x83, 10, 90), (0x05, 1000, 500)))
    _with(disk, 1500, _mbr((0x07, 10, 90)))

    table = _table(tmp_path, bytes(disk))

    assert table.scheme == "mbr"
    assert [(one.index, one.offset // 512, one.length // 512) for one in table.volumes] == [
        (1, 64, 100),
        (2, 510, 90),
        (3, 1510, 90),
    ]
    assert sum(gap.length for gap in table.gaps) == (SECTORS - 280) * 512
    assert table.problems == ()


def test_a_chain_in_a_circle_is_reported_and_not_followed(tmp_path: Path) -> None:
    disk = _with(bytearray(SECTORS * 512), 0, _mbr((0x05, 500, 3000)))
    _with(disk, 500, _mbr((0x83, 10, 90), (0x05, 1000, 500)))
    _with(disk, 1500, _mbr((0x83, 10, 90), (0x05, 1000, 500)))

    table = _table(tmp_path, bytes(disk))

    assert len(table.volumes) == 2
    assert any("circle" in problem for problem in table.problems)


def test_overlapping_volumes_are_reported(tmp_path: Path) -> None:
    disk = _with(bytearray(SECTORS * 512), 0, _mbr((0x83, 64, 1000), (0x83, 500, 1000)))

    table = _table(tmp_path, bytes(disk))

    assert "volume 2 overlaps volume 1" in table.problems
    assert (table.volumes[1].problem or "").startswith("volume 2 overlaps volume 1")


@pytest.mark.parametrize("size", [512, 4096])
def test_a_gpt_of_either_sector_size_is_read(tmp_path: Path, size: int) -> None:
    table = _table(tmp_path, bytes(_gpt(size, 512, [(40, 99), (100, 199)])))

    assert (table.scheme, table.sector_size, table.problems) == ("gpt", size, ())
    assert [(one.offset // size, one.length // size) for one in table.volumes] == [(40, 60), (100, 100)]
    assert table.volumes[0].description == "Linux file system (साक्ष्य)"


def test_the_backup_is_used_where_the_gpt_is_damaged(tmp_path: Path) -> None:
    disk = _gpt(512, 512, [(40, 99)])
    disk[512 + 30] ^= 0xFF

    table = _table(tmp_path, bytes(disk))

    assert len(table.volumes) == 1
    assert table.problems == ("the GPT is damaged; its backup at the end of the exhibit is used",)


def test_a_file_system_at_the_first_byte_beats_a_bogus_table(tmp_path: Path) -> None:
    volume = bytearray(tiny_disk({"a.txt": b"a"})[2048 * 512 :])
    _with(volume, 0, bytes(volume[:446]) + _mbr((0x83, 700, 1000))[446:])

    table = _table(tmp_path, bytes(volume))

    assert table.scheme == "none"
    assert table.volumes[0].filesystem == "FAT16"
    assert "is not used" in table.problems[0]


def test_a_file_system_beside_a_credible_table_is_listed_too(tmp_path: Path) -> None:
    disk = bytearray(tiny_disk({"a.txt": b"a"}))
    _with(disk, 0, bytes(disk[:512]) + bytes(512) + _ext_superblock()[1024:])

    table = _table(tmp_path, bytes(disk))

    assert [(one.index, one.filesystem) for one in table.volumes] == [(0, "ext2"), (1, "FAT16")]
    assert any("beside the partition table" in problem for problem in table.problems)


@pytest.mark.parametrize(
    ("at", "mark", "name", "reason"),
    [
        (0, b"LUKS\xba\xbe\x00\x02", "LUKS", "encrypted"),
        (0, b"\xeb\x58\x90-FVE-FS-", "BitLocker", "encrypted"),
        (0x200000, b"\x5e\xf1\xab\x2f", "VMFS", "unsupported file system"),
        (4120, bytes.fromhex("c68573f64e1a45ca8265f57f48ba6d81"), "bcache", "unsupported file system"),
        (0x20000 + 0x15000, b"\x0c\xb1\xba\0\0\0\0\0", "ZFS", "unsupported file system"),
        ((4 << 20) - 0x20000, b"\0\0\0\0\0\xba\xb1\x0c", "ZFS", "unsupported file system"),
        (0, b"\xfc\x4e\x2b\xa9", "Linux RAID member", "unsupported file system"),
        (4096, b"\xfc\x4e\x2b\xa9", "Linux RAID member", "unsupported file system"),
        ((4 << 20) - 8192, b"\xfc\x4e\x2b\xa9", "Linux RAID member", "unsupported file system"),
        ((4 << 20) - 65536, b"\xfc\x4e\x2b\xa9", "Linux RAID member", "unsupported file system"),
        ((4 << 20) - 512, b"PRIVHEAD", "Windows dynamic disk", "unsupported file system"),
        (0, b"SPACEDB ", "Windows storage spaces", "unsupported file system"),
        (0x10040, b"_BHRfS_M", "Btrfs", "unsupported file system"),
        (0, b"\0\0\0ReFS\0", "ReFS", "unsupported file system"),
        (1024, b"\x10\x20\xf5\xf2", "F2FS", "unsupported file system"),
        (512, b"LABELONE", "LVM", "unsupported file system"),
    ],
)
def test_what_is_not_read_is_named(tmp_path: Path, at: int, mark: bytes, name: str, reason: str) -> None:
    disk = bytearray(4 << 20)
    disk[at : at + len(mark)] = mark

    volume = _table(tmp_path, bytes(disk)).volumes[0]

    assert (volume.filesystem, volume.problem) == (name, f"{reason}: {name}")


def test_a_core_storage_volume_is_named_encrypted(tmp_path: Path) -> None:
    disk = bytearray(1 << 20)
    struct.pack_into("<2sIHI", disk, 88, b"CS", 1, 8, 4096)

    volume = _table(tmp_path, bytes(disk)).volumes[0]

    assert (volume.filesystem, volume.problem) == ("Apple Core Storage", "encrypted: Apple Core Storage")


def test_a_partition_of_a_dynamic_disk_is_named_by_its_type(tmp_path: Path) -> None:
    disk = _with(bytearray(SECTORS * 512), 0, _mbr((0x42, 64, 1000)))

    volume = _table(tmp_path, bytes(disk)).volumes[0]

    assert volume.problem == "unsupported file system: Windows dynamic disk"


def test_a_volume_that_looks_random_is_listed_as_perhaps_encrypted(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(4 << 20)
    plain_later = noise[: 2 << 20] + b"text " * (2 << 18)

    assert (_table(tmp_path, noise).volumes[0].problem or "").startswith("encrypted: no known signature; the content")
    assert (_table(tmp_path, plain_later).volumes[0].problem or "") == "unknown file system: no known signature"


def test_two_file_systems_in_one_volume_are_a_conflict_that_is_stated(tmp_path: Path) -> None:
    volume = bytearray(tiny_disk({"a.txt": b"a"})[2048 * 512 :])
    _with(volume, 2, _ext_superblock()[1024:])

    table = _table(tmp_path, bytes(volume))

    assert table.volumes[0].filesystem == "FAT16"
    assert table.volumes[0].problem == "FAT16 and ext2 both claim this volume"


def test_a_file_system_on_a_raid_member_is_read_and_the_set_stated(tmp_path: Path) -> None:
    volume = bytearray(tiny_disk({"a.txt": b"a"})[2048 * 512 :])
    volume += bytes(-len(volume) % 65536 + 65536)
    _with(volume, len(volume) // 512 - 16, b"\xfc\x4e\x2b\xa9")

    found = _table(tmp_path, bytes(volume)).volumes[0]

    assert found.filesystem == "FAT16"
    assert found.problem == "it is marked as a part of a set (Linux RAID member) and is read as it lies here"


def test_logical_volumes_that_overlap_are_reported(tmp_path: Path) -> None:
    disk = _with(bytearray(SECTORS * 512), 0, _mbr((0x05, 500, 3000)))
    _with(disk, 500, _mbr((0x83, 10, 990), (0x05, 600, 500)))
    _with(disk, 1100, _mbr((0x83, 10, 90)))

    assert "volume 2 overlaps volume 1" in _table(tmp_path, bytes(disk)).problems


def test_a_bsd_label_is_read(tmp_path: Path) -> None:
    disk = bytearray(SECTORS * 512)
    label = bytearray(404)
    struct.pack_into("<I", label, 0, 0x82564557)
    struct.pack_into("<I2xH", label, 132, 0x82564557, 3)
    for number, (length, start, kind) in enumerate(((1000, 16, 7), (500, 1016, 1), (4096, 0, 0))):
        struct.pack_into("<IIIB", label, 148 + 16 * number, length, start, 0, kind)
    _with(disk, 1, bytes(label))

    table = _table(tmp_path, bytes(disk))

    assert table.scheme == "bsd"
    assert [(one.offset // 512, one.description) for one in table.volumes] == [(16, "BSD UFS"), (1016, "BSD swap")]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_table_however_broken_stops_us(tmp_path: Path, data: st.DataObject) -> None:
    disk = data.draw(
        st.sampled_from([_gpt(512, 256, [(40, 99)]), _gpt(4096, 64, [(10, 20)]), bytearray(tiny_disk({}))])
    )
    disk = bytearray(disk[: 1 << 18])
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, min(len(disk), 1 << 13) - 9))
        disk[at : at + 8] = data.draw(st.binary(min_size=8, max_size=8))

    table = _table(tmp_path, bytes(disk))

    assert table.volumes or table.problems
    assert all(gap.offset >= 0 and gap.length > 0 for gap in table.gaps)
