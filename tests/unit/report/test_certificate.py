"""Certificates are filled with facts, numbered, and offered only where they can be honest."""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from sakshya.casefile.casefile import CaseFile
from sakshya.domain.faults import OperatorFault, VerificationFault
from sakshya.report.certificate import write_certificate
from tests.support.report_case import (
    AT,
    EXAMINER,
    EXPERT,
    ZONE,
    digests_of,
    exhibit,
    make_case,
    verify_again,
)


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseFile]:
    with make_case(tmp_path / "case") as made:
        yield made


def _write(case: CaseFile, form: str, to: Path, **answers: str) -> Path:
    return write_certificate(case, form, to, at=AT, zone=ZONE, by=EXAMINER, answers=answers)


def _text(file: Path) -> str:
    pages = PdfReader(io.BytesIO(file.read_bytes())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_part_a_states_the_particulars_and_the_digests_and_encloses_the_hash_report(
    case: CaseFile, tmp_path: Path
) -> None:
    file = _write(case, "bsa-63-4-a", tmp_path / "a.pdf")
    text, report = _text(file), tmp_path / "a.hash-report.csv"

    assert "Make & Model: Example Optics M-1 Color: black" in text
    assert "Serial Number: SN*_[0001]" in text
    for value in (digests_of("EX-1").sha256, digests_of("EX-1").sha1, digests_of("EX-1").md5):
        assert value in text
    digest = hashlib.sha256(report.read_bytes()).hexdigest()
    assert f"as per annexed hash report, 4 record(s), SHA-256 of the report {digest}" in text
    rows = list(csv.DictReader(io.StringIO(report.read_text("utf-8"))))
    assert [row["name_masked"] for row in rows] == ["whole exhibit", "[13].jpg", "[8].png", "[10].jpg"]
    assert rows[0]["sha256"] == digests_of("EX-1").sha256


def test_part_b_states_only_the_expert_s_own_computation(case: CaseFile, tmp_path: Path) -> None:
    before = _text(_write(case, "bsa-63-4-b", tmp_path / "b1.pdf"))
    verify_again(case, EXPERT)
    after = _text(_write(case, "bsa-63-4-b", tmp_path / "b2.pdf", expert=EXPERT))

    assert "The expert's own computation is not recorded" in before
    assert digests_of("EX-1").sha256 not in before
    assert not (tmp_path / "b1.hash-report.csv").exists()
    assert digests_of("EX-1").sha256 in after
    assert f"recorded as made by {EXPERT}" in after
    rows = list(csv.DictReader(io.StringIO((tmp_path / "b2.hash-report.csv").read_text("utf-8"))))
    assert [(row["exhibit"], row["computed_by"]) for row in rows] == [("EX-1", EXPERT)]


def test_the_person_of_part_a_is_no_expert_for_part_b(case: CaseFile, tmp_path: Path) -> None:
    verify_again(case, EXAMINER)

    with pytest.raises(OperatorFault, match="made the computation that Part A states"):
        _write(case, "bsa-63-4-b", tmp_path / "b.pdf", expert=EXAMINER)
    assert "not recorded" in _text(_write(case, "bsa-63-4-b", tmp_path / "c.pdf"))


def test_two_computations_that_differ_stop_part_b(case: CaseFile, tmp_path: Path) -> None:
    verify_again(case, EXPERT, digests_of("something else"))

    with pytest.raises(VerificationFault, match="two computations over EX-1 differ"):
        _write(case, "bsa-63-4-b", tmp_path / "b.pdf")
    assert list(tmp_path.glob("*.pdf")) == []


def test_an_exhibit_that_could_not_be_read_to_its_end_has_no_digest_in_the_form(tmp_path: Path) -> None:
    with make_case(tmp_path / "case") as case:
        lost = replace(exhibit("EX-2").verifications[0], digests=None, agrees=None)
        case.exhibits.add(replace(exhibit("EX-2"), verifications=(lost,)))
        text = _text(_write(case, "bsa-63-4-a", tmp_path / "a.pdf"))

    assert digests_of("EX-2").sha256 not in text
    assert text.count("PART A (To be filled by the Party)") == 2


def test_each_issue_is_numbered_and_an_earlier_one_is_kept(case: CaseFile, tmp_path: Path) -> None:
    first = _write(case, "iea-65b", tmp_path / "one.pdf")
    kept = first.read_bytes()

    with pytest.raises(OperatorFault, match="never written over"):
        _write(case, "iea-65b", first)
    second = _write(case, "iea-65b", tmp_path / "two.pdf")

    assert first.read_bytes() == kept
    assert "Issue number 1" in _text(first)
    assert "Issue number 2" in _text(second)
    assert "Issue number 1" in _text(_write(case, "bsa-63-4-a", tmp_path / "three.pdf"))


def test_a_file_in_the_way_of_the_hash_report_leaves_nothing_half_done(case: CaseFile, tmp_path: Path) -> None:
    (tmp_path / "a.hash-report.csv").write_text("there before", "utf-8")
    lines = case.ledger.head()

    with pytest.raises(OperatorFault, match="never written over"):
        _write(case, "bsa-63-4-a", tmp_path / "a.pdf")

    assert not (tmp_path / "a.pdf").exists()
    assert (tmp_path / "a.hash-report.csv").read_text("utf-8") == "there before"
    assert case.ledger.head() == lines


def test_a_form_the_template_does_not_offer_is_refused_with_those_it_does(case: CaseFile, tmp_path: Path) -> None:
    with pytest.raises(OperatorFault, match="its forms: bsa-63-4-a, bsa-63-4-b, iea-65b"):
        _write(case, "pk-expert", tmp_path / "p.pdf")


def test_the_expert_certificate_of_pakistan_states_facts_and_leaves_the_opinion(tmp_path: Path) -> None:
    with make_case(tmp_path / "case", "pakistan-peca", enquiry_no="7/2026") as case:
        text = _text(_write(case, "pk-expert", tmp_path / "p.pdf"))

    assert "Enquiry number 7/2026" in text
    assert "Agency Cyber Cell" in text
    assert "no sign of alteration found" in text
    assert "The exhibit was opened for reading only." in text


def test_the_user_s_own_words_replace_the_drafted_manner(case: CaseFile, tmp_path: Path) -> None:
    text = _text(_write(case, "iea-65b", tmp_path / "i.pdf", manner="As I did it.", workstation="Example Desk 1"))

    assert "As I did it." in text
    assert "Example Desk 1" in text
    assert "was opened for reading only" not in text
