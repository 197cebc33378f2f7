"""What lies inside files is examined like any other file, at any depth, and what is not is listed."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import numpy as np
import py7zr
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from sakshya.domain.entry import Entry
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Locator, Member
from sakshya.domain.unexamined import Reason, Unexamined
from sakshya.evidence.archives.limits import Limits
from sakshya.evidence.archives.open import archive_format, open_archive
from sakshya.evidence.inside import Inside
from sakshya.testing import drawing
from sakshya.testing.fat16 import DiskFile, write_fat16
from tests.support.small_case import case_on, scan

PICTURE = drawing.jpeg(drawing.landscape(Random(1), 400, 300), 90)
OTHER = drawing.jpeg(drawing.landscape(Random(2), 400, 300), 90)


def zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), 1_500_000_000
            archive.addfile(info, io.BytesIO(content))
    return target.getvalue()


def seven(files: dict[str, bytes], key: str | None = None) -> bytes:
    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w", password=key) as archive:
        for name, content in files.items():
            archive.writef(io.BytesIO(content), name)
    return target.getvalue()


PACKERS: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "zip": zipped,
    "tar": tarred,
    "7z": seven,
    "tar.gz": lambda files: gzip.compress(tarred(files)),
    "tar.bz2": lambda files: bz2.compress(tarred(files)),
    "tar.xz": lambda files: lzma.compress(tarred(files)),
    "tar.zst": lambda files: zstandard.ZstdCompressor().compress(tarred(files)),
    "zip in 7z": lambda files: seven({"inner.zip": zipped(files)}),
}


@pytest.mark.parametrize("packer", PACKERS)
def test_pictures_in_archives_are_found_by_their_own_path_and_read_again(tmp_path: Path, packer: str) -> None:
    name, kind = "चित्र/dépôt 1.jpg", packer.replace(" ", "-")
    packed = PACKERS[packer]({name: PICTURE, "b.jpg": OTHER, "empty": b""})
    disk = tmp_path / "disk.dd"
    with disk.open("wb") as target:
        write_fat16(target, [DiskFile(f"/packed.{kind}", packed)])
    with case_on(tmp_path, disk) as bench:
        scan(bench)

        pictures = [item for item in bench.case.items.find() if item.kind.value == "picture"]
        paths = {place.locator.shown_path for item in pictures for place in item.where}
        again = {bytes_at(bench, item.where[0].locator) for item in pictures}

    assert len(pictures) == 2
    assert any(path.endswith(f"!/{name}") for path in paths)
    assert again == {PICTURE, OTHER}


def bytes_at(bench: object, locator: object) -> bytes:
    from sakshya.evidence.tree import ExhibitReader

    (exhibit,) = bench.case.exhibits.all()  # type: ignore[attr-defined]
    with ExhibitReader(exhibit) as reader:
        return b"".join(reader.source(type(locator).parse(str(locator))).chunks())  # type: ignore[attr-defined]


def test_members_that_cannot_be_read_are_listed_with_the_reason(tmp_path: Path) -> None:
    locked = seven({"secret.jpg": PICTURE}, key="teapot")
    broken = bytearray(zipped({"a.jpg": PICTURE}))
    broken[200] ^= 0xFF
    disk = tmp_path / "disk.dd"
    with disk.open("wb") as target:
        files = {"locked.7z": locked, "broken.zip": bytes(broken), "cut.zip": zipped({"a.jpg": PICTURE})[:-80]}
        write_fat16(target, [DiskFile(f"/{name}", content) for name, content in files.items()])
    with case_on(tmp_path, disk) as bench:
        scan(bench)
        lines = {
            (one.locator.shown_path if one.locator else "", one.reason.value) for one in bench.case.unexamined.all()
        }

    assert ("/locked.7z!/secret.jpg", "encrypted") in lines
    assert "/broken.zip!/a.jpg" in {path for path, _ in lines}
    assert ("/cut.zip", "metadata not readable") in lines


def test_a_bomb_is_stopped_and_listed(tmp_path: Path) -> None:
    bomb = zipped({"zeros": bytes(64 << 20)})
    for _ in range(12):
        bomb = zipped({"again.zip": bomb})
    disk = tmp_path / "disk.dd"
    with disk.open("wb") as target:
        write_fat16(target, [DiskFile("/bomb.zip", bomb)])
    with case_on(tmp_path, disk) as bench:
        scan(bench)
        reasons = [one.reason.value for one in bench.case.unexamined.all()]

    assert "stopped at the depth limit" in reasons


def test_a_preview_is_an_item_of_its_own_only_where_it_shows_something_else(tmp_path: Path) -> None:
    rng = Random(8)
    scene = drawing.landscape(rng, 800, 600)
    honest = with_preview(drawing.jpeg(scene, 90), drawing.jpeg(np.ascontiguousarray(scene[::5, ::5]), 80))
    other = drawing.jpeg(drawing.landscape(rng, 160, 120), 80)
    disk = tmp_path / "disk.dd"
    with disk.open("wb") as target:
        files = {"honest.jpg": honest, "changed.jpg": with_preview(drawing.jpeg(scene, 91), other)}
        write_fat16(target, [DiskFile(f"/{name}", content) for name, content in files.items()])
    with case_on(tmp_path, disk) as bench:
        scan(bench)
        paths = {place.locator.shown_path for item in bench.case.items.find() for place in item.where}

    assert paths == {"/honest.jpg", "/changed.jpg", "/changed.jpg!/preview-1.jpg"}


def with_preview(picture: bytes, preview: bytes) -> bytes:
    body = b"Exif\0\0MM\0*" + bytes(20) + preview
    return picture[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + picture[2:]


def test_a_member_that_grows_beyond_all_measure_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "zeros.gz"
    path.write_bytes(gzip.compress(bytes(4 << 20)))
    locator = Locator("EX-1", 0, 0, 1, "/zeros.gz", inside=(Member("gz", 0, "zeros"),))
    limits = Limits(ratio=100, free_of_ratio=1 << 20)

    source = Inside(lambda where: FileSource(where, path), limits=limits).source(locator)

    with pytest.raises(EvidenceFault, match="declared size above the limit"):
        list(source.chunks())


class FileSource:
    """A file of this machine in the shape of a source."""

    def __init__(self, locator: Locator, path: Path) -> None:
        self.locator = locator
        self.size = path.stat().st_size
        self._data = path.read_bytes()

    def read_at(self, offset: int, length: int) -> bytes:
        return self._data[offset : offset + length]

    def chunks(self, size: int = 1 << 20) -> Iterator[bytes]:
        yield self._data


@pytest.mark.parametrize("packer", ["zip", "tar", "7z"])
@settings(max_examples=60, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_broken_archive_gives_members_or_a_fault(packer: str, changes: list[tuple[int, int]]) -> None:
    data = bytearray(PACKERS[packer]({"a.txt": b"evidence " * 50, "b/c.txt": b"custody"}))
    for at, value in changes:
        data[at % len(data)] = value
    kind = archive_format(bytes(data), "", len(data))
    if kind is None:
        return

    try:
        archive = open_archive(kind, io.BytesIO(bytes(data)), len(data))
        for member in archive.members():
            assert member.index >= 0
    except EvidenceFault:
        return


def test_what_all_members_state_together_is_bounded_and_the_rest_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(PACKERS["zip"]({f"{n}.bin": bytes(1 << 20) for n in range(6)}))
    holder = Locator("EX-1", 0, 0, 1, "/bomb.zip")
    limits = Limits(ratio=10, free_of_ratio=(2 << 20) + 100)

    found = list(Inside(lambda where: FileSource(where, path), limits=limits).entries(holder, "zip"))

    assert [one.locator.inside[-1].name for one in found if isinstance(one, Entry)] == ["0.bin", "1.bin"]
    assert [(one.reason, one.detail[:9]) for one in found if isinstance(one, Unexamined)] == [
        (Reason.TOO_LARGE, "4 members")
    ]
