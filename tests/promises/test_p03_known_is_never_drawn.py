"""P3: a known item is settled without being decoded, and keeps no mosaic."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import pytest
from PIL import Image

from sakshya.casefile.item_filter import ItemFilter
from sakshya.domain.faults import OperatorFault
from sakshya.domain.item import EntryId, Status
from sakshya.domain.locator import Locator
from sakshya.domain.media import Kind
from sakshya.matching.sets import SetFolder
from sakshya.media import decode, frames
from sakshya.testing.avi_writer import mjpeg_avi
from sakshya.triage.engine.batch import Attempt, Piece, Task
from sakshya.triage.worker import MediaExaminer, MediaTriage
from tests.support.small_case import desk_in, make_case, pictures, scan, take_set


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of decoders as they are called; each still does its work."""
    calls: list[str] = []
    for module, name in ((decode, "decode_picture"), (frames, "storyboard"), (cv2, "imdecode"), (Image.Image, "load")):
        real = getattr(module, name)

        def counted(*args: object, _real: Callable[..., object] = real, _name: str = name, **more: object) -> object:
            calls.append(_name)
            return _real(*args, **more)

        monkeypatch.setattr(module, name, counted)
    return calls


def test_a_known_picture_or_video_reaches_no_decoder(tmp_path: Path, decoded: list[str]) -> None:
    known, unknown = pictures(2)
    film = mjpeg_avi(pictures(5, seed=3), width=320, height=240)
    desk = desk_in(tmp_path)
    take_set(desk, tmp_path, [known, film])
    with make_case(tmp_path, {"/known.jpg": known, "/unknown.jpg": unknown, "/film.avi": film}) as bench:
        exhibits = tuple(bench.case.exhibits.all())
        entries = _files(bench.tree)
    with SetFolder(desk.sets).open() as sets:
        examine = MediaExaminer(MediaTriage(exhibits, sets))
        by_name = {locator.path: Piece(EntryId(n), str(locator), 1) for n, locator in enumerate(entries, 1)}
        decoded.clear()

        for name in ("/known.jpg", "/film.avi"):
            settled = examine(by_name[name], Attempt.TOGETHER, None)
            assert settled.matches
            assert settled.report is not None
            assert settled.report.mosaic is None
            assert settled.report.fingerprints == ()
            assert settled.report.frames == ()
            assert settled.report.facts.width == 320
            again = replace(by_name[name], task=Task.LOOK, digests=settled.digests, size=settled.size)
            examine(again, Attempt.TOGETHER, None)
            assert decoded == []
        hashed = examine(by_name["/unknown.jpg"], Attempt.TOGETHER, None)
        assert decoded == []
        looked = replace(by_name["/unknown.jpg"], task=Task.LOOK, digests=hashed.digests, size=hashed.size)
        examine(looked, Attempt.TOGETHER, None)
        assert decoded


def _files(children: Callable[..., list[object]]) -> list[Locator]:
    found: list[Locator] = []
    waiting: list[Locator | None] = [None]
    while waiting:
        for entry in children("EX-1", waiting.pop()):
            kind = entry.kind.value  # type: ignore[attr-defined]
            if kind == "directory" or entry.locator.path == "/":  # type: ignore[attr-defined]
                waiting.append(entry.locator)  # type: ignore[attr-defined]
            elif kind == "file":
                found.append(entry.locator)  # type: ignore[attr-defined]
    return found


def test_the_case_keeps_no_mosaic_of_a_known_item(tmp_path: Path) -> None:
    shots = pictures(4)
    take_set(desk_in(tmp_path), tmp_path, shots[:2])
    with make_case(tmp_path, {f"/{n}.jpg": shot for n, shot in enumerate(shots)}) as bench:
        scan(bench)

        tiles = bench.case.items.tiles([item.id for item in bench.case.items.find(ItemFilter())])
        known = [tile for tile in tiles if tile.status is Status.KNOWN]
        unknown = [tile for tile in tiles if tile.status is Status.UNDECIDED]
        assert len(known) == 2
        assert all(tile.cells is None for tile in known)
        assert len(unknown) == 2
        assert all(tile.cells for tile in unknown)


def test_a_set_that_arrives_later_takes_the_mosaic_away(tmp_path: Path) -> None:
    shots = pictures(2)
    with make_case(tmp_path, {f"/{n}.jpg": shot for n, shot in enumerate(shots)}) as bench:
        scan(bench)
        take_set(bench.desk, tmp_path, shots[:1])

        scan(bench)

        kept = list(bench.case.items.find(ItemFilter(kind=frozenset({Kind.PICTURE}))))
        statuses = {item.status: item for item in kept}
        assert set(statuses) == {Status.KNOWN, Status.UNDECIDED}
        assert bench.case.items.tiles([statuses[Status.KNOWN].id])[0].cells is None
        assert statuses[Status.KNOWN].report.fingerprints == ()


def test_a_known_item_is_opened_only_for_a_stated_reason_and_the_ledger_says_so(tmp_path: Path) -> None:
    shot = pictures(1)
    take_set(desk_in(tmp_path), tmp_path, shot)
    with make_case(tmp_path, {"/0.jpg": shot[0]}) as bench:
        scan(bench)
        known = next(bench.case.items.find(ItemFilter(status=frozenset({Status.KNOWN}))))

        with pytest.raises(OperatorFault, match="stated reason"):
            bench.look(known.id, 100)
        bench.decide([known.id], bench.category("0"))
        with pytest.raises(OperatorFault, match="stated reason"):
            bench.look(known.id, 100)
        before = sum(entry.act == "look" for entry in bench.case.ledger.entries())
        bench.look(known.id, 100, reason="verification sample")

        looks = [entry for entry in bench.case.ledger.entries() if entry.act == "look"]
        assert len(looks) == before + 1
        assert looks[-1].public == {"known": True}
        assert looks[-1].private == {"reason": "verification sample"}
