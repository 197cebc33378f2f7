"""A small case on a small generated disk, taken through the real workbench."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sakshya.domain.match import SetKind
from sakshya.matching.importers import ImportOptions
from sakshya.testing import drawing, tiny_disk
from sakshya.triage.events import Event, Finished
from sakshya.workbench import AttachRequest, Desk, ScanRequest, Workbench
from sakshya.workbench.bench import commit_set, schemes

EXAMINER = "Asha Examiner"
AT = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)


def fixed_clock() -> datetime:
    """Return always the same time; a module-level function, so that it crosses process borders."""
    return AT


def desk_in(folder: Path) -> Desk:
    """Return a desk whose sets lie in `folder` and whose clock stands still."""
    return Desk(folder / "sets", "Asia/Kolkata", fixed_clock)


def pictures(count: int, *, seed: int = 7) -> list[bytes]:
    """Return `count` different small JPEGs of landscapes."""
    rng = Random(seed)
    return [drawing.jpeg(drawing.landscape(rng, 320, 240)) for _ in range(count)]


def known_list(contents: Iterable[bytes]) -> bytes:
    """Return a VICS 2.0 hash set, code 1 of the teapot scheme, for these contents."""
    media = [
        {
            "MediaID": number,
            "Category": 1,
            "MD5": hashlib.md5(content).hexdigest().upper(),
            "SHA1": hashlib.sha1(content).hexdigest(),
            "MediaSize": len(content),
        }
        for number, content in enumerate(contents, 1)
    ]
    context = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media"
    return json.dumps({"@odata.context": context, "value": media}).encode()


def take_set(desk: Desk, folder: Path, contents: Iterable[bytes], *, name: str = "TEAPOTS", version: str = "1") -> None:
    """Import a known set that holds these contents."""
    file = folder / f"{name}-{version}.json"
    file.write_bytes(known_list(contents))
    wanted = ImportOptions(
        name=name,
        version=version,
        kind=SetKind.KNOWN,
        scheme=schemes()["teapots"],
        supplier="tests",
    )
    commit_set(Workbench.plan_set(file, wanted), desk)


def make_case(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    deleted: Mapping[str, bytes] | None = None,
    disk: bytes | None = None,
    fields: Mapping[str, str] | None = None,
) -> Workbench:
    """Create a case in `folder/case` with these files on one attached exhibit, EX-1."""
    exhibit = folder / "disk.dd"
    exhibit.write_bytes(disk if disk is not None else tiny_disk(files, deleted=deleted))
    return case_on(folder, exhibit, fields)


def case_on(folder: Path, exhibit: Path, fields: Mapping[str, str] | None = None) -> Workbench:
    """Create a case in `folder/case` with this file attached as EX-1."""
    bench = Workbench.new_case(
        folder / "case",
        {"template": "india-bsa", "unit_name": "Test Unit", **(fields or {})},
        desk=desk_in(folder),
        by=EXAMINER,
        unencrypted_reason="test",
    )
    finish(bench.attach(AttachRequest(files=(str(exhibit),), number="EX-1")))
    return bench


def scan(bench: Workbench, workers: int = 1) -> Finished:
    """Scan to the end and return the summary."""
    return finish(bench.scan(ScanRequest(workers=workers)))


def finish(events: Iterable[Event]) -> Finished:
    """Run a job to its end and return its last event."""
    last = [*events][-1]
    assert isinstance(last, Finished)
    return last
