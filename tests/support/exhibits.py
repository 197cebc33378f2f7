"""Exhibits for tests, from bytes or from files on this machine."""

import shutil
import subprocess
from pathlib import Path

import pytest

from sakshya.domain.entry import Entry
from sakshya.domain.exhibit import Exhibit
from sakshya.evidence.attach import describe


def exhibit_of(path: Path, *, zone: str | None = None, number: str = "EX-1") -> Exhibit:
    return Exhibit(number, (str(path),), describe([str(path)]), zone=zone)


def raw_exhibit(folder: Path, content: bytes, *, name: str = "disk.dd", zone: str | None = None) -> Exhibit:
    path = folder / name
    path.write_bytes(content)
    return exhibit_of(path, zone=zone)


def by_path(found: "list[object]") -> dict[str, Entry]:
    """Return the entries by path, further streams as `path:stream`."""
    entries = [one for one in found if isinstance(one, Entry)]
    return {
        f"{one.locator.path}:{one.locator.stream}" if one.locator.stream else one.locator.path: one for one in entries
    }


def run_tool(*command: str, stdin: bytes | None = None) -> None:
    """Run a program that makes disk images, or skip the test where it is absent."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is absent")
    subprocess.run(command, check=True, capture_output=True, input=stdin)
