"""Apple disk images, made by hand."""

from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sakshya.domain.faults import EvidenceFault
from sakshya.evidence.containers import open_container
from tests.support.udif_writer import CHUNK, write_udif

_RNG = Random(4)
DISK = b"".join(bytes(CHUNK) if n % 3 == 0 else _RNG.randbytes(CHUNK) for n in range(9))


def test_compressed_plain_and_empty_chunks_are_the_bytes_of_the_disk(tmp_path: Path) -> None:
    write_udif(tmp_path / "disk.dmg", DISK)

    container = open_container([str(tmp_path / "disk.dmg")])

    assert container.facts.format == "DMG"
    assert container.read_at(0, container.size) == DISK


def test_a_damaged_compressed_chunk_is_damage_and_not_zeros(tmp_path: Path) -> None:
    write_udif(tmp_path / "disk.dmg", DISK)
    data = bytearray((tmp_path / "disk.dmg").read_bytes())
    data[CHUNK + 500 : CHUNK + 600] = bytes(100)
    (tmp_path / "disk.dmg").write_bytes(data)

    container = open_container([str(tmp_path / "disk.dmg")])
    found, met = container.read_around_damage(0, container.size)
    container.close()

    wrong = [at for at in range(0, len(DISK), 512) if found[at : at + 512] != DISK[at : at + 512]]
    stated = [(one.run.offset, one.run.offset + one.run.length) for one in met]
    assert [at for at in wrong if not any(start <= at < end for start, end in stated)] == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.integers(1, 3000), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_list_or_trailer_with_other_bytes_opens_or_is_refused_in_one_line(
    tmp_path: Path, changes: list[tuple[int, int]]
) -> None:
    write_udif(tmp_path / "disk.dmg", DISK)
    data = bytearray((tmp_path / "disk.dmg").read_bytes())
    for back, value in changes:
        data[-back] = value
    (tmp_path / "broken.dmg").write_bytes(data)

    try:
        container = open_container([str(tmp_path / "broken.dmg")])
    except EvidenceFault:
        return
    for offset in (0, container.size // 2, max(0, container.size - 4096)):
        container.read_around_damage(offset, 4096)
    container.close()
