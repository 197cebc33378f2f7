"""The third-party truth files: what an independent reader found on each disk image."""

import gzip
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sakshya.domain.entry import Entry
from sakshya.domain.names import encode_name
from tests.support.third_party import DATA, third_party


@cache
def truth_files() -> tuple[str, ...]:
    """Return the names of the truth files, empty where the folder is absent."""
    return tuple(sorted(path.name for path in (DATA / "truth").glob("*.json") if path.name != "photos_exif.json"))


@dataclass(frozen=True)
class TruthEntry:
    """One line of the truth, in our terms."""

    path: str
    kind: str
    size: int
    deleted: bool
    md5: str | None
    sha256: str | None


def read_truth(name: str) -> dict[str, Any]:
    return json.loads(third_party(f"truth/{name}").read_text("utf-8"))


def expanded(source: str, folder: Path) -> Path:
    """Return the disk image behind a truth file's `source`, expanded into `folder` where it is packed."""
    if "!" in source:
        archive, member = source.split("!")
        with zipfile.ZipFile(third_party(archive)) as opened:
            name = next(one for one in opened.namelist() if one.endswith(member))
            (folder / member).write_bytes(opened.read(name))
        return folder / member
    path = third_party(source)
    if path.suffix == ".gz":
        target = folder / path.stem
        with gzip.open(path) as packed, target.open("wb") as out:
            shutil.copyfileobj(packed, out)
        return target
    if path.suffix == ".zst":
        if shutil.which("zstd") is None:
            pytest.skip("the zstd program is absent")
        target = folder / path.stem
        subprocess.run(["zstd", "-qd", str(path), "-o", str(target)], check=True)
        return target
    return path


def truth_entries(filesystem: dict[str, Any]) -> list[TruthEntry]:
    """Return a file system's lines without what is no entry: index leftovers and volume labels."""
    result = []
    for one in filesystem["entries"]:
        path = re.sub(r" \(deleted(-realloc)?\)$", "", one["path"])
        if path.endswith("($FILE_NAME)") or "(Volume Label Entry)" in path:
            continue
        kind = one["mode"][2]
        if one["mode"].startswith("l"):
            path = path.split(" -> ")[0]
        result.append(TruthEntry(path, kind, one["size"], one["deleted"], one.get("md5"), one.get("sha256")))
    return result


def printed(entry: Entry) -> str:
    """Return an entry's path as the other reader prints it: control characters as `^`."""
    path = f"{entry.locator.path}:{entry.locator.stream}" if entry.locator.stream else entry.locator.path
    plain = encode_name(path).decode("utf-8", "backslashreplace")
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "^", plain)
