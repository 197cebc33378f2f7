"""File systems made by their own tools, against the folder they were made from."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from sakshya.evidence.containers import open_container
from sakshya.evidence.filesystems.open import open_filesystem
from sakshya.evidence.filesystems.signatures import Kind, Signature
from sakshya.evidence.walk import Found, Limits, Place, VolumeWalk


@pytest.mark.parametrize("kind", [Kind.XFS, Kind.UDF])
def test_every_path_and_content_of_the_source_folder_is_read(tmp_path: Path, kind: Kind) -> None:
    source = tmp_path / "source"
    _fill(source)
    exhibit = tmp_path / "exhibit.dd"
    _make(kind, source, exhibit)
    expected = {f"/{one.relative_to(source)}": _digest(one.read_bytes()) for one in source.rglob("*") if one.is_file()}
    container = open_container([str(exhibit)])
    fs = open_filesystem(container, 0, container.size, Signature(kind.value, kind), None)
    found: dict[str, str] = {}
    for one in VolumeWalk(fs, Place("EX-1", 0, 0), Limits()):
        assert isinstance(one, Found), one
        if one.stream is not None:
            assert one.entry.locator.address is not None
            content = fs.read(one.entry.locator.address, one.stream, 0, one.entry.size)
            stored = b"".join(container.read_at(start, length) for start, length in one.stream.runs)
            assert stored[: one.entry.size] == content
            found[one.entry.locator.path] = _digest(content)
    container.close()
    assert found == expected


def _fill(folder: Path) -> None:
    (folder / "many").mkdir(parents=True)
    for number in range(600):
        (folder / "many" / f"a-longish-name-{number:04d}").write_bytes(b"x" * number)
    (folder / "big.bin").write_bytes(os.urandom(300_000))
    (folder / "हिन्दी.txt").write_bytes(b"")


def _make(kind: Kind, source: Path, exhibit: Path) -> None:
    tool = "mkfs.xfs" if kind is Kind.XFS else "genisoimage"
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not there")
    if kind is Kind.XFS:
        with exhibit.open("wb") as target:
            target.truncate(320 << 20)
        lines = ["boot", "0 0", "d--755 0 0"]
        lines += [f"{one.name} ---644 0 0 {one}" for one in source.iterdir() if one.is_file()]
        lines += ["many d--755 0 0", *(f"{one.name} ---644 0 0 {one}" for one in (source / "many").iterdir()), "$", "$"]
        prototype = exhibit.with_suffix(".proto")
        prototype.write_text("\n".join(lines) + "\n")
        command = [tool, "-q", "-p", str(prototype), str(exhibit)]
    else:
        command = [tool, "-quiet", "-input-charset", "utf-8", "-udf", "-R", "-J", "-o", str(exhibit), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=20)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
