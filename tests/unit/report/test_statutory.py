"""The prescribed forms stand word for word as the law has them."""

import hashlib
from pathlib import Path

import pytest

from sakshya.report.statutory import Filling, fill, load_statutes
from sakshya.shipped import case_templates

_COMPARED = "1501ec2c150c465f1a68dc52259f49112af8555c618b55dca17cc2e7049f851c"
_REFERENCE = Path(__file__).parents[4] / "shared" / "reference" / "statutory-forms.md"


def _between(text: str, start: str, end: str) -> list[str]:
    part = text.partition(start)[2].partition(end)[0]
    return [line.strip() for line in part.splitlines() if line.strip()]


@pytest.mark.data
def test_the_sentences_are_those_of_the_reviewed_transcription() -> None:
    if not _REFERENCE.is_file():
        pytest.skip("the reviewed transcription is not beside the project")
    text = _REFERENCE.read_text("utf-8")
    statutes = load_statutes(case_templates())

    part_a = _between(text, "### PART A (To be filled by the Party)", "### PART B")
    part_b = _between(text, "### PART B (To be filled by the Expert)", "Part B's hash is")
    conditions = _between(text, "two transcriptions agree)", "Section 65B(4) asks")

    assert [line for _, line in statutes.lines_a] == part_a
    assert list(statutes.conditions) == conditions
    same = part_b.index("(the same list of devices and the same particulars as in Part A)")
    lines_b = [line for _, line in statutes.lines_b]
    assert lines_b == [*part_b[:same], *part_a[2:8], *part_b[same + 1 :]]
    assert f"## {statutes.headings['act']}".split(",")[0].replace("## ", "") in text


def test_the_sentences_are_still_those_that_were_compared() -> None:
    statutes = load_statutes(case_templates())
    lines = [line for _, line in (*statutes.lines_a, *statutes.lines_b)] + list(statutes.conditions)

    # Changes only together with a new comparison with the law's text.
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == _COMPARED


def test_the_source_says_that_a_lawyer_has_to_read_it() -> None:
    assert "for legal review" in (case_templates() / "shared" / "statutory.toml").read_text("utf-8")


def test_part_b_has_no_paragraph_on_lawful_control_and_no_relation_to_the_device() -> None:
    statutes = load_statutes(case_templates())

    assert {key for key, _ in statutes.lines_a} - {key for key, _ in statutes.lines_b} == {"lawful_control", "relation"}


def test_filling_a_line_changes_none_of_its_words() -> None:
    lines = [("one", "Make & Model: ____ Color: ____"), ("two", "Owned ☐ Managed ☐ by me")]

    filled = fill(lines, {"one": Filling(("M-1",)), "two": Filling(ticks=(1,))})

    assert filled[0]["pieces"] == [
        {"kind": "text", "value": "Make & Model: "},
        {"kind": "blank", "value": "M-1"},
        {"kind": "text", "value": " Color: "},
        {"kind": "blank", "value": ""},
    ]
    assert [one["ticked"] for one in filled[1]["pieces"] if one["kind"] == "box"] == [False, True]  # type: ignore[attr-defined]


def test_a_filling_for_a_line_the_form_does_not_have_is_an_error() -> None:
    with pytest.raises(KeyError, match="three"):
        fill([("one", "____")], {"three": Filling(("x",))})
