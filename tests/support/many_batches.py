"""A case whose scan takes many batches, so that a kill at any moment falls between two of them."""

from pathlib import Path

from sakshya.testing import tiny_disk
from sakshya.workbench import Workbench
from tests.support.small_case import case_on, desk_in, pictures, scan, take_set


def prepared_to_scan(folder: Path) -> Path:
    """Make a case in `folder`, with an exhibit and a known set but not scanned yet; return the folder."""
    folder.mkdir()
    shots = pictures(60)
    files = {f"/{n % 9}/{n:04}.jpg": shots[n % 60] + n.to_bytes(2, "big") for n in range(400)}
    files |= {f"/text/{n:04}.txt": f"note {n}".encode() for n in range(1100)}
    (folder / "disk.dd").write_bytes(tiny_disk(files, deleted={"/x.jpg": shots[0]}))
    take_set(desk_in(folder), folder, [files[f"/{n % 9}/{n:04}.jpg"] for n in range(0, 400, 8)])
    case_on(folder, folder / "disk.dd").close()
    return folder


def scan_to_the_end(folder: Path) -> tuple[object, object]:
    """Scan the case in `folder` to its end; return the findings digest and the fingerprints digest."""
    with Workbench.open(folder / "case", desk=desk_in(folder)) as bench:
        figures = scan(bench, workers=2).figures
        assert bench.case.ledger.problems() == []
        assert bench.case.entries.counts().pending == 0
        return figures["findings_digest"], figures["fingerprints_digest"]
