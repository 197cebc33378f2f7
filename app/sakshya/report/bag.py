"""A BagIt 1.0 bag (RFC 8493) with SHA-256 manifests that `sha256sum -c` reads."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from sakshya.domain.digests import file_sha256
from sakshya.report.verifier import DECLARATION, MANIFEST, TAG_MANIFEST


def write_manifest(bag: Path) -> str:
    """Write the manifest over everything under `data` and return its own SHA-256."""
    return _write(bag / MANIFEST, bag, _files(bag / "data"))


def write_tag_manifest(bag: Path) -> None:
    """Write the manifest over everything beside `data`; nothing may be added to the bag afterwards."""
    _write(bag / TAG_MANIFEST, bag, (one for one in sorted(bag.iterdir()) if one.is_file()))


def write_declaration(bag: Path, info: Mapping[str, str]) -> None:
    """Write `bagit.txt`, and `bag-info.txt` with the payload's size added."""
    (bag / "bagit.txt").write_bytes(DECLARATION)
    files = list(_files(bag / "data"))
    oxum = f"{sum(one.stat().st_size for one in files)}.{len(files)}"
    lines = (f"{name}: {' '.join(value.split())}" for name, value in {**info, "Payload-Oxum": oxum}.items() if value)
    (bag / "bag-info.txt").write_bytes(("\n".join(lines) + "\n").encode("utf-8", "backslashreplace"))


def _files(folder: Path) -> Iterable[Path]:
    return sorted((one for one in folder.rglob("*") if one.is_file()), key=lambda one: one.as_posix())


def _write(manifest: Path, bag: Path, files: Iterable[Path]) -> str:
    content = "".join(f"{file_sha256(one)}  {one.relative_to(bag).as_posix()}\n" for one in files).encode("ascii")
    manifest.write_bytes(content)
    return hashlib.sha256(content).hexdigest()
