"""P1: the exhibit's bytes and times are the same before and after, and one module opens it."""

import ast
import hashlib
import os
import sys
from pathlib import Path

import pytest

from sakshya.domain.item import ItemId
from sakshya.evidence.readonly import open_exhibit_file
from tests.support.small_case import make_case, pictures, scan

_EVIDENCE = Path(__file__).parents[2] / "app" / "sakshya" / "evidence"


def _state(file: Path) -> tuple[str, int, int, int]:
    facts = file.stat()
    return hashlib.sha256(file.read_bytes()).hexdigest(), facts.st_size, facts.st_mtime_ns, facts.st_ino


def test_the_whole_job_leaves_the_exhibit_as_it_was(tmp_path: Path) -> None:
    shots = pictures(6)
    with make_case(tmp_path, {f"/DCIM/{n}.jpg": shot for n, shot in enumerate(shots)}) as bench:
        exhibit = tmp_path / "disk.dd"
        exhibit.chmod(0o444)
        before = _state(exhibit)

        scan(bench, workers=2)
        bench.look(ItemId(1), 200)
        bench.tree("EX-1")
        bench.report(tmp_path / "papers")
        bench.bundle(tmp_path / "bundle")

    assert _state(exhibit) == before
    assert {path.name for path in tmp_path.iterdir()} == {"disk.dd", "case", "papers", "bundle"}


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc how a file is open")
def test_the_open_exhibit_cannot_be_written_through(tmp_path: Path) -> None:
    file = tmp_path / "disk.dd"
    file.write_bytes(b"evidence" * 512)

    with open_exhibit_file(file) as opened:
        opened.pread(0, 16)
        ours = [one for one in Path("/proc/self/fd").iterdir() if one.is_symlink() and one.readlink() == file]
        modes = {int(Path("/proc/self/fdinfo", one.name).read_text().split()[3], 8) & os.O_ACCMODE for one in ours}

    assert modes == {os.O_RDONLY}


def test_only_one_module_opens_exhibit_files() -> None:
    opening = {
        path.name
        for path in _EVIDENCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"open", "os.open", "io.open", "Path.open", "mmap.mmap"}
    }

    assert opening <= {"readonly.py"}
