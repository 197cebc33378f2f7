"""Archives give what was put into them, say where they break off, and unpack no more than they are asked for."""

import bz2
import contextlib
import gzip
import io
import lzma
import shutil
import subprocess
import tarfile
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import lz4.frame
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from sakshya.domain.faults import EvidenceFault
from sakshya.domain.moment import Moment
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.archive import Archive
from sakshya.evidence.archives.open import archive_format, open_archive

CONTENT = {"a.txt": b"first " * 5000, "deep/नमस्ते.bin": bytes(range(256)) * 300, "empty": b""}
SINGLE: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor().compress,
    "lz4": lz4.frame.compress,
}
needs_7z = pytest.mark.skipif(shutil.which("7z") is None, reason="7z is not installed")


def opened(data: bytes, *keys: str) -> Archive:
    found = archive_format(data[: 64 << 10], "x", len(data))
    assert found is not None
    return open_archive(found, io.BufferedReader(io.BytesIO(data)), len(data), keys)  # type: ignore[arg-type]


def read_all(archive: Archive) -> dict[str, bytes]:
    members = [one for one in archive.members() if one.kind == "file" and not one.barrier]
    return {one.name: archive.open(one.index).read() for one in members}


def zipped(method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in CONTENT.items():
            archive.writestr(name, data)
    return made.getvalue()


def tarred() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, data in CONTENT.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), 1_600_000_000
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


def by_7z(folder: Path, *options: str, name: str = "made.7z") -> bytes:
    for member, data in CONTENT.items():
        (folder / "in" / member).parent.mkdir(parents=True, exist_ok=True)
        (folder / "in" / member).write_bytes(data)
    command = ["7z", "a", *options, str(folder / name), "."]
    subprocess.run(command, cwd=folder / "in", check=True, capture_output=True)
    return (folder / name).read_bytes()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_gives_what_was_put_in_by_every_method(method: int) -> None:
    assert read_all(opened(zipped(method))) == CONTENT


@needs_7z
@pytest.mark.parametrize("options", [["-mm=Deflate64"], ["-mm=Deflate"], ["-pkey", "-mem=AES256"], ["-pkey"]])
def test_a_zip_made_elsewhere_is_read_with_the_key_that_fits(tmp_path: Path, options: list[str]) -> None:
    assert read_all(opened(by_7z(tmp_path, "-tzip", *options, name="made.zip"), "wrong", "key")) == CONTENT


@needs_7z
def test_an_encrypted_zip_is_listed_with_its_reason_where_no_key_fits(tmp_path: Path) -> None:
    data = by_7z(tmp_path, "-tzip", "-pkey", "-mem=AES128", name="made.zip")
    index = next(one.index for one in opened(data).members() if one.name == "a.txt")

    barriers = {one.name: one.barrier for one in opened(data).members()}
    with pytest.raises(EvidenceFault) as caught:
        opened(data, "wrong").open(index)

    assert barriers["a.txt"] == "encrypted: no key was supplied"
    assert caught.value.reason == Reason.ENCRYPTED


def test_a_zip_without_its_directory_gives_its_members_and_says_so() -> None:
    data = zipped()
    archive = opened(data[: data.index(b"PK\x01\x02")])
    seen: list[str] = []

    with pytest.raises(EvidenceFault, match="directory of the zip"):
        names(archive, seen)

    assert set(seen) == set(CONTENT)
    assert archive.open(0).read() == CONTENT["a.txt"]


def test_a_changed_byte_in_a_stored_zip_member_is_found() -> None:
    data = bytearray(zipped(zipfile.ZIP_STORED))
    data[100] ^= 1

    with pytest.raises(EvidenceFault) as caught:
        opened(bytes(data)).open(0).read()

    assert caught.value.reason == Reason.DIFFERS


def test_a_tar_gives_what_was_put_in_with_times_in_utc() -> None:
    archive = opened(tarred())

    assert read_all(archive) == CONTENT
    assert next(archive.members()).times.modified == Moment.utc(1_600_000_000)


@pytest.mark.parametrize("end", [512 + 30_208, 512 + 30_208 + 100])
def test_a_tar_that_breaks_off_gives_what_came_before_and_says_so(end: int) -> None:
    seen: list[str] = []

    with pytest.raises(EvidenceFault):
        names(opened(tarred()[:end]), seen)

    assert seen == ["a.txt"]


def test_a_broken_header_in_the_middle_of_a_tar_is_not_taken_for_its_end() -> None:
    data = bytearray(tarred())
    data[512 + 30_208 + 3] ^= 0xFF

    with pytest.raises(EvidenceFault, match="header"):
        list(opened(bytes(data)).members())


@pytest.mark.parametrize("form", SINGLE)
def test_a_compressed_file_gives_its_content(form: str) -> None:
    assert list(read_all(opened(SINGLE[form](CONTENT["a.txt"]))).values()) == [CONTENT["a.txt"]]


@needs_7z
@pytest.mark.parametrize("options", [["-ms=on"], ["-ms=off"], ["-m0=BZip2"], ["-pkey"], ["-pkey", "-mhe=on"]])
def test_a_7z_gives_what_was_put_in(tmp_path: Path, options: list[str]) -> None:
    assert read_all(opened(by_7z(tmp_path, *options), "wrong", "key")) == CONTENT


@needs_7z
@pytest.mark.parametrize("options", [["-pkey"], ["-pkey", "-mhe=on"]])
def test_a_7z_without_its_key_is_said_to_be_encrypted(tmp_path: Path, options: list[str]) -> None:
    data = by_7z(tmp_path, *options)

    with pytest.raises(EvidenceFault) as caught:
        open_first(data)

    assert caught.value.reason == Reason.ENCRYPTED


@needs_7z
def test_members_of_a_solid_7z_are_read_in_any_order_and_its_mutations_raise_only_evidence_faults(
    tmp_path: Path,
) -> None:
    whole = by_7z(tmp_path)
    archive = opened(whole)
    backwards = {one.name: archive.open(one.index).read() for one in reversed(list(archive.members()))}

    @given(st.integers(6, len(whole) - 1), st.integers(0, 255))
    @settings(max_examples=60, deadline=None)
    def mutated(at: int, value: int) -> None:
        data = whole[:at] + bytes([value]) + whole[at + 1 :]
        with contextlib.suppress(EvidenceFault):
            broken = opened(data)
            for one in broken.members():
                with_limit(broken, one.index)

    assert {name: backwards[name] for name in CONTENT} == CONTENT
    mutated()


def test_a_cabinet_is_named_with_what_to_do() -> None:
    with pytest.raises(EvidenceFault, match="cabinet") as caught:
        opened(b"MSCF" + bytes(60))

    assert caught.value.reason == Reason.UNSUPPORTED_FORMAT


def test_a_zip_in_a_compressed_tar_is_reached_step_by_step() -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        info = tarfile.TarInfo("inner.zip")
        info.size = len(zipped())
        archive.addfile(info, io.BytesIO(zipped()))

    tar = opened(opened(made.getvalue()).open(0).read())

    assert read_all(opened(tar.open(0).read())) == CONTENT


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_costs_only_what_is_asked_for(method: int) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("zeros", bytes(64 << 20))
    bomb = opened(made.getvalue())

    tracemalloc.start()
    started = time.monotonic()
    part = bomb.open(0).read(100)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert part == bytes(100)
    assert peak < 32 << 20
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("make", [zipped, tarred, *(lambda f=f: f(CONTENT["a.txt"]) for f in SINGLE.values())])
def test_a_mutated_archive_raises_nothing_but_evidence_faults(make: Callable[[], bytes]) -> None:
    whole = make()

    @given(
        st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=6),
        st.integers(0, len(whole)),
    )
    @settings(max_examples=60, deadline=None)
    def mutated(changes: list[tuple[int, int]], cut: int) -> None:
        data = bytearray(whole)
        for at, value in changes:
            data[at] = value
        data = data[: max(cut, 1)] if cut % 3 == 0 else data
        form = archive_format(bytes(data), "x", len(data))
        if form is None:
            return
        try:
            archive = open_archive(form, io.BytesIO(bytes(data)), len(data))
            for one in archive.members():
                with_limit(archive, one.index)
        except EvidenceFault:
            pass

    mutated()


def with_limit(archive: Archive, index: int) -> None:
    with contextlib.suppress(EvidenceFault):
        archive.open(index).read(1 << 20)


def open_first(data: bytes) -> None:
    archive = opened(data)
    archive.open(next(one.index for one in archive.members() if one.size))


def names(archive: Archive, seen: list[str]) -> None:
    for one in archive.members():
        seen.append(one.name)


def test_a_zip_member_that_is_said_to_begin_before_the_archive_is_a_fault_of_that_member() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("a", b"one")
        made.writestr("b", b"two")
    data = bytearray(target.getvalue())
    second = data.rindex(b"PK\x01\x02")
    # The directory is said to begin later than it does: the library moves every member by the difference.
    end = data.rindex(b"PK\x05\x06")
    data[end + 16 : end + 20] = (int.from_bytes(data[end + 16 : end + 20], "little") + 40).to_bytes(4, "little")
    data[second + 42 : second + 46] = (60).to_bytes(4, "little")

    archive = open_archive("zip", io.BytesIO(data), len(data))

    for member in archive.members():
        with contextlib.suppress(EvidenceFault):
            archive.open(member.index).read()
