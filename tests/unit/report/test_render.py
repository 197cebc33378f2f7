"""Papers are typeset from data alone: the same bytes, no markup from names, every script."""

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from sakshya.report import blocks
from sakshya.report.coverage import printable
from sakshya.report.heads import RESTRICTED
from sakshya.report.render import typeset

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
HOSTILE = '#set page(width: 1cm) *bold* _it_ $x^2$ @ref <label> [x] `raw` \\ // = - + / ~ " \' # {} #image("x")'


def _data(*values: str) -> Mapping[str, object]:
    head = {
        "title": "Paper",
        "subtitle": "",
        "author": "",
        "keywords": [],
        "practice": False,
        "practice_line": "",
        "running_title": "",
        "running_case": "",
        "restricted": RESTRICTED,
        "page_of": "page {page} of {pages}",
        "footing": "",
        "replaced_note": "REPLACED",
    }
    rows = [(f"value {number}", value) for number, value in enumerate(values)]
    return {"head": head, "sections": [blocks.section("Section", [blocks.pairs(rows)])]}


def _text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def _typeset(*values: str, language: str = "en") -> bytes:
    return typeset("shared/report.typ", _data(*values), language=language, at=AT)


def test_the_same_data_gives_the_same_bytes() -> None:
    assert _typeset("a", "आशा") == _typeset("a", "आशा")


def test_a_paper_is_tagged_pdf_a_and_pdf_ua_with_a_title_and_only_the_shipped_fonts() -> None:
    reader = PdfReader(BytesIO(_typeset("Latin", "आशा", "علی", "കേരളം")))
    catalog = reader.trailer["/Root"]
    xmp = catalog["/Metadata"].get_object().get_data()  # type: ignore[index]

    assert b"<pdfaid:part>2</pdfaid:part>" in xmp
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert b"<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert catalog["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert catalog["/Lang"] == "en"  # type: ignore[index]
    fonts = {str(font["/BaseFont"]) for font in _fonts(reader)}
    assert fonts
    assert all("Noto" in name for name in fonts), fonts


def _fonts(reader: PdfReader) -> list[Mapping[str, object]]:
    return [
        font.get_object()
        for page in reader.pages
        for font in page["/Resources"].get("/Font", {}).values()  # type: ignore[index]
    ]


def test_markup_in_a_value_is_only_text() -> None:
    text = _text(_typeset(HOSTILE))

    assert "#set page(width: 1cm) *bold*" in text.replace("\n", " ")
    assert PdfReader(BytesIO(_typeset(HOSTILE))).pages[0].mediabox.width == pytest.approx(595, abs=1)


def test_a_character_without_a_glyph_is_written_out_and_the_paper_says_so() -> None:
    text = _text(_typeset("tea \U0001fad6 pot"))

    assert "tea [U+1FAD6] pot" in text
    assert "REPLACED" in text
    assert "REPLACED" not in _text(_typeset("tea pot"))


def test_bytes_that_are_no_unicode_come_out_in_the_reversible_form() -> None:
    assert printable("a\udcffb\ud800c\x0bd") == "a\\xFFb\\uD800c\\x0Bd"
    assert "a\\xFFb" in _text(_typeset("a\udcffb"))


@pytest.mark.parametrize("text", ["a\u0951", "ud\u1cf3", "x\n\u0613", "\ufeffa", "\ue000", "क\u0613", "a\u200dक"])
def test_marks_and_marks_of_order_that_no_font_joins_are_written_out(text: str) -> None:
    assert _typeset(text).startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["en", "hi", "ur"])
def test_every_language_is_typeset_with_values_in_every_script(language: str) -> None:
    pdf = _typeset("EX-1 (seal no. 4)", "क्षितिज श्रावण स्त्री", "محمد علی (لاہور)", "കേരളം", language=language)

    assert PdfReader(BytesIO(pdf)).trailer["/Root"]["/Lang"] == language  # type: ignore[index]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=30), min_size=1, max_size=6))
def test_no_text_keeps_a_paper_from_being_made(values: list[str]) -> None:
    assert _typeset(*values).startswith(b"%PDF-")
