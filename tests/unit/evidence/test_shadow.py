"""Volume shadow copies: an older state beside the live volume, from a list written by hand from the format."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sakshya.domain.faults import EvidenceFault
from sakshya.evidence.containers.raw import open_raw
from sakshya.evidence.filesystems.signatures import identify
from sakshya.evidence.layers.open import shadow_copies
from sakshya.evidence.tree import ExhibitReader
from sakshya.evidence.volumes import reader_at
from tests.support.bitlocker_writer import bitlocker
from tests.support.exhibits import raw_exhibit, run_tool
from tests.support.shadow_writer import BLOCK, with_shadow

AT = 6 << 20
CREATED = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)


def _disk(folder: Path) -> bytes:
    path = folder / "ntfs.img"
    path.write_bytes(bytes(8 << 20))
    run_tool("mkfs.ntfs", "-Q", "-F", "-q", "-s", "512", "-p", "0", "-H", "0", "-S", "0", str(path))
    live = bytearray(path.read_bytes())
    live[AT : AT + 2 * BLOCK] = b"now!" * (BLOCK // 2)
    return with_shadow(bytes(live), AT, b"then" * (BLOCK // 4), CREATED)


def test_a_shadow_copy_shows_the_older_block_and_the_live_rest(tmp_path: Path) -> None:
    disk, path = _disk(tmp_path), tmp_path / "disk.dd"
    # The volume does not start at the exhibit's first byte.
    path.write_bytes(b"x" * 4096 + disk)

    (layer,) = shadow_copies(open_raw([path]), 4096, len(disk))

    assert (layer.token, layer.name) == ("vss.1", "shadow copy of 2020-01-02T03:04:05Z")
    assert layer.container.size == len(disk)
    assert layer.container.read_at(AT, 2 * BLOCK) == b"then" * (BLOCK // 4) + b"now!" * (BLOCK // 4)
    found = identify(reader_at(layer.container, 0))
    assert found is not None
    assert found.name == "NTFS"


def test_shadow_copies_of_a_volume_cut_short_are_a_fault_and_not_none(tmp_path: Path) -> None:
    disk, path = _disk(tmp_path), tmp_path / "disk.dd"
    path.write_bytes(disk[: AT + BLOCK])

    with pytest.raises(EvidenceFault, match="beyond the end of the exhibit"):
        shadow_copies(open_raw([path]), 0, len(disk))


def test_shadow_copies_that_cannot_be_listed_are_said_of_the_volume(tmp_path: Path) -> None:
    disk = bytearray(_disk(tmp_path))
    disk[1 << 22 : (1 << 22) + BLOCK] = b"\xff" * BLOCK

    with ExhibitReader(raw_exhibit(tmp_path, bytes(disk))) as reader:
        (volume,) = reader.table.volumes

    assert volume.filesystem == "NTFS"
    assert (volume.problem or "").startswith("its shadow copies cannot be listed (metadata not readable: ")


def test_shadow_copies_in_an_encrypted_volume_are_listed_once_it_is_open(tmp_path: Path) -> None:
    with ExhibitReader(raw_exhibit(tmp_path, bitlocker(_disk(tmp_path), None))) as reader:
        volumes = reader.table.volumes

    assert [one.layers for one in volumes] == [(), ("bde",), ("bde", "vss.1")]
