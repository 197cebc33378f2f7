"""Every kind of virtual disk that can be made here holds the same bytes as the raw disk it was made from."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sakshya.domain.faults import EvidenceFault
from sakshya.evidence.containers import open_container

needs_qemu = pytest.mark.skipif(shutil.which("qemu-img") is None, reason="qemu-img is not installed")
SECTOR = 512
_KINDS = {
    "sparse.vmdk": ("vmdk", "subformat=monolithicSparse"),
    "flat.vmdk": ("vmdk", "subformat=monolithicFlat"),
    "split-sparse.vmdk": ("vmdk", "subformat=twoGbMaxExtentSparse"),
    "split-flat.vmdk": ("vmdk", "subformat=twoGbMaxExtentFlat"),
    "stream.vmdk": ("vmdk", "subformat=streamOptimized"),
    "dynamic.vhd": ("vpc", "subformat=dynamic,force_size"),
    "fixed.vhd": ("vpc", "subformat=fixed,force_size"),
    "dynamic.vhdx": ("vhdx", "subformat=dynamic"),
    "fixed.vhdx": ("vhdx", "subformat=fixed"),
    "plain.qcow2": ("qcow2", "cluster_size=4096"),
    "old.qcow": ("qcow", ""),
    "growing.vdi": ("vdi", ""),
    "fixed.vdi": ("vdi", "static=on"),
}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A disk of noise and zeros by turns."""
    rng, path = Random(3), tmp_path_factory.mktemp("raw") / "raw.dd"
    path.write_bytes(b"".join(bytes(1 << 18) if n % 3 == 0 else rng.randbytes(1 << 18) for n in range(24)))
    return path


@needs_qemu
@pytest.mark.parametrize("name", _KINDS)
def test_a_virtual_disk_gives_the_bytes_of_the_disk_it_was_made_from(raw: Path, tmp_path: Path, name: str) -> None:
    kind, options = _KINDS[name]
    disk = convert(raw, tmp_path / name, kind, *(["-o", options] if options else []))

    assert digest(disk) == hashlib.sha256(raw.read_bytes()).hexdigest()


@needs_qemu
@pytest.mark.parametrize("options", [("-c",), ("-c", "-o", "compression_type=zstd")])
def test_a_compressed_qcow2_is_read(raw: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    disk = convert(raw, tmp_path / "small.qcow2", "qcow2", *options)

    assert digest(disk) == hashlib.sha256(raw.read_bytes()).hexdigest()


@needs_qemu
@pytest.mark.parametrize("below", ["qcow2", "raw"])
def test_a_qcow2_reads_on_in_the_disk_it_builds_on_and_names_it_when_it_is_gone(
    raw: Path, tmp_path: Path, below: str
) -> None:
    base = convert(raw, tmp_path / "base.disk", below)
    top = tmp_path / "top.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-b", base.name, "-F", below, str(top)], check=True)

    assert digest(top) == hashlib.sha256(raw.read_bytes()).hexdigest()

    base.unlink()
    with pytest.raises(EvidenceFault, match=r"base\.disk"):
        open_container([str(top)])


@needs_qemu
def test_a_lost_part_of_a_split_disk_is_named(raw: Path, tmp_path: Path) -> None:
    disk = convert(raw, tmp_path / "flat.vmdk", "vmdk", "-o", "subformat=monolithicFlat")
    (tmp_path / "flat-flat.vmdk").unlink()

    with pytest.raises(EvidenceFault, match=r"flat-flat\.vmdk"):
        open_container([str(disk)])


@needs_qemu
@pytest.mark.parametrize("name", ["sparse.vmdk", "dynamic.vhd", "dynamic.vhdx", "plain.qcow2", "growing.vdi"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.integers(0, 2047), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_header_with_other_bytes_opens_or_is_refused_in_one_line(
    raw: Path, tmp_path: Path, name: str, changes: list[tuple[int, int]]
) -> None:
    disk = tmp_path / name
    if not disk.exists():
        kind, options = _KINDS[name]
        convert(raw, disk, kind, *(["-o", options] if options else []))
    data = bytearray(disk.read_bytes())
    for at, value in changes:
        data[at] = value
    broken = tmp_path / f"broken-{name}"
    broken.write_bytes(data)

    try:
        container = open_container([str(broken)])
    except EvidenceFault:
        return
    for offset in (0, container.size // 2, max(0, container.size - 4096)):
        container.read_around_damage(offset, 4096)
    container.close()


def convert(raw: Path, target: Path, kind: str, *options: str) -> Path:
    command = ["qemu-img", "convert", "-f", "raw", "-O", kind, *options, str(raw), str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target


def digest(path: Path) -> str:
    container, whole = open_container([str(path)]), hashlib.sha256()
    for offset in range(0, container.size, 1 << 20):
        whole.update(container.read_at(offset, 1 << 20))
    container.close()
    return whole.hexdigest()


@needs_qemu
@pytest.mark.parametrize("name", _KINDS)
@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_a_disk_that_is_cut_short_never_gives_wrong_bytes_in_silence(
    raw: Path, tmp_path: Path, name: str, kept: float
) -> None:
    kind, options = _KINDS[name]
    disk = convert(raw, tmp_path / name, kind, *(["-o", options] if options else []))
    largest = max(tmp_path.iterdir(), key=lambda path: path.stat().st_size)
    largest.write_bytes(largest.read_bytes()[: int(largest.stat().st_size * kept) // SECTOR * SECTOR])

    try:
        container = open_container([str(disk)])
    except EvidenceFault:
        return
    found, met = container.read_around_damage(0, container.size)
    container.close()
    lost = [(one.run.offset, one.run.offset + one.run.length) for one in met]
    there = raw.read_bytes()
    wrong = [at for at in range(0, len(found), SECTOR) if found[at : at + SECTOR] != there[at : at + SECTOR]]
    assert [at for at in wrong if not any(start <= at < end for start, end in lost)] == []


@pytest.mark.skipif(shutil.which("ewfacquire") is None, reason="ewfacquire is not installed")
def test_a_smart_exhibit_in_several_segments_gives_the_bytes_it_was_made_from(raw: Path, tmp_path: Path) -> None:
    command = ["ewfacquire", "-u", "-f", "smart", "-c", "fast", "-S", "1500000", "-t", str(tmp_path / "disk"), str(raw)]
    subprocess.run(command, check=True, capture_output=True)

    with open_container([str(tmp_path / "disk.s01")]) as container:  # type: ignore[attr-defined]
        assert container.facts.format == "S01"
        assert len(container.facts.segments) > 1
    assert digest(tmp_path / "disk.s01") == hashlib.sha256(raw.read_bytes()).hexdigest()


@needs_qemu
def test_a_disk_that_builds_on_itself_is_refused(raw: Path, tmp_path: Path) -> None:
    low, top = tmp_path / "low.qcow2", tmp_path / "top.qcow2"
    convert(raw, low, "qcow2")
    for path, below in ((top, low), (low, top)):
        subprocess.run(
            ["qemu-img", "create", "-q", "-u", "-f", "qcow2", "-b", below.name, "-F", "qcow2", str(path), "6M"],
            check=True,
        )

    with pytest.raises(EvidenceFault, match="builds on itself"):
        open_container([str(top)])


@needs_qemu
def test_a_vmdk_of_changes_reads_on_in_its_base_and_refuses_another_one(raw: Path, tmp_path: Path) -> None:
    base, top = convert(raw, tmp_path / "base.vmdk", "vmdk"), tmp_path / "top.vmdk"
    subprocess.run(["qemu-img", "create", "-q", "-f", "vmdk", "-b", base.name, "-F", "vmdk", str(top)], check=True)

    assert digest(top) == hashlib.sha256(raw.read_bytes()).hexdigest()

    data = bytearray(base.read_bytes())
    stated = re.search(rb"\bCID=([0-9a-f]+)", data)
    assert stated is not None
    # As many digits as stand there: leading zeros are not written.
    other = b"1" if stated[1][:1] != b"1" else b"2"
    data[stated.start(1) : stated.start(1) + 1] = other
    base.write_bytes(data)
    with pytest.raises(EvidenceFault, match="identifier"):
        open_container([str(top)])


@needs_qemu
def test_a_vhd_of_changes_reads_on_in_its_base_and_names_it_when_it_is_gone(raw: Path, tmp_path: Path) -> None:
    base, top = convert(raw, tmp_path / "base.vhd", "vpc", "-o", "subformat=dynamic,force_size"), tmp_path / "top.vhd"
    size = str(raw.stat().st_size)
    subprocess.run(["qemu-img", "create", "-q", "-f", "vpc", "-o", "force_size", str(top), size], check=True)
    build_on(top, base)

    assert digest(top) == hashlib.sha256(raw.read_bytes()).hexdigest()

    base.unlink()
    with pytest.raises(EvidenceFault, match=r"base\.vhd"):
        open_container([str(top)])


def build_on(top: Path, base: Path) -> None:
    """Make an empty growing VHD one that holds only changes to another."""
    data = bytearray(top.read_bytes())
    for footer in (0, len(data) - 512):
        data[footer + 60 : footer + 64] = (4).to_bytes(4, "big")
        checksum(data, footer, 512, footer + 64)
    data[512 + 40 : 512 + 56] = base.read_bytes()[68:84]
    data[512 + 64 : 512 + 576] = base.name.encode("utf-16-be").ljust(512, b"\0")
    checksum(data, 512, 1024, 512 + 36)
    top.write_bytes(data)


def checksum(data: bytearray, start: int, length: int, place: int) -> None:
    data[place : place + 4] = bytes(4)
    data[place : place + 4] = (~sum(data[start : start + length]) & 0xFFFFFFFF).to_bytes(4, "big")
