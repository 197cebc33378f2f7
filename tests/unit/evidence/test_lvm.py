"""LVM2: logical volumes as one physical volume shows them."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakshya.domain.faults import EvidenceFault
from sakshya.evidence.containers.container import Container
from sakshya.evidence.containers.raw import open_raw
from sakshya.evidence.file_object import FileObject
from sakshya.evidence.layers.layer import Layer
from sakshya.evidence.layers.lvm import volumes_of
from sakshya.evidence.layers.lvm_text import parse_lvm_text
from sakshya.evidence.layers.open import open_layers
from sakshya.evidence.layers.window import Window
from tests.support.lvm_writer import EXTENT, FIRST, group, identifier, logical_volume, physical_volume, segment

EXTENTS = random.Random(7).randbytes(32 * EXTENT)
ROOT = logical_volume("root", "r", segment(0, 4, ("pv0", 8)), segment(4, 2, ("pv0", 2)))


def _container(folder: Path, disk: bytes, *, before: int = 0) -> Container:
    path = folder / "disk.dd"
    path.write_bytes(bytes(before) + disk)
    return open_raw([path])


def _layers(folder: Path, disk: bytes, *, before: int = 0) -> list[Layer]:
    container = _container(folder, disk, before=before)
    return open_layers("LVM", container, before, len(disk), ())


def _extents(first: int, count: int) -> bytes:
    return EXTENTS[first * EXTENT : (first + count) * EXTENT]


def test_segments_are_joined_in_the_logical_volumes_order(tmp_path: Path) -> None:
    (layer,) = _layers(tmp_path, physical_volume(group(ROOT), EXTENTS), before=4096)

    assert (layer.token, layer.name, layer.container.size) == ("lvm.0", "logical volume vg0/root", 6 * EXTENT)
    assert layer.container.read_at(0, layer.container.size) == _extents(8, 4) + _extents(2, 2)
    assert layer.runs == (
        (0, 4096 + FIRST + 8 * EXTENT, 4 * EXTENT),
        (4 * EXTENT, 4096 + FIRST + 2 * EXTENT, 2 * EXTENT),
    )


def test_an_independent_reader_finds_the_same_bytes(tmp_path: Path) -> None:
    pyvslvm = pytest.importorskip("pyvslvm")
    # That reader refuses a logical volume of two segments on one disk, so it is shown one segment.
    plain = logical_volume("root", "r", segment(0, 6, ("pv0", 8)))
    disk = physical_volume(group(plain, volumes="a", extents=32), EXTENTS)
    (layer,) = _layers(tmp_path, disk)

    source = FileObject(lambda at, length: disk[at : at + length], len(disk))
    handle = pyvslvm.handle()
    handle.open_file_object(source)
    handle.open_physical_volume_files_as_file_objects([source])
    other = handle.get_volume_group().get_logical_volume(0)

    assert (other.name, other.size) == ("root", layer.container.size)
    assert other.read_buffer_at_offset(other.size, 0) == layer.container.read_at(0, layer.container.size)


def test_the_metadata_text_may_wrap_in_its_ring(tmp_path: Path) -> None:
    disk = physical_volume(group(ROOT), EXTENTS, ring_at=FIRST - 4096 - 512)

    assert [layer.name for layer in _layers(tmp_path, disk)] == ["logical volume vg0/root"]


def test_stripes_on_the_same_disk_are_interleaved(tmp_path: Path) -> None:
    striped = logical_volume("fast", "f", segment(0, 4, ("pv0", 0), ("pv0", 10), unit=4))
    (layer,) = _layers(tmp_path, physical_volume(group(striped), EXTENTS))

    unit = 4 * 512
    left, right = _extents(0, 2), _extents(10, 2)
    expected = b"".join(left[at : at + unit] + right[at : at + unit] for at in range(0, 2 * EXTENT, unit))
    assert layer.container.read_at(0, 4 * EXTENT) == expected
    assert layer.runs == ()


def test_extents_on_a_disk_that_is_not_there_raise_and_are_named(tmp_path: Path) -> None:
    both = logical_volume("both", "b", segment(0, 2, ("pv0", 0)), segment(2, 2, ("pv1", 0)))
    (layer,) = _layers(tmp_path, physical_volume(group(both), EXTENTS))

    assert (
        layer.name == f"logical volume vg0/both (missing segment: {2 * EXTENT} bytes lie on physical volumes "
        "that are not there)"
    )
    assert layer.container.read_at(0, 2 * EXTENT) == _extents(0, 2)
    with pytest.raises(EvidenceFault, match="missing segment: lies on a physical volume that is not there"):
        layer.container.read_at(2 * EXTENT - 1, 2)
    _, damage = layer.container.read_around_damage(0, 4 * EXTENT)
    assert [(one.run.offset, one.run.length) for one in damage] == [(2 * EXTENT, 2 * EXTENT)]


def test_a_thin_volume_is_listed_as_not_supported(tmp_path: Path) -> None:
    thin = logical_volume("thin", "t", 'start_extent = 0\nextent_count = 4\n\ntype = "thin"\nthin_pool = "pool"')
    (layer,) = _layers(tmp_path, physical_volume(group(thin), EXTENTS))

    assert "type 'thin' is not supported" in layer.name
    with pytest.raises(EvidenceFault, match="unsupported format"):
        layer.container.read_at(0, 1)


def test_a_physical_volume_cut_short_raises_behind_its_end(tmp_path: Path) -> None:
    disk = physical_volume(group(ROOT), EXTENTS)
    container = _container(tmp_path, disk[: FIRST + 9 * EXTENT])
    (layer,) = open_layers("LVM", container, 0, len(disk), ())

    assert layer.container.read_at(0, EXTENT) == _extents(8, 1)
    with pytest.raises(EvidenceFault, match="beyond the end"):
        layer.container.read_at(EXTENT, 1)


@pytest.mark.parametrize("at", [512 + 20, 512 + 40, 4096 + 6, 4096 + 48, 4096 + 600])
def test_a_flipped_byte_in_label_or_metadata_is_an_evidence_fault(tmp_path: Path, at: int) -> None:
    disk = bytearray(physical_volume(group(ROOT), EXTENTS))
    disk[at] ^= 0x55

    with pytest.raises(EvidenceFault, match="metadata not readable: LVM"):
        _layers(tmp_path, bytes(disk))


def test_logical_volumes_that_overlap_themselves_are_refused(tmp_path: Path) -> None:
    twice = logical_volume("twice", "t", segment(0, 4, ("pv0", 0)), segment(2, 4, ("pv0", 8)))
    (layer,) = _layers(tmp_path, physical_volume(group(twice), EXTENTS))

    assert layer.container.size == 0
    assert "overlap" in layer.name


_PIECES = ["{", "}", "[", "]", "=", ",", '"', "#", "\\", "\n", "segment1", "extent_size", "-1", "9" * 25, "1.5", " "]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=60).map("".join) | st.text(max_size=80), st.integers(0, 1200))
def test_no_metadata_text_brings_anything_but_a_fault(noise: str, at: int) -> None:
    whole = group(ROOT)
    window = Window(None, 0, 1 << 30)  # type: ignore[arg-type]
    try:
        root = parse_lvm_text(whole[:at] + noise + whole[at + len(noise) :])
        for item in root.sections.items():
            for layer in volumes_of(window, 0, item, identifier("a")):
                assert 0 <= layer.container.size < 1 << 63
    except EvidenceFault:
        pass
