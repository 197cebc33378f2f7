"""Names leave on an order only, in every script, and never in a report or a bundle."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from sakshya.domain.faults import OperatorFault
from sakshya.report.names_annexure import write_names_annexure
from tests.support.report_case import AT, EXAMINER, ZONE, make_case


def test_names_are_printed_as_they_stand_with_the_order(tmp_path: Path) -> None:
    with make_case(tmp_path / "case") as case:
        file = write_names_annexure(
            case, tmp_path / "papers", at=AT, zone=ZONE, language="en", by=EXAMINER, order="Crl. M.P. 7/2026"
        )
        acts = [line.act for line in case.ledger.entries()]

    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(file.read_bytes())).pages)
    assert "Crl. M.P. 7/2026" in text
    assert "/=cmd|' /C calc'!A0.jpg" in text
    assert any("\u0900" <= one <= "\u097f" for one in text.partition("Crl.")[2])
    assert any("\u0600" <= one <= "\u06ff" for one in text.partition("Crl.")[2])
    assert acts[-1] == "names.issue"


def test_without_an_order_no_name_is_printed(tmp_path: Path) -> None:
    with make_case(tmp_path / "case") as case, pytest.raises(OperatorFault, match="on an order only"):
        write_names_annexure(case, tmp_path / "p", at=AT, zone=ZONE, language="en", by=EXAMINER, order=" ")
    assert not (tmp_path / "p").exists()
