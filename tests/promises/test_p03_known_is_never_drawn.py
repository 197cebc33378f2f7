"""P3: a known item is settled without being decoded, and keeps no mosaic."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sakshya.casefile.item_filter import ItemFilter
from sakshya.domain.faults import OperatorFault
from sakshya.domain.item import EntryId, Status
from sakshya.domain.locator import Locator
from sakshya.domain.media import Kind
from sakshya.media import examine as looking
from sakshya.triage.engine.batch import Attempt, Piece
from sakshya.triage.worker import MediaExaminer, MediaTriage
from tests.support.small_case import desk_in, make_case, pictures, scan, take_set


def _bomb(*_args: object, **_more: object) -> None:
    raise AssertionError("a known item was decoded")


def test_a_known_picture_reaches_no_decoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sakshya.matching.sets import SetFolder

    known, unknown = pictures(2)
    desk = desk_in(tmp_path)
    take_set(desk, tmp_path, [known])
    with make_case(tmp_path, {"/known.jpg": known, "/unknown.jpg": unknown}) as bench:
        exhibits = tuple(bench.case.exhibits.all())
        entries = list(_files(bench.tree))
    decoders: list[str] = [name for name in dir(looking) if "decode" in name.lower() or "storyboard" in name.lower()]
    for name in decoders:
        if callable(getattr(looking, name)) and not isinstance(getattr(looking, name), type):
            monkeypatch.setattr(looking, name, _bomb)
    with SetFolder(desk.sets).open() as sets:
        examine = MediaExaminer(MediaTriage(exhibits, sets))
        by_name = {locator.path: Piece(EntryId(n), locator, 1) for n, locator in enumerate(entries, 1)}

        settled = examine(by_name["/known.jpg"], Attempt.TOGETHER, None)

        assert settled.matches
        assert settled.report is not None
        assert settled.report.mosaic is None
        assert settled.report.fingerprints == ()
        assert settled.report.facts.width == 320
        with pytest.raises(AssertionError, match="was decoded"):
            examine(by_name["/unknown.jpg"], Attempt.TOGETHER, None)


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
        assert statuses[Status.KNOWN].report.mosaic is None
        assert statuses[Status.KNOWN].report.fingerprints == ()


def test_a_known_item_is_opened_only_for_a_stated_reason_and_the_ledger_says_so(tmp_path: Path) -> None:
    shot = pictures(1)
    take_set(desk_in(tmp_path), tmp_path, shot)
    with make_case(tmp_path, {"/0.jpg": shot[0]}) as bench:
        scan(bench)
        known = next(bench.case.items.find(ItemFilter(status=frozenset({Status.KNOWN}))))

        with pytest.raises(OperatorFault, match="stated reason"):
            bench.look(known.id, 100)
        before = sum(entry.act == "look" for entry in bench.case.ledger.entries())
        bench.look(known.id, 100, reason="verification sample")

        looks = [entry for entry in bench.case.ledger.entries() if entry.act == "look"]
        assert len(looks) == before + 1
        assert looks[-1].public == {"known": True}
        assert looks[-1].private == {"reason": "verification sample"}
