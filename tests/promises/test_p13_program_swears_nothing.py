"""P13: nothing that a person declares is filled in or ticked, and nothing is concluded."""

import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from sakshya.casefile.casefile import CaseFile
from sakshya.domain.exhibit import Exhibit
from sakshya.report.certificate import write_certificate
from sakshya.report.papers import write_report
from sakshya.report.statutory import load_statutes
from sakshya.shipped import case_templates
from tests.support.report_case import AT, EXAMINER, EXPERT, ZONE, exhibit, make_case, verify_again

_BLANK_WORDS = (
    "I, (Name), Son/daughter/spouse of residing/employed at do hereby solemnly affirm",
    "Date (DD/MM/YYYY): Time (IST): hours (In 24 hours format) Place:",
)


def _text(file: Path) -> str:
    pages = PdfReader(io.BytesIO(file.read_bytes())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def _certificate(case: CaseFile, form: str, to: Path) -> str:
    answers = {"expert": EXPERT} if form == "bsa-63-4-b" else {}
    return _text(write_certificate(case, form, to / f"{form}.pdf", at=AT, zone=ZONE, by=EXAMINER, answers=answers))


@pytest.mark.parametrize("form", ["bsa-63-4-a", "bsa-63-4-b"])
def test_the_schedule_ticks_facts_and_leaves_every_declaration_blank(form: str, tmp_path: Path) -> None:
    with make_case(tmp_path / "case") as case:
        verify_again(case, EXPERT)
        text = _certificate(case, form, tmp_path)

    for words in _BLANK_WORDS:
        assert words in text
    assert "DVR Mobile X Flash Drive CD/DVD Server Cloud Other Other:" in text
    assert "X SHA1:" in text
    assert "X SHA256:" in text
    assert "X MD5:" in text
    assert "X Other" not in text
    assert len(re.findall(r"\bX\b", text)) == 4
    if form == "bsa-63-4-a":
        assert "is:— Owned Maintained Managed Operated by me (select as applicable)." in text
    else:
        assert "lawful control" not in text.partition("Annexure")[0]


def test_every_sentence_of_part_a_is_printed_as_the_law_has_it(tmp_path: Path) -> None:
    with make_case(tmp_path / "case") as case:
        text = _certificate(case, "bsa-63-4-a", tmp_path)

    for _, line in load_statutes(case_templates()).lines_a:
        for words in re.split("____|☐", line):
            assert " ".join(words.split()) in text


@pytest.mark.parametrize(
    "particulars", [(), (("source_type", "Tablet"),), (("relation", "Owned"), ("source_type", ""))]
)
def test_no_box_is_ticked_for_what_nobody_stated(particulars: tuple[tuple[str, str], ...], tmp_path: Path) -> None:
    with make_case(tmp_path / "case") as case:
        bare = Exhibit("EX-2", ("/x/a.dd",), exhibit().container, particulars=particulars)
        case.exhibits.add(bare)
        text = _certificate(case, "bsa-63-4-a", tmp_path)

    second = text.split("PART A (To be filled by the Party)")[2].partition("Annexure")[0]
    assert "Mobile Flash Drive" in second
    assert "Owned Maintained Managed Operated by me" in second


def test_an_exhibit_that_was_not_hashed_ticks_no_algorithm_in_part_b(tmp_path: Path) -> None:
    with make_case(tmp_path / "case") as case:
        text = _text(write_certificate(case, "bsa-63-4-b", tmp_path / "b.pdf", at=AT, zone=ZONE, by=EXAMINER))

    form = text.partition("Annexure")[0]
    assert "record/s is , obtained through the following algorithm:— SHA1: SHA256: MD5: Other" in form
    assert len(re.findall(r"\bX\b", form)) == 1


def test_the_four_conditions_of_65b_stand_word_for_word_beside_empty_boxes(tmp_path: Path) -> None:
    with make_case(tmp_path / "case") as case:
        text = _certificate(case, "iea-65b", tmp_path)

    for condition in load_statutes(case_templates()).conditions:
        assert condition in text
    assert not re.search(r"\bX\b", text)
    assert "Name: Designation: Office:" in text


def test_the_expert_s_statement_and_opinion_are_left_to_the_expert(tmp_path: Path) -> None:
    with make_case(tmp_path / "case", "pakistan-peca") as case:
        text = _certificate(case, "pk-expert", tmp_path)

    assert not re.search(r"\bX\b", text)
    for blank in ("Name: Post: ", "Years of experience: Order of designation: ", "Date: Place: Reviewed by: "):
        assert blank in text


def test_the_report_states_who_states_what_and_concludes_nothing(tmp_path: Path) -> None:
    with make_case(tmp_path / "case") as case:
        text = _text(write_report(case, tmp_path / "papers", at=AT, zone=ZONE, language="en", by=EXAMINER)[0])

    for row in re.findall(r"teapots@1:1 – (\w+)", text):
        assert row in ("TEAPOTS", "Asha")
    assert "Name, designation and signature Date Place" in text
    assert not re.search(r"\b(guilty|illegal|unlawful|minor|years? old|aged|proves?|proven|beyond doubt)\b", text)
    assert "It gives no opinion" in text
