"""E01 exhibits: whole, many-segmented, damaged and cut."""

import random
import shutil
from pathlib import Path

import pytest

from sakshya.domain.faults import EvidenceFault
from sakshya.evidence.containers import Container, open_container
from tests.support.ewf_writer import CHUNK, EwfShape, write_ewf

DATA = random.Random(5).randbytes(30 * CHUNK + 1536)


def _all(container: Container) -> bytes:
    return container.read_at(0, container.size)


def _first(paths: list[Path]) -> Container:
    return open_container([str(paths[0])])


@pytest.mark.parametrize("compress", ["all", "none", "mixed"])
def test_every_byte_comes_back(tmp_path: Path, compress: str) -> None:
    paths = write_ewf(tmp_path / "disk", DATA, EwfShape(compress=compress))

    container = _first(paths)

    assert _all(container) == DATA
    assert container.read_at(CHUNK - 3, 7) == DATA[CHUNK - 3 : CHUNK + 4]
    assert container.read_at(len(DATA) - 2, 100) == DATA[-2:]


def test_the_header_and_the_stored_digests_are_told(tmp_path: Path) -> None:
    facts = _first(write_ewf(tmp_path / "disk", DATA, EwfShape(bad_sectors=((7, 2),)))).facts

    values = dict(facts.acquisition)
    assert values["case number"] == "case 7"
    assert values["examiner"] == "R. Iyer"
    assert values["acquisition date"] == "2023-11-14T22:13:20Z"
    assert {one.algorithm for one in facts.stored} == {"md5", "sha1"}
    assert facts.problems == ("the acquiring tool could not read 2 sectors, the first at 7",)


def test_the_first_of_many_segments_is_enough(tmp_path: Path) -> None:
    data = DATA[: CHUNK // 64] * 130 * 64
    paths = write_ewf(tmp_path / "disk", data, EwfShape(per_segment=1, per_table=1))

    container = _first(paths)

    assert paths[98].name == "disk.E99"
    assert paths[99].name == "disk.EAA"
    assert len(container.facts.segments) == 130
    assert _all(container) == data


def test_segments_given_in_any_order_are_put_in_theirs(tmp_path: Path) -> None:
    paths = write_ewf(tmp_path / "disk", DATA, EwfShape(per_segment=10))

    container = open_container([str(path) for path in reversed(paths)])

    assert _all(container) == DATA


def test_another_segment_than_the_first_is_refused(tmp_path: Path) -> None:
    paths = write_ewf(tmp_path / "disk", DATA, EwfShape(per_segment=10))

    with pytest.raises(EvidenceFault, match="not the first segment"):
        open_container([str(paths[1])])


@pytest.mark.parametrize("lost", [1, 2])
def test_a_missing_segment_costs_its_own_bytes_and_no_others(tmp_path: Path, lost: int) -> None:
    paths = write_ewf(tmp_path / "disk", DATA, EwfShape(per_segment=10))
    paths[lost].unlink()

    container = _first(paths)
    data, damage = container.read_around_damage(0, container.size)

    assert any("missing" in problem for problem in container.facts.problems)
    expected = range(lost * 10, lost * 10 + 10)
    assert [(one.run.offset, one.run.length) for one in damage] == [(lost * 10 * CHUNK, 10 * CHUNK)]
    assert damage[0].reason.startswith(f"missing segment: chunks {lost * 10} to {lost * 10 + 9} are not there")
    kept = next(number for number in range(31) if number not in expected)
    assert data[kept * CHUNK : kept * CHUNK + CHUNK] == DATA[kept * CHUNK : kept * CHUNK + CHUNK]
    with pytest.raises(EvidenceFault, match="missing segment") as raised:
        container.read_at(lost * 10 * CHUNK + 5, 1)
    assert raised.value.reason == "missing segment"


def test_a_cut_segment_opens_as_far_as_its_tables_go(tmp_path: Path) -> None:
    paths = write_ewf(tmp_path / "disk", DATA, EwfShape(per_table=4))
    raw = paths[0].read_bytes()
    paths[0].write_bytes(raw[: len(raw) * 2 // 3])

    container = _first(paths)
    _, damage = container.read_around_damage(0, container.size)

    assert container.read_at(0, 4 * CHUNK) == DATA[: 4 * CHUNK]
    assert any("cut short" in problem for problem in container.facts.problems)
    assert damage


@pytest.mark.parametrize("compress", ["all", "none"])
def test_one_flipped_byte_is_found_and_costs_one_chunk(tmp_path: Path, compress: str) -> None:
    paths = write_ewf(tmp_path / "disk", DATA, EwfShape(compress=compress))
    raw = bytearray(paths[0].read_bytes())
    at = raw.index(b"sectors") + 76 + 3 * CHUNK
    raw[at] ^= 0x10
    paths[0].write_bytes(raw)

    container = _first(paths)
    _, damage = container.read_around_damage(0, container.size)

    assert len(damage) == 1
    assert damage[0].run.length == CHUNK
    assert damage[0].reason.startswith("damaged chunk")
    with pytest.raises(EvidenceFault) as raised:
        container.read_at(damage[0].run.offset, 1)
    assert raised.value.reason == "damaged chunk"
    assert container.damage == damage


def test_a_damaged_table_is_read_from_its_copy(tmp_path: Path) -> None:
    paths = write_ewf(tmp_path / "disk", DATA)
    raw = bytearray(paths[0].read_bytes())
    raw[raw.index(b"table\0") + 76 + 24 + 5] ^= 0xFF
    paths[0].write_bytes(raw)

    assert _all(_first(paths)) == DATA


def test_a_damaged_table_without_copy_is_damage_and_not_data(tmp_path: Path) -> None:
    paths = write_ewf(tmp_path / "disk", DATA, EwfShape(with_table2=False))
    raw = bytearray(paths[0].read_bytes())
    raw[raw.index(b"table\0") + 76 + 24 + 5] ^= 0xFF
    paths[0].write_bytes(raw)

    container = _first(paths)

    with pytest.raises(EvidenceFault, match="damaged chunk"):
        container.read_at(0, 1)
    assert container.read_at(8 * CHUNK, 10) == DATA[8 * CHUNK : 8 * CHUNK + 10]


def test_a_file_that_is_no_ewf_is_not_read_as_raw_for_its_name(tmp_path: Path) -> None:
    path = tmp_path / "disk.E01"
    path.write_bytes(DATA[:4096])

    with pytest.raises(EvidenceFault, match="without its signature"):
        open_container([str(path)])


def test_the_reference_writer_and_reader_agree(tmp_path: Path) -> None:
    if shutil.which("ewfverify") is None:
        pytest.skip("ewfverify is absent")
    import subprocess

    paths = write_ewf(tmp_path / "disk", DATA, EwfShape(per_segment=10, compress="all"))

    done = subprocess.run(["ewfverify", "-q", str(paths[0])], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
