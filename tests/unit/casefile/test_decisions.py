from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.driver import DRIVER_ERRORS
from sakshya.casefile.reconcile import reconcile
from sakshya.domain.category import Category
from sakshya.domain.faults import OperatorFault
from sakshya.domain.item import ItemId, Status
from tests.unit.casefile.building import AT, LANDSCAPE, TEAPOT, add_match, attach, entry, finding, match

IYER, KHAN = "R. Iyer", "ज़ोया ख़ान"


@pytest.fixture
def items(case: CaseFile) -> list[ItemId]:
    entries = attach(case, *(entry(f"{n}.jpg") for n in range(4)))
    return case.items.record([finding(one, f"{n}") for n, one in enumerate(entries)])


def test_a_decision_is_kept_with_who_when_and_why(case: CaseFile, items: list[ItemId]) -> None:
    (made,) = case.decisions.decide(items[:1], TEAPOT, by=KHAN, at=AT, reason="spout \ud800")

    assert (made.category, made.by, made.at, made.reason) == (
        TEAPOT,
        KHAN,
        "2025-03-01T09:30:00.000000Z",
        "spout \ud800",
    )
    assert case.items.get(items[0]).decision == made
    assert case.items.get(items[0]).status is Status.DECIDED


def test_a_later_decision_replaces_and_keeps_the_earlier_one(case: CaseFile, items: list[ItemId]) -> None:
    (first,) = case.decisions.decide(items[:1], TEAPOT, by=KHAN, at=AT)

    (second,) = case.decisions.decide(items[:1], LANDSCAPE, by=IYER, at=AT)

    assert second.replaces == first.id
    assert case.decisions.all() == [first, second]


def test_one_key_over_a_stack_is_undone_by_one_key(case: CaseFile, items: list[ItemId]) -> None:
    case.decisions.decide(items[:1], LANDSCAPE, by=IYER, at=AT)
    case.decisions.decide([*items, items[0]], TEAPOT, by=IYER, at=AT)

    taken_back = case.decisions.undo(IYER, AT + timedelta(seconds=5))

    assert [(one.item, one.category) for one in taken_back] == [(one, None) for one in items]
    current = case.items.get(items[0]).decision
    assert current is not None
    assert current.category == LANDSCAPE
    assert [case.items.get(one).status for one in items[1:]] == [Status.UNDECIDED] * 3
    assert [one.item for one in case.decisions.all()].count(items[0]) == 3


def test_undo_takes_back_ones_own_last_step_only(case: CaseFile, items: list[ItemId]) -> None:
    case.decisions.decide(items[:1], TEAPOT, by=KHAN, at=AT)
    (others,) = case.decisions.decide(items[:1], LANDSCAPE, by=IYER, at=AT)

    undone = case.decisions.undo(KHAN, AT)

    assert len(undone) == 1
    assert case.items.get(items[0]).decision == others
    assert case.decisions.undo(KHAN, AT) == []
    # What Iyer's decision had replaced was taken back meanwhile, so that nothing stands any more.
    case.decisions.undo(IYER, AT)
    assert case.items.get(items[0]).decision is None


def test_an_undecided_known_item_is_known_again(case: CaseFile, items: list[ItemId]) -> None:
    add_match(case, items[0], match())
    case.decisions.decide(items[:1], LANDSCAPE, by=IYER, at=AT)

    case.decisions.undo(IYER, AT)

    assert case.items.get(items[0]).status is Status.KNOWN
    assert reconcile(case) == []


def test_a_thousand_steps_are_undone_one_by_one_after_a_restart(
    new_case: Callable[[str], CaseFile], tmp_path: Path, passphrase: str | None
) -> None:
    with new_case("case") as case:
        (only,) = attach(case, entry("a.jpg"))
        (item,) = case.items.record([finding(only, "teapot")])
        with case.transaction():
            for n in range(1000):
                case.decisions.decide([item], Category("teapots", "1", str(n)), by=IYER, at=AT)

    with CaseFile.open(tmp_path / "case", passphrase=passphrase) as again:
        seen = []
        with again.transaction():
            while again.decisions.undo(IYER, AT):
                current = again.items.get(item).decision
                seen.append(current.category.code if current and current.category else None)

    assert seen == [*map(str, range(998, -1, -1)), None]


def test_decisions_can_only_be_appended(case: CaseFile, items: list[ItemId]) -> None:
    case.decisions.decide(items, TEAPOT, by=IYER, at=AT)

    for statement in ("UPDATE decision SET code = '9'", "DELETE FROM decision"):
        with pytest.raises(DRIVER_ERRORS, match="only be appended"):
            case.database().execute(statement)


@pytest.mark.parametrize("wanted", [[], [99], [1, 99]])
def test_deciding_nothing_or_an_unknown_item_is_refused(
    case: CaseFile, items: list[ItemId], wanted: list[ItemId]
) -> None:
    with pytest.raises(OperatorFault, match="no item"):
        case.decisions.decide(wanted, TEAPOT, by=IYER, at=AT)

    assert case.decisions.all() == []
