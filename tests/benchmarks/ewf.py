"""The own E01 reader against libewf, and a compressed exhibit against a raw one."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random

from sakshya.evidence.containers import Container, open_container
from tests.benchmarks.goal import Goal, paired

_SIZE = 192 << 20
_BLOCK = 1 << 20
_READS = 4000
_WORDS = [b"evidence", b"exhibit", b"custody", b"sector", b"ledger", b"examiner", b"cluster", b"digest"]


def run(folder: Path) -> Iterator[Goal]:
    """Yield how the own reader compares in reading, hashing and jumping about."""
    if shutil.which("ewfacquire") is None:
        yield Goal("E01 reading", None, 1, "x", "ewfacquire is not there")
        return
    raw, exhibit = _exhibits(folder)
    _, libewf = paired(lambda _: _read(exhibit, None), lambda _: _libewf(exhibit, None))
    against = f"{_SIZE >> 20} MiB of text-like data, deflate:fast, equal bytes, median of 3 pairs"
    yield Goal("E01 read, own reader / libewf-python, CPU", libewf, 1 / 6, "x", against)
    _, hashed = paired(lambda _: _digest(exhibit), lambda _: _digest(raw))
    yield Goal("E01 with three digests / raw, CPU", hashed, 2.2, "x", against)
    one, other = open_container([str(exhibit)]), open_container([str(raw)])
    _jump(one)
    wall, _ = paired(lambda _: _jump(one), lambda _: _jump(other))
    one.close(), other.close()
    against = f"{_READS} reads of 4 KiB within 2 MiB, after the first round"
    yield Goal("E01 random access / raw, wall", wall, 1.5, "x", against)


def _exhibits(folder: Path) -> tuple[Path, Path]:
    rng = Random(5)
    raw = folder / "raw.dd"
    page = b" ".join(rng.choices(_WORDS, k=60_000))
    with raw.open("wb") as target:
        while target.tell() < _SIZE:
            mixed = bytearray(page)
            for _ in range(len(page) // 16):
                mixed[rng.randrange(len(page))] = rng.randrange(256)
            target.write(bytes(mixed) * 8)
        target.truncate(_SIZE)
    command = ["ewfacquire", "-u", "-q", "-c", "deflate:fast", "-S", "1GiB", "-t", str(folder / "exhibit"), str(raw)]
    subprocess.run(command, check=True, capture_output=True)
    exhibit = folder / "exhibit.E01"
    contents = [hashlib.sha256() for _ in range(3)]
    _read(exhibit, contents[0]), _libewf(exhibit, contents[1]), _read(raw, contents[2])
    assert len({one.digest() for one in contents}) == 1, "the readers disagree"
    return raw, exhibit


def _read(path: Path, digest: "hashlib._Hash | None") -> None:
    container = open_container([str(path)])
    for offset in range(0, container.size, _BLOCK):
        block = container.read_at(offset, _BLOCK)
        if digest:
            digest.update(block)
    container.close()


def _libewf(path: Path, digest: "hashlib._Hash | None") -> None:
    import pyewf

    handle = pyewf.handle()
    handle.open([str(path)])
    while block := handle.read(_BLOCK):
        if digest:
            digest.update(block)
    handle.close()


def _digest(path: Path) -> None:
    hashes = (hashlib.md5(usedforsecurity=False), hashlib.sha1(usedforsecurity=False), hashlib.sha256())
    container = open_container([str(path)])
    for offset in range(0, container.size, _BLOCK):
        block = container.read_at(offset, _BLOCK)
        for one in hashes:
            one.update(block)
    container.close()


def _jump(container: Container) -> None:
    rng = Random(1)
    for _ in range(_READS):
        container.read_at(rng.randrange(2 << 20), 4096)
