"""The Sleuth Kit's own programs as a second reader: what `fls` lists and what `icat` reads, taken as they stand."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True, order=True)
class Listed:
    """One line of `fls -r -p`; `path` is as printed, with a leading slash, and `address` as `5-128-1`.

    `name_kind` and `meta_kind` are its two letters: r file, d directory, v and V virtual, l link, - unknown.
    """

    path: str
    address: str
    deleted: bool
    reused: bool
    name_kind: str
    meta_kind: str

    @property
    def number(self) -> int:
        """The record's own number."""
        return int(self.address.partition("-")[0])

    @property
    def attribute(self) -> int | None:
        """The type of the attribute, where the file system numbers them."""
        parts = self.address.split("-")
        return int(parts[1]) if len(parts) > 1 else None


def needs_sleuthkit() -> None:
    """Skip the test where the programs are not installed."""
    if shutil.which("fls") is None or shutil.which("icat") is None:
        pytest.skip("sleuthkit is not installed")


def listed(disk: Path, offset: int) -> list[Listed] | None:
    """Return what `fls` lists in the file system at byte `offset` of a raw disk; None where it opens none there."""
    done = subprocess.run(
        ["fls", "-r", "-p", "-i", "raw", "-o", str(offset // 512), str(disk)], capture_output=True, check=False
    )
    if done.returncode and not done.stdout:
        return None
    return list(_lines(done.stdout.decode("utf-8", "surrogateescape")))


def _lines(text: str) -> Iterator[Listed]:
    for line in text.split("\n"):
        if not line:
            continue
        name_kind, meta_kind, rest = line[0], line[2], line[4:]
        deleted = rest.startswith("* ")
        address, _, path = rest.removeprefix("* ").partition(":\t")
        reused = address.endswith("(realloc)")
        yield Listed("/" + path, address.removesuffix("(realloc)"), deleted, reused, name_kind, meta_kind)


def content_digest(disk: Path, offset: int, address: str) -> tuple[int, str] | None:
    """Return size and SHA-256 of what `icat` reads at an address; None where it says that it cannot."""
    done = subprocess.run(
        ["icat", "-i", "raw", "-o", str(offset // 512), str(disk), address], capture_output=True, check=False
    )
    if done.returncode:
        return None
    return len(done.stdout), hashlib.sha256(done.stdout).hexdigest()


def lists_directory(disk: Path, offset: int, address: int) -> bool:
    """Tell whether `fls` lists anything when it is asked for one directory."""
    done = subprocess.run(
        ["fls", "-i", "raw", "-o", str(offset // 512), str(disk), str(address)], capture_output=True, check=False
    )
    return bool(done.stdout)
