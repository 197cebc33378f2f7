"""Describing, hashing and comparing an exhibit, and keeping what is written off it."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sakshya.domain.digests import Digests
from sakshya.domain.exhibit import StatedDigest
from sakshya.domain.faults import OperatorFault, StoppedFault
from sakshya.evidence.attach import VerifyProgress, VerifyResult, compare, verify
from sakshya.evidence.guard import refuse_on_exhibit
from sakshya.evidence.readonly import open_exhibit_file
from tests.support.ewf_writer import CHUNK, write_ewf
from tests.support.exhibits import exhibit_of, raw_exhibit

DATA = bytes(range(251)) * 40_000


def _never() -> bool:
    return False


def _digests(data: bytes) -> Digests:
    return Digests(hashlib.md5(data).hexdigest(), hashlib.sha1(data).hexdigest(), hashlib.sha256(data).hexdigest())


def test_three_digests_are_made_in_one_pass_and_progress_is_told(tmp_path: Path) -> None:
    events = list(verify(raw_exhibit(tmp_path, DATA), _never))

    assert events[-1] == VerifyResult(_digests(DATA), len(DATA), ())
    assert events[-2] == VerifyProgress(len(DATA), len(DATA))


def test_the_files_are_the_same_before_and_after(tmp_path: Path) -> None:
    exhibit = raw_exhibit(tmp_path, DATA)
    path = Path(exhibit.files[0])
    before = (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_size)

    list(verify(exhibit, _never))

    assert (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_size) == before


def test_damage_is_listed_to_the_end_and_makes_no_digest(tmp_path: Path) -> None:
    path = write_ewf(tmp_path / "disk", DATA[: 200 * CHUNK])[0]
    raw = bytearray(path.read_bytes())
    first = raw.index(b"sectors") + 76
    for at in (first + 500, len(raw) // 2):
        raw[at] ^= 0xFF
    path.write_bytes(raw)

    result = list(verify(exhibit_of(path), _never))[-1]

    assert isinstance(result, VerifyResult)
    assert result.digests is None
    assert len(result.damage) == 2
    assert result.bytes_read == 200 * CHUNK - sum(one.run.length for one in result.damage)


def test_a_wish_to_stop_is_heard(tmp_path: Path) -> None:
    with pytest.raises(StoppedFault):
        list(verify(raw_exhibit(tmp_path, DATA), lambda: True))


def test_stated_digests_are_compared_one_by_one() -> None:
    digests = _digests(b"x")
    right = StatedDigest("md5", digests.md5.upper(), "examiner")
    wrong = StatedDigest("sha1", "0" * 40, "container")

    assert compare([], digests) == (None, ())
    assert compare([right], None) == (None, ())
    assert compare([right], digests) == (True, ())
    assert compare([right, wrong], digests) == (False, ("sha1 stated by container",))


def test_an_exhibit_file_cannot_be_written_through_us(tmp_path: Path) -> None:
    import os

    path = tmp_path / "disk.dd"
    path.write_bytes(DATA)
    with open_exhibit_file(path) as file, pytest.raises(OSError, match="Bad file descriptor"):
        os.write(file._descriptor, b"x")


def test_only_one_module_opens_exhibits() -> None:
    import sakshya.evidence

    folder = Path(sakshya.evidence.__file__).parent
    opening = ("open(", "read_bytes(", "os.open", "mmap")
    for path in folder.rglob("*.py"):
        text = path.read_text("utf-8")
        if path.name != "readonly.py":
            assert not any(f" {word}" in text or f"={word}" in text or f".{word}" in text for word in opening[1:]), path
            assert not re.search(r"(?<!def) open\(", text), path


def test_a_case_beside_the_exhibit_is_allowed_and_one_around_it_is_not(tmp_path: Path) -> None:
    exhibit = raw_exhibit(tmp_path, DATA)
    case = tmp_path / "case"
    case.mkdir()
    (case / "case.db").touch()

    refuse_on_exhibit(case, [exhibit])
    refuse_on_exhibit(tmp_path, [exhibit])
    inside = raw_exhibit(case, DATA)
    with pytest.raises(OperatorFault, match="inside the case"):
        refuse_on_exhibit(case, [inside])
    with pytest.raises(OperatorFault, match="itself"):
        refuse_on_exhibit(Path(exhibit.files[0]) / "case", [exhibit])


def test_a_mounted_exhibit_is_not_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exhibit = raw_exhibit(tmp_path, DATA)
    monkeypatch.setattr("sakshya.evidence.guard._mounted_from", lambda _folder: exhibit.files[0])

    with pytest.raises(OperatorFault, match="file system of EX-1"):
        refuse_on_exhibit(tmp_path / "mnt" / "case", [exhibit])


def test_attaching_loads_no_disk_library() -> None:
    script = (
        "import sys; import sakshya.evidence.attach, sakshya.evidence.guard, sakshya.evidence.volumes\n"
        "print([name for name in ('pytsk3', 'pyewf') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )

    assert done.stdout.strip() == b"[]"
