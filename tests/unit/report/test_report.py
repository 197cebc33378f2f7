"""The triage report prints what the case holds, masked, in every language."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.faults import DiskFullFault
from sakshya.domain.faults import OperatorFault
from sakshya.report.full_disk import told_when_full
from sakshya.report.gathering import gather
from sakshya.report.heads import RESTRICTED
from sakshya.report.papers import prepare_report, write_report
from sakshya.report.pdf_parts import refused_in_pdf
from tests.support.report_case import AT, EXAMINER, NAMES, ZONE, add_contents, digests_of, make_case


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseFile]:
    with make_case(tmp_path / "case") as made:
        yield made


def _write(case: CaseFile, to: Path, language: str = "en") -> Path:
    return write_report(case, to, at=AT, zone=ZONE, language=language, by=EXAMINER)[0]


def _pages(file: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(file.read_bytes())).pages]


def _flat(file: Path) -> str:
    return " ".join(" ".join(_pages(file)).split())


def test_it_prints_what_was_computed_stated_found_and_not_examined(case: CaseFile, tmp_path: Path) -> None:
    text = _flat(_write(case, tmp_path / "papers"))

    assert digests_of("EX-1").sha256[:32] in text
    assert "every stated digest agrees" in text
    assert "-200 s (-0:03:20)" in text
    assert "Example WB-1, serial 7" in text
    assert "unknown file system" in text
    assert "NOT EXAMINED or only in part: signature not recognised" in text
    assert "belongs to no volume: NOT EXAMINED as files" in text
    assert "teapots@1:1 – TEAPOTS 1" in text
    assert f"teapots@1:1 – {EXAMINER}" in text
    assert "[7].heic" in text
    assert "2026-03-01 09:30:00 UTC 2026-03-01 15:00:00 +05:30 (Asia/Kolkata)" in text


def test_what_was_not_filled_in_is_printed_as_not_recorded(case: CaseFile, tmp_path: Path) -> None:
    text = _flat(_write(case, tmp_path / "papers"))

    assert "District not recorded" in text
    assert "Questions asked not recorded" in text


@pytest.mark.parametrize("language", ["en", "hi", "ur"])
def test_no_name_path_place_or_time_of_viewing_is_printed(case: CaseFile, tmp_path: Path, language: str) -> None:
    file = _write(case, tmp_path / "papers", language)
    text = _flat(file)

    for name in NAMES:
        assert name.lstrip("/") not in text
    assert "18.52" not in text
    assert "2.5" not in text.replace("4.2.5", "")
    assert "/evidence" not in text
    assert refused_in_pdf(file.read_bytes()) == ""


def test_every_page_says_that_it_is_restricted_and_which_of_how_many_it_is(case: CaseFile, tmp_path: Path) -> None:
    pages = _pages(_write(case, tmp_path / "papers"))

    for number, page in enumerate(pages, start=1):
        assert RESTRICTED in page
        assert f"page {number} of {len(pages)}" in page
        assert "PRACTICE" not in page


def test_every_page_of_a_practice_case_says_so(tmp_path: Path) -> None:
    with make_case(tmp_path / "case", practice=True) as case:
        pages = _pages(_write(case, tmp_path / "papers"))

    assert all("PRACTICE - NOT EVIDENCE" in page for page in pages)


def test_issues_count_up_are_in_the_ledger_and_never_write_over_a_file(case: CaseFile, tmp_path: Path) -> None:
    first, second = _write(case, tmp_path / "papers"), _write(case, tmp_path / "papers", "hi")
    issued = [line for line in case.ledger.entries() if line.act == "report.issue"]

    assert [first.name, second.name] == ["triage-report-001-en.pdf", "triage-report-002-hi.pdf"]
    assert [line.public["issue"] for line in issued] == [1, 2]
    assert case.ledger.problems() == []
    assert len(case.ledger.sealed_heads()) == 2
    (tmp_path / "papers" / "triage-report-003-en.pdf").write_bytes(b"there before")
    with pytest.raises(OperatorFault, match="never written over"):
        _write(case, tmp_path / "papers")
    assert (tmp_path / "papers" / "triage-report-003-en.pdf").read_bytes() == b"there before"
    assert sum(line.act == "report.issue" for line in case.ledger.entries()) == 2


def test_the_same_case_at_the_same_time_gives_the_same_bytes(case: CaseFile) -> None:
    first, second = (prepare_report(case, gather(case, at=AT, zone=ZONE), language="ur") for _ in range(2))

    assert first.files == second.files
    assert first.document == second.document


def test_more_findings_than_a_paper_holds_are_counted_and_said(case: CaseFile, tmp_path: Path) -> None:
    add_contents(case, 600)

    text = _flat(_write(case, tmp_path / "papers"))

    assert "500 of 603 findings are printed" in text


def test_a_full_disk_is_told_and_leaves_no_paper(case: CaseFile) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no device that is always full")
    with pytest.raises(DiskFullFault, match="the disk is full"), told_when_full(full), full.open("wb") as file:
        file.write(b"x" * 100_000)
