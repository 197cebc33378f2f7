"""However an E01 is broken, it opens, gives damage, or is refused; it never gives other bytes than were stored."""

import random
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sakshya.domain.faults import SakshyaFault
from sakshya.evidence.containers import open_container
from tests.support.ewf_writer import CHUNK, EwfShape, write_ewf

DATA = random.Random(9).randbytes(5 * CHUNK) + bytes(3 * CHUNK)
_ANY_BYTE = st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    flips=st.lists(_ANY_BYTE, max_size=6), cut=st.floats(0.02, 1), compress=st.sampled_from(["all", "none", "mixed"])
)
def test_a_broken_exhibit_never_gives_other_bytes(
    tmp_path: Path, flips: list[tuple[float, int]], cut: float, compress: str
) -> None:
    path = write_ewf(tmp_path / "disk", DATA, EwfShape(per_table=3, compress=compress))[0]
    raw = bytearray(path.read_bytes())
    for place, value in flips:
        raw[int(place * len(raw))] ^= value
    path.write_bytes(raw[: max(1, int(cut * len(raw)))])

    try:
        with open_container([str(path)]) as container:
            if container.size != len(DATA):
                return
            data, damage = container.read_around_damage(0, container.size)
    except SakshyaFault:
        return

    lost = {
        number
        for one in damage
        for number in range(one.run.offset // CHUNK, -(-(one.run.offset + one.run.length) // CHUNK))
    }
    for number in set(range(len(DATA) // CHUNK)) - lost:
        assert data[number * CHUNK : (number + 1) * CHUNK] == DATA[number * CHUNK : (number + 1) * CHUNK]
