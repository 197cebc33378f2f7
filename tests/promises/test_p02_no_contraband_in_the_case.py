"""P2: what the case, its neighbours and the temporary folder hold of a picture is at most 192 grey cells."""

import re
from pathlib import Path
from random import Random

import pytest

from sakshya.casefile.item_filter import ItemFilter
from sakshya.testing import drawing
from sakshya.testing.exif_writer import Camera, with_exif
from sakshya.testing.fat16 import FIXED_TIME
from tests.support.small_case import make_case, pictures, scan

# What every stored picture starts with; a false hit in random bytes is not to be expected at these lengths.
_PICTURE = re.compile(
    rb"\xff\xd8\xff[\xe0\xe1\xdb\xee]..(?:JFIF|Exif|\x00|\x43)|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF....WEBP|ftyp(?:heic|avif)",
    re.DOTALL,
)
_LONGEST_RUN = 1024


def _holds_picture(file: Path) -> bool:
    return bool(_PICTURE.search(file.read_bytes()))


def _camera_picture() -> bytes:
    embedded = drawing.jpeg(drawing.smaller(drawing.landscape(Random(3), 320, 240), 30))
    camera = Camera("Example", "One", FIXED_TIME, "12.500000", "77.250000", embedded)
    return with_exif(pictures(1)[0], camera)


def test_no_file_of_the_case_or_the_bundle_holds_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    camera = _camera_picture()
    assert _PICTURE.search(camera)
    with make_case(tmp_path, {"/a.jpg": camera, "/b.jpg": pictures(2)[1]}) as bench:
        scan(bench)
        item = next(bench.case.items.find(ItemFilter()))
        bench.look(item.id, 300)
        bench.report(tmp_path / "papers")
        bench.bundle(tmp_path / "bundle")

    written = [file for name in ("case", "papers", "bundle") for file in (tmp_path / name).rglob("*") if file.is_file()]
    assert written
    assert [str(file) for file in written if _holds_picture(file)] == []
    assert [file for file in scratch.rglob("*") if file.is_file()] == []


def test_exif_thumbnails_are_dropped_where_they_are_met(tmp_path: Path) -> None:
    with make_case(tmp_path, {"/a.jpg": _camera_picture()}) as bench:
        scan(bench)

        item = next(bench.case.items.find(ItemFilter()))
        names = {name for name, _ in item.report.exif}
        assert any("Make" in name for name in names)
        assert not any("humbnail" in name and "JPEGThumbnail" in name for name in names)
        assert all(len(str(value)) < _LONGEST_RUN for _, value in item.report.exif)


def test_a_mosaic_has_at_most_sixteen_by_twelve_cells(tmp_path: Path) -> None:
    with make_case(tmp_path, {"/a.jpg": pictures(1)[0]}) as bench:
        scan(bench)

        (tile,) = bench.case.items.tiles([next(bench.case.items.find(ItemFilter())).id])
        assert tile.cells is not None
        assert tile.columns <= 16
        assert tile.rows <= 12
        assert len(tile.cells) == tile.columns * tile.rows


def test_worker_processes_dump_no_core(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    from sakshya.triage.engine.child import stream
    from tests.support.limits_there import core_limits

    (limits,) = stream(core_limits, cancel=bool, silence=30)

    assert limits == (0, 0)
    assert resource is not None
