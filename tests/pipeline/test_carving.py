"""What the carver finds on a disk of lost files, and that it stays within bounds."""

import hashlib
from functools import lru_cache
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakshya.domain.locator import Run
from sakshya.evidence.carve import bmp, ebml, gif, isobmff, jpeg, png, riff, tiff
from sakshya.evidence.carve.carve import Carved, carve
from sakshya.evidence.carve.stretch import Broken, Source, Stretch
from tests.support.lost_files import CLUSTER, LostDisk, lost_disk, picture, video

FORMATS = {
    "jpg": jpeg.measure,
    "progressive.jpg": jpeg.measure,
    "restart.jpg": jpeg.measure,
    "png": png.measure,
    "gif": gif.measure,
    "webp": riff.measure,
    "bmp": bmp.measure,
    "tif": tiff.measure,
    "avif": isobmff.measure,
    "mp4": isobmff.measure,
    "avi": riff.measure,
    "mkv": ebml.measure,
}


@lru_cache
def _disk() -> LostDisk:
    return lost_disk(3, 27, 3)


@lru_cache
def _sample(kind: str) -> bytes:
    return video(kind, Random(1)) if kind in ("mp4", "avi", "mkv") else picture(kind, Random(1))


def _found(content: bytes, free: list[Run]) -> list[Carved]:
    pieces = carve(lambda offset, length: content[offset : offset + length], free, CLUSTER)
    return [one for one in pieces if isinstance(one, Carved)]


def _content(content: bytes, found: Carved) -> bytes:
    return b"".join(content[run.offset : run.offset + run.length] for run in found.runs)


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def test_lost_files_come_back_byte_for_byte() -> None:
    disk = _disk()
    found = [_digest(_content(disk.content, one)) for one in _found(disk.content, [Run(0, len(disk.content))])]
    wanted = {_digest(one.content): one for one in disk.files}
    assert len(wanted.keys() & set(found)) / len(wanted) >= 0.9
    assert sum(one in wanted for one in found) / len(found) >= 0.9


def test_no_result_lies_outside_free_space_or_on_another() -> None:
    content = _disk().content
    free = [Run(start, 37 * CLUSTER) for start in range(0, len(content) - 40 * CLUSTER, 40 * CLUSTER)]
    found = _found(content, free)
    assert found
    runs = sorted(run for one in found for run in one.runs)
    assert all(one.offset + one.length <= after.offset for one, after in pairwise(runs))
    for run in runs:
        home = free[run.offset // (40 * CLUSTER)]
        assert home.offset <= run.offset
        assert run.offset + run.length <= home.offset + home.length


@pytest.mark.parametrize("kind", ["jpg", "png", "webp", "mkv"])
def test_a_file_laid_around_allocated_space_is_found_whole(kind: str) -> None:
    sample = _sample(kind)
    disk = sample[:CLUSTER] + b"\xff" * 3 * CLUSTER + sample[CLUSTER:] + bytes(-len(sample) % CLUSTER)
    free = [Run(0, CLUSTER), Run(4 * CLUSTER, len(disk) - 4 * CLUSTER)]
    (found,) = _found(disk, free)
    assert _content(disk, found) == sample


def test_a_thumbnail_inside_a_photograph_is_no_result_of_its_own() -> None:
    held, photograph = _sample("jpg")[:60_000], _sample("jpg")
    comment = b"\xff\xe1" + (508 + len(held)).to_bytes(2, "big") + bytes(506) + held
    disk = photograph[:2] + comment + photograph[2:]
    (found,) = _found(disk + bytes(-len(disk) % CLUSTER), [Run(0, len(disk) + -len(disk) % CLUSTER)])
    assert found.size == len(disk)


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=10, deadline=5000)
@given(edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6), keep=st.floats(0, 1))
def test_a_damaged_file_is_measured_or_refused(kind: str, edits: list[tuple[float, int]], keep: float) -> None:
    content = bytearray(_sample(kind))
    for place, value in edits:
        content[int(place**3 * (len(content) - 1))] = value
    del content[int(keep * len(content)) + 8 :]
    held = bytes(content)
    stretch = Stretch(lambda offset, length: held[offset : offset + length], [Run(0, len(held))], 1)
    try:
        _, size = FORMATS[kind](Source(stretch, [(0, len(held))]))
    except Broken:
        return
    assert 0 < size <= len(held)
