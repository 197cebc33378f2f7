from pathlib import Path

import pytest

from sakshya import shipped
from sakshya.domain.category import Category
from sakshya.domain.faults import OperatorFault
from sakshya.domain.match import SetKind
from sakshya.matching.importers import ImportPlan, commit, plan
from sakshya.matching.schemes import load_schemes
from sakshya.matching.sets import SetFolder

from .lists import AT, CONTEXT_20, digests, options, record, vics

SCHEMES = load_schemes([shipped.case_templates()])


def planned(tmp_path: Path, codes: list[object], *, context: str = CONTEXT_20, **changes: object) -> ImportPlan:
    file = tmp_path / "list.json"
    file.write_bytes(vics([record(number, Category=code) for number, code in enumerate(codes)], context=context))
    return plan(file, options(**changes))


def test_each_code_is_shown_with_count_and_meaning_under_the_scheme(tmp_path: Path) -> None:
    ready = planned(tmp_path, [0, 0, 5, 1, None], scheme=SCHEMES["vics-us"])

    assert [(one.code, one.rows, one.label, one.stated_by) for one in ready.codes] == [
        ("0", 2, "Non-pertinent", "vics-us@gen2"),
        ("1", 1, "Child abuse material", "vics-us@gen2"),
        ("5", 1, "Uncategorised", "vics-us@gen2"),
    ]
    assert ready.uncoded == 1


@pytest.mark.parametrize("generation", ["gen1", "gen2"])
def test_the_trap_of_0_and_5_is_spelled_out_with_the_counts(tmp_path: Path, generation: str) -> None:
    ready = planned(tmp_path, [0, 0, 5], scheme=SCHEMES[f"vics-us@{generation}"])

    caution = ready.cautions[0]
    assert "0 means" in caution
    assert "older" in caution
    assert ("0 = Uncategorised: 2" in caution) == (generation == "gen1")
    assert ("0 = Non-pertinent: 2" in caution) == (generation == "gen2")


def test_a_code_nobody_explains_holds_the_import_up(tmp_path: Path) -> None:
    sets = SetFolder(tmp_path / "sets")
    ready = planned(tmp_path, [1, 7, 7, 12], scheme=SCHEMES["vics-us"])

    assert ready.needs == ("7", "12")
    with pytest.raises(OperatorFault, match="no meaning is stated for code 7, 12"):
        commit(ready, sets, at=AT)
    assert not sets.path.exists()
    labelled = planned(tmp_path, [1, 7, 7, 12], scheme=SCHEMES["vics-us"], code_labels={"7": "Spout", "12": "Lid"})
    assert commit(labelled, sets, at=AT).entries == 4


def test_a_meaning_that_contradicts_the_scheme_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        OperatorFault, match="code 0 is stated as 'Uncategorised', but vics-us@gen2 says 'Non-pertinent'"
    ):
        planned(tmp_path, [0], scheme=SCHEMES["vics-us"], code_labels={"0": "Uncategorised"})
    assert planned(tmp_path, [0], scheme=SCHEMES["vics-us"], code_labels={"0": "non-pertinent"}).needs == ()


def test_codes_without_a_scheme_get_one_of_the_sets_own(tmp_path: Path) -> None:
    sets = SetFolder(tmp_path / "sets")
    assert planned(tmp_path, [3], scheme=None).needs == ("3",)
    commit(planned(tmp_path, [3], scheme=None, code_labels={"3": "Teapot"}), sets, at=AT)

    with sets.open() as open_sets:
        assert open_sets.lookup(digests(0), 8)[0].category == Category("own-teapots", "1", "3")


def test_a_code_is_spelled_as_its_scheme_spells_it(tmp_path: Path) -> None:
    ready = planned(tmp_path, ["a2", "A2", " A2 "])

    assert [(one.code, one.rows) for one in ready.codes] == [("A2", 3)]


def test_numbers_in_a_uk_list_must_be_explained_by_whoever_has_them(tmp_path: Path) -> None:
    context = CONTEXT_20.replace("/US/", "/UK/")

    assert planned(tmp_path, [1, 2], context=context, scheme=SCHEMES["uk-caid"]).needs == ("1", "2")
    assert planned(tmp_path, ["A", "b"], context=context, scheme=SCHEMES["uk-caid"]).needs == ()


@pytest.mark.parametrize(
    ("context", "changes", "said"),
    [
        (CONTEXT_20.replace("/US/", "/UK/"), {"scheme": SCHEMES["vics-us"]}, "names the country list UK"),
        (CONTEXT_20.replace("2.0", "3.0"), {}, "VICS version 3.0"),
        (CONTEXT_20, {"kind": SetKind.IGNORABLE}, "2 rows carry codes that assert unlawful material"),
        (CONTEXT_20, {"scheme": SCHEMES["vics-us"]}, "Ask the supplier"),
    ],
)
def test_what_must_be_read_before_an_import_is_said(
    tmp_path: Path, context: str, changes: dict[str, object], said: str
) -> None:
    assert any(said in one for one in planned(tmp_path, [1, 1], context=context, **changes).cautions)


def test_a_known_set_in_which_nothing_is_notable_is_remarked_upon(tmp_path: Path) -> None:
    context = CONTEXT_20.replace("/US/", "/CUSTOM/")

    assert "used as known" in planned(tmp_path, [0, 0], context=context).cautions[0]
    assert planned(tmp_path, [0, 1], context=context).cautions == ()


def test_a_column_with_a_thousand_codes_is_no_category(tmp_path: Path) -> None:
    with pytest.raises(OperatorFault, match="more than 1000 different codes"):
        planned(tmp_path, list(range(1001)))
