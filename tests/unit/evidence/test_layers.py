"""Volumes in volumes, from the exhibit's bytes to the files in the innermost one."""

from dataclasses import replace
from pathlib import Path

import pytest

from sakshya.domain.entry import Entry
from sakshya.domain.exhibit import ContainerFacts, Damage, Exhibit
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Locator, Run
from sakshya.domain.unexamined import Reason, Unexamined
from sakshya.evidence.containers.raw import open_raw
from sakshya.evidence.layers.bitlocker import recovery_key
from sakshya.evidence.layers.libyal import LibraryVolume
from sakshya.evidence.layers.open import open_layers, shadow_copies
from sakshya.evidence.layers.window import Window
from sakshya.evidence.tree import ExhibitReader
from tests.support.exhibits import by_path, raw_exhibit, run_tool
from tests.support.luks_maker import PASSPHRASE, luks2
from tests.support.lvm_writer import EXTENT, group, logical_volume, physical_volume, segment


def _folder(folder: Path, name: str, content: bytes) -> Path:
    source = folder / f"source {name}"
    source.mkdir()
    (source / name).write_bytes(content)
    return source


def _ext2(folder: Path, name: str, content: bytes, size: str) -> bytes:
    path = folder / f"{name}.ext2"
    few = ("-N", "16", "-m", "0", "-O", "none,filetype")
    run_tool("mkfs.ext2", "-q", "-b", "1024", *few, "-d", str(_folder(folder, name, content)), str(path), size)
    return path.read_bytes()


def _lvm_in_luks(folder: Path) -> Exhibit:
    extents = _ext2(folder, "a.txt", b"kept" * 700, "1M")
    count = len(extents) // EXTENT
    # The halves lie the other way round on the disk than in the logical volume.
    half = count // 2
    root = logical_volume("root", "r", segment(0, half, ("pv0", half)), segment(half, count - half, ("pv0", 0)))
    swapped = extents[half * EXTENT :] + extents[: half * EXTENT]
    path = luks2(folder, physical_volume(group(root), swapped), "--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000")
    return raw_exhibit(folder, path.read_bytes())


def test_a_file_on_lvm_in_luks_is_found_and_found_again_by_its_locator(tmp_path: Path) -> None:
    exhibit = replace(_lvm_in_luks(tmp_path), keys=(PASSPHRASE,))
    with ExhibitReader(exhibit) as reader:
        entry = by_path(list(reader.walk()))["/a.txt"]
    assert entry.locator.layers == ("luks", "lvm.0")

    with ExhibitReader(exhibit) as reader:
        assert b"".join(reader.source(Locator.parse(str(entry.locator))).chunks()) == b"kept" * 700


def test_a_locked_volume_is_listed_as_encrypted_and_never_empty(tmp_path: Path) -> None:
    with ExhibitReader(_lvm_in_luks(tmp_path)) as reader:
        found = [one for one in reader.walk() if isinstance(one, Unexamined)]

    assert [one.reason for one in found if one.of == "volume"] == [Reason.ENCRYPTED]


def test_two_file_systems_in_one_volume_are_both_read(tmp_path: Path) -> None:
    first = _ext2(tmp_path, "first.txt", b"ext2", "1M")
    iso = tmp_path / "second.iso"
    run_tool("genisoimage", "-quiet", "-R", "-o", str(iso), str(_folder(tmp_path, "SECOND.TXT", b"iso")))
    disk = bytearray(first)
    # ISO 9660 leaves its first 32 KiB alone, and this ext2 volume fits there.
    disk[1 << 15 : iso.stat().st_size] = iso.read_bytes()[1 << 15 :]

    with ExhibitReader(raw_exhibit(tmp_path, bytes(disk))) as reader:
        volumes = reader.table.volumes
        found = {one.locator.path: one for one in reader.walk() if isinstance(one, Entry) and one.size in (3, 4)}
        contents = {path: b"".join(reader.source(entry.locator).chunks()) for path, entry in found.items()}

    assert [(one.filesystem, one.layers) for one in volumes] == [("ext2", ()), ("ISO 9660", ("as.1",))]
    assert volumes[0].problem == "ext2 and ISO 9660 both claim this volume"
    assert contents == {"/first.txt": b"ext2", "/SECOND.TXT": b"iso"}


class _Pretended:
    """A disk library's volume that reads its parent, and passes on zeros when that fails."""

    def __init__(self, window: Window, *, swallows: bool) -> None:
        self._window = window
        self._swallows = swallows

    def read_buffer_at_offset(self, size: int, offset: int) -> bytes:
        try:
            return self._window.read(offset, size)
        except EvidenceFault as fault:
            if self._swallows:
                return bytes(size)
            raise OSError("libx_read: unable to read. libx_file_read: cannot read") from fault


@pytest.mark.parametrize("swallows", [False, True])
def test_damage_below_a_library_is_damage_above_whatever_the_library_does(tmp_path: Path, swallows: bool) -> None:
    path = tmp_path / "short.dd"
    path.write_bytes(b"x" * 8192)
    window = Window(open_raw([path]), 0, 16384)
    volume = LibraryVolume(_Pretended(window, swallows=swallows), window, ContainerFacts("x", 16384, 512, ()))

    assert volume.read_at(0, 8192) == b"x" * 8192
    with pytest.raises(EvidenceFault, match="beyond the end of the exhibit"):
        volume.read_at(8000, 500)
    data, damage = volume.read_around_damage(7680, 1024)
    assert data == b"x" * 512 + bytes(512)
    assert [one.run for one in damage] == [Run(8192, 512)]
    assert all(isinstance(one, Damage) for one in damage)


@pytest.mark.parametrize("name", ["LUKS", "BitLocker", "LVM", "Apple Core Storage"])
@pytest.mark.parametrize("mark", [b"", b"\xeb\x58\x90-FVE-FS-", b"LUKS\xba\xbe\x00\x02", b"LUKS\xba\xbe\x00\x01"])
def test_a_volume_with_nothing_behind_its_mark_is_a_fault_with_advice(tmp_path: Path, name: str, mark: bytes) -> None:
    path = tmp_path / "bare.dd"
    path.write_bytes(mark.ljust(1 << 20, b"\0"))
    container = open_raw([path])

    with pytest.raises(EvidenceFault, match=r"metadata not readable|declared size") as caught:
        open_layers(name, container, 0, container.size, ("123456",))
    assert caught.value.advice


def test_a_volume_without_shadow_copies_has_none_and_a_broken_list_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "ntfs.dd"
    path.write_bytes(bytes(1 << 20))
    assert shadow_copies(open_raw([path]), 0, 1 << 20) == []

    raw = bytearray(1 << 20)
    raw[0x1E00:0x1E10] = bytes.fromhex("6b87083876c1484eb7ae04046e6cc752")
    raw[0x1E10:0x1E20] = b"\xff" * 16
    path.write_bytes(raw)
    with pytest.raises(EvidenceFault, match="metadata not readable: volume shadow copies"):
        shadow_copies(open_raw([path]), 0, 1 << 20)


def test_a_recovery_key_is_told_from_a_password_and_from_a_slip_of_the_pen() -> None:
    key = "-".join(["000011", "720885", "121242", "000000", "000022", "000033", "000044", "000055"])

    assert recovery_key(key) == key
    assert recovery_key(key.replace("-", " ")) == key
    assert recovery_key(key.replace("000011", "000012")) is None
    assert recovery_key("correct horse") is None
