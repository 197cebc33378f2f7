"""Raw and split raw exhibits, and what is refused."""

import gzip
from pathlib import Path

import pytest

from sakshya.domain.faults import EvidenceFault, OperatorFault, SakshyaFault
from sakshya.evidence.containers import open_container

DATA = bytes(range(256)) * 16


def _split(folder: Path, names: list[str], part: int) -> Path:
    for number, name in enumerate(names):
        (folder / name).write_bytes(DATA[number * part : (number + 1) * part])
    return folder / names[0]


@pytest.mark.parametrize(
    "names",
    [
        ["d.000", "d.001", "d.002", "d.003"],
        ["d.001", "d.002", "d.003", "d.004"],
        ["d.00", "d.01", "d.02", "d.03"],
        ["d.dd.aa", "d.dd.ab", "d.dd.ac", "d.dd.ad"],
        ["xaa", "xab", "xac", "xad"],
        ["x00", "x01", "x02", "x03"],
        ["d.1", "d.2", "d.3", "d.4"],
        ["d.a", "d.b", "d.c", "d.d"],
        ["d.A", "d.B", "d.C", "d.D"],
        ["d.aaa", "d.aab", "d.aac", "d.aad"],
        ["d_aa", "d_ab", "d_ac", "d_ad"],
        ["d.r01", "d.r02", "d.r03", "d.r04"],
        ["d.r00", "d.r01", "d.r02", "d.r03"],
        ["d.part1", "d.part2", "d.part3", "d.part4"],
        ["d.dd.001", "d.dd.002", "d.dd.003", "d.dd.004"],
    ],
)
def test_the_first_segment_of_a_split_exhibit_is_enough(tmp_path: Path, names: list[str]) -> None:
    container = open_container([str(_split(tmp_path, names, 1024))])

    assert container.read_at(0, container.size) == DATA
    assert container.read_at(1020, 8) == DATA[1020:1028]
    assert [Path(one).name for one in container.facts.segments] == names
    assert container.facts.format == "split raw"


def test_a_missing_middle_segment_is_a_fault_that_names_it(tmp_path: Path) -> None:
    first = _split(tmp_path, ["d.001", "d.002", "d.003", "d.004"], 1024)
    (tmp_path / "d.003").unlink()

    with pytest.raises(EvidenceFault, match=r"segment 3 of the split exhibit is missing.*d\.004"):
        open_container([str(first)])


def test_a_short_middle_segment_is_a_fault(tmp_path: Path) -> None:
    first = _split(tmp_path, ["d.001", "d.002", "d.003", "d.004"], 1024)
    (tmp_path / "d.002").write_bytes(b"short")

    with pytest.raises(EvidenceFault, match="segment 2 is 5 bytes long"):
        open_container([str(first)])


def test_another_segment_than_the_first_is_a_fault_that_names_the_first(tmp_path: Path) -> None:
    _split(tmp_path, ["d.000", "d.001", "d.002", "d.003"], 1024)

    with pytest.raises(EvidenceFault, match=r"name the first one, d\.000"):
        open_container([str(tmp_path / "d.002")])


def test_an_ordinary_name_that_ends_in_digits_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "disk.2024").write_bytes(DATA)
    (tmp_path / "notes.aa").write_bytes(DATA)

    assert open_container([str(tmp_path / "disk.2024")]).facts.format == "raw"
    assert open_container([str(tmp_path / "notes.aa")]).facts.format == "raw"


@pytest.mark.parametrize(
    ("head", "named"),
    [
        (b"KDMV" + bytes(600), "VMDK"),
        (b"QFI\xfb" + bytes(600), "QCOW"),
        (b"vhdxfile" + bytes(600), "VHDX"),
        (bytes(1024) + b"conectix" + bytes(504), "VHD"),
        (b"AFF10\r\n\0" + bytes(600), "AFF"),
        (gzip.compress(b"no archive", mtime=0), "gzip"),
        (b"encrcdsa" + bytes(600), "encrypted Apple"),
        (b"WithoutFreeSpace" + bytes(600), "Parallels"),
        (b"ADSEGMENTEDFILE\0" + bytes(600), "AD1"),
        (b"MSWIM\0\0\0" + bytes(600), "WIM"),
        (b"LVF\x09\x0d\x0a\xff\x00" + bytes(600), "L01"),
    ],
)
def test_other_formats_are_named_and_never_read_as_raw(tmp_path: Path, head: bytes, named: str) -> None:
    path = tmp_path / "disk.dd"
    path.write_bytes(head)

    with pytest.raises(EvidenceFault, match=named):
        open_container([str(path)])


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda path: None, OperatorFault),
        (lambda path: path.mkdir(), OperatorFault),
        (lambda path: path.write_bytes(b""), EvidenceFault),
    ],
)
def test_what_is_no_readable_file_is_one_clear_line(tmp_path: Path, make: object, fault: type[SakshyaFault]) -> None:
    path = tmp_path / "thing.dd"
    make(path)  # type: ignore[operator]

    with pytest.raises(fault) as raised:
        open_container([str(path)])

    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_shrinks_while_open_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "disk.dd"
    path.write_bytes(DATA)
    container = open_container([str(path)])

    path.write_bytes(DATA[:1024])

    assert container.read_at(0, 1024) == DATA[:1024]
    with pytest.raises(EvidenceFault, match="became shorter"):
        container.read_at(1000, 100)
