"""Every number is counted once, adds up, and can be explained."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sakshya.casefile.casefile import CaseFile
from sakshya.domain.faults import OperatorFault
from sakshya.report.explaining import explain
from sakshya.report.fact_types import Facts
from sakshya.report.figures import Counted
from sakshya.report.gathering import gather
from tests.support.report_case import AT, EXAMINER, ZONE, make_case


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseFile]:
    with make_case(tmp_path / "case") as made:
        yield made


def _gather(case: CaseFile) -> Facts:
    return gather(case, at=AT, zone=ZONE)


def test_the_counts_reconcile_in_each_unit(case: CaseFile) -> None:
    facts = _gather(case)
    values = {(one.meaning, one.basis.exhibit): one.value for one in facts.figures}

    entries = [values[name, "EX-1"] for name in ("entries_read", "entries_unexamined", "entries_pending")]
    assert values["entries", "EX-1"] == sum(entries) == 9
    assert facts.results.total.value == sum(one.value for one in facts.results.statuses) == 7
    assert facts.results.total.value == sum(one.value for one in facts.results.kinds)
    total, *parts = (one.value for one in facts.exhibits[0].bytes)
    assert total == sum(parts) == 1 << 20
    assert sum(one.value for one in facts.missed_figures) == sum(one.count for one in facts.missed) == 3


def test_every_number_has_its_own_id_and_the_listing_has_as_many_lines(case: CaseFile) -> None:
    facts = _gather(case)

    assert [one.id for one in facts.figures] == [f"F-{n:03d}" for n in range(1, len(facts.figures) + 1)]
    for figure in facts.figures:
        explained = explain(case, figure.id.lower())
        assert explained.value == figure.value
        assert explained.definition
        if figure.basis.counted is not Counted.BYTES:
            assert len(explained.listing) == figure.value, figure


def test_a_number_the_report_does_not_have_is_named(case: CaseFile) -> None:
    with pytest.raises(OperatorFault, match=r"no number 'F-999'; numbers go from F-001"):
        explain(case, "F-999")


def test_what_a_set_and_a_person_state_is_told_apart(case: CaseFile) -> None:
    results = _gather(case).results

    assert [(one.set_name, str(one.category), one.figure.value) for one in results.sets] == [
        ("TEAPOTS", "teapots@1:1", 2)
    ]
    assert [(one.by, str(one.category), one.figure.value) for one in results.decided] == [(EXAMINER, "teapots@1:1", 1)]
    assert [one.meaning.label for one in results.legend if one.meaning] == ["Teapot with a pattern"]


def test_the_same_act_in_a_row_is_one_step_with_its_count(case: CaseFile) -> None:
    for _ in range(5):
        case.ledger.append("look", "x", who=EXAMINER, at=AT, zone=ZONE)

    steps = _gather(case).steps

    assert [(one.act, one.count) for one in steps][-1] == ("look", 5)
    assert sum(one.count for one in steps) == case.ledger.head()[0]


def test_an_exhibit_never_listed_and_a_case_never_scanned_say_so(tmp_path: Path) -> None:
    with make_case(tmp_path / "other") as case:
        case.scans.begin("standard", AT, EXAMINER)

        assert _gather(case).scan == "unfinished"


def test_a_case_of_an_unknown_template_is_refused(tmp_path: Path) -> None:
    with make_case(tmp_path / "other", "mars-2099") as case, pytest.raises(OperatorFault, match="mars-2099"):
        _gather(case)
