"""AFF4 volumes, made by hand: their bytes, what nobody acquired, and what hostile ones may do."""

import contextlib
import hashlib
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sakshya.domain.exhibit import StatedDigest
from sakshya.domain.faults import EvidenceFault
from sakshya.evidence.containers import open_container
from sakshya.evidence.containers.turtle import parse
from tests.support.aff4_writer import CHUNK, METHODS, write_aff4

_RNG = Random(9)
DISK = b"".join(
    bytes(CHUNK) if n % 3 == 0 else b"text and text again " * 200 + bytes(96) if n % 3 == 1 else _RNG.randbytes(CHUNK)
    for n in range(30)
)


@pytest.mark.parametrize("method", METHODS)
def test_the_bytes_are_those_of_the_disk_whatever_the_compression(tmp_path: Path, method: str) -> None:
    write_aff4(tmp_path / "disk.aff4", DISK, method)

    with open_container([str(tmp_path / "disk.aff4")]) as container:
        assert container.read_at(0, container.size) == DISK
        assert container.read_at(CHUNK + 7, 3 * CHUNK) == DISK[CHUNK + 7 : 4 * CHUNK + 7]
        assert container.facts.stored == (StatedDigest("sha1", hashlib.sha1(DISK).hexdigest(), "container"),)
        assert ("diskModel", 'A "quoted" model; with . marks') in container.facts.acquisition


def test_bytes_that_nobody_acquired_are_damage_and_not_zeros(tmp_path: Path) -> None:
    write_aff4(tmp_path / "disk.aff4", DISK, unknown=CHUNK)

    with open_container([str(tmp_path / "disk.aff4")]) as container:
        data, met = container.read_around_damage(0, container.size)

    assert data[: len(DISK)] == DISK
    assert [(one.run.offset, one.run.length) for one in met] == [(len(DISK), CHUNK)]
    assert "not acquired" in met[0].reason


def test_a_stream_that_is_in_another_file_is_named(tmp_path: Path) -> None:
    write_aff4(tmp_path / "disk.aff4", DISK, gone=True)

    with open_container([str(tmp_path / "disk.aff4")]) as container:
        assert any("aff4://elsewhere" in one for one in container.facts.problems)
        with pytest.raises(EvidenceFault, match="missing segment"):
            container.read_at(0, 2 * CHUNK)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=4),
    cut=st.integers(0, 9),
)
def test_a_volume_with_other_bytes_opens_or_is_refused_in_one_line(
    tmp_path: Path, changes: list[tuple[int, int]], cut: int
) -> None:
    write_aff4(tmp_path / "disk.aff4", DISK[: 6 * CHUNK], "lz4")
    data = bytearray((tmp_path / "disk.aff4").read_bytes())
    for at, value in changes:
        data[at % len(data)] = value
    (tmp_path / "broken.aff4").write_bytes(data[: len(data) * (10 - cut) // 10])

    try:
        container = open_container([str(tmp_path / "broken.aff4")])
    except EvidenceFault:
        return
    for offset in (0, container.size // 2, max(0, container.size - 4096)):
        container.read_around_damage(offset, 4096)
    container.close()


@given(text=st.text(alphabet='<>:;,.[]"\\ab#@ \n^', max_size=60))
def test_any_text_is_turtle_or_refused(text: str) -> None:
    with contextlib.suppress(EvidenceFault):
        parse(text, "here")
