"""BitLocker: a volume written by hand from the format opens with each kind of key, and damage shows through."""

from pathlib import Path

import pytest

from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Run
from sakshya.evidence.containers.raw import open_raw
from sakshya.evidence.filesystems.signatures import identify
from sakshya.evidence.layers.layer import Layer
from sakshya.evidence.layers.open import open_layers
from sakshya.evidence.volumes import reader_at
from tests.support.bitlocker_writer import bitlocker
from tests.support.exhibits import run_tool

RECOVERY = "000011-720885-121242-000000-000022-000033-000044-000055"


def _plain(folder: Path) -> bytes:
    path = folder / "ntfs.img"
    path.write_bytes(bytes(8 << 20))
    run_tool("mkfs.ntfs", "-Q", "-F", "-q", "-s", "512", "-p", "0", "-H", "0", "-S", "0", str(path))
    whole = bytearray(path.read_bytes())
    whole[6 << 20 : 7 << 20] = bytes(range(256)) * 4096
    return bytes(whole)


def _open(folder: Path, disk: bytes, *keys: str) -> Layer:
    path = folder / "bitlocker.img"
    path.write_bytes(disk)
    (layer,) = open_layers("BitLocker", open_raw([path]), 0, len(disk), keys)
    return layer


@pytest.mark.parametrize(
    ("secret", "keys"),
    [(None, ()), ("पासवर्ड 1", (RECOVERY, "पासवर्ड 1")), (RECOVERY, (RECOVERY.replace("-", ""),))],
)
def test_each_kind_of_key_opens_its_volume(tmp_path: Path, secret: str | None, keys: tuple[str, ...]) -> None:
    plain = _plain(tmp_path)

    layer = _open(tmp_path, bitlocker(plain, secret, recovery=secret == RECOVERY), *keys)

    assert (layer.token, layer.container.size) == ("bde", len(plain))
    found = identify(reader_at(layer.container, 0))
    assert found is not None
    assert found.name == "NTFS"
    assert layer.container.read_at(0, 1 << 20) == plain[: 1 << 20]
    assert layer.container.read_at(6 << 20, 2 << 20) == plain[6 << 20 :]


def test_keys_that_do_not_fit_and_keys_of_the_other_kind_leave_it_encrypted(tmp_path: Path) -> None:
    disk = bitlocker(_plain(tmp_path), RECOVERY, recovery=True)

    with pytest.raises(EvidenceFault, match=r"^encrypted: BitLocker: no key was supplied"):
        _open(tmp_path, disk)
    with pytest.raises(EvidenceFault, match=r"^encrypted: BitLocker: none of the 3 supplied keys opens it; "):
        _open(tmp_path, disk, "password", "\udcff", RECOVERY.replace("000011", "000022"))


def test_what_is_cut_off_raises_and_is_never_zeros(tmp_path: Path) -> None:
    plain = _plain(tmp_path)
    path = tmp_path / "short.img"
    path.write_bytes(bitlocker(plain, None)[: (6 << 20) + 4096])
    (layer,) = open_layers("BitLocker", open_raw([path]), 0, len(plain), ())

    with pytest.raises(EvidenceFault, match="beyond the end of the exhibit"):
        layer.container.read_at((6 << 20) + 4000, 200)
    data, damage = layer.container.read_around_damage((6 << 20) + 3584, 1024)
    assert data == plain[(6 << 20) + 3584 : (6 << 20) + 4096] + bytes(512)
    assert [one.run for one in damage] == [Run((6 << 20) + 4096, 512)]
