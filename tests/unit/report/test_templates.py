"""Case templates ask for what the papers need."""

from pathlib import Path

import pytest

from sakshya.domain.faults import OperatorFault
from sakshya.matching.schemes import load_schemes
from sakshya.report.templates import FieldKind, Form, Regime, load_templates
from sakshya.report.texts import load_texts
from sakshya.shipped import case_templates

_SCHEDULE = (
    "source_type",
    "make_model",
    "color",
    "serial_number",
    "imei_uin_uid_mac_cloud_id",
    "other_information",
    "seizure_memo_no",
)


def test_the_three_templates_ship() -> None:
    templates = load_templates(case_templates())

    assert {one.id: one.regime for one in templates.values()} == {
        "india-bsa": Regime.BSA,
        "india-iea": Regime.IEA,
        "pakistan-peca": Regime.PECA,
    }
    assert templates["india-bsa"].own_forms == (Form.BSA_63_4_A, Form.BSA_63_4_B)
    assert templates["pakistan-peca"].own_forms == (Form.PK_EXPERT,)


@pytest.mark.parametrize("name", ["india-bsa", "india-iea", "pakistan-peca"])
def test_each_template_asks_for_the_schedule_s_particulars_in_words_every_language_has(name: str) -> None:
    template = load_templates(case_templates())[name]
    keys = [one.key for one in template.exhibit_fields]

    assert set(_SCHEDULE) <= set(keys)
    assert template.scheme in load_schemes([case_templates()])
    for language in template.languages:
        assert {one.key for one in (*template.fields, *template.exhibit_fields)} <= set(
            load_texts(language).tables["field"]
        )


def test_what_is_required_and_empty_is_named() -> None:
    template = load_templates(case_templates())["india-bsa"]

    missing = template.missing({"unit_name": "Cyber Cell", "fir_no": "  "})

    assert "unit_name" not in {one.key for one in missing}
    assert "fir_no" in {one.key for one in missing}


def test_a_template_that_is_not_well_formed_is_named(tmp_path: Path) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "template.toml").write_text('id = "odd"', "utf-8")

    with pytest.raises(OperatorFault, match=r"not well formed.*template\.toml"):
        load_templates(tmp_path)


def test_a_choice_names_its_choices() -> None:
    fields = load_templates(case_templates())["india-bsa"].exhibit_fields
    source = next(one for one in fields if one.key == "source_type")

    assert source.kind is FieldKind.CHOICE
    assert source.choices == (
        "Computer/Storage Media",
        "DVR",
        "Mobile",
        "Flash Drive",
        "CD/DVD",
        "Server",
        "Cloud",
        "Other",
    )
