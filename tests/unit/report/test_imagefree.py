"""Nothing that can be a picture passes, however it is dressed."""

import base64
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from sakshya.domain.faults import VerificationFault
from sakshya.report.disguises import picture_kind, refused_in_text
from sakshya.report.imagefree import refuse_pictures
from sakshya.report.pdf_parts import refused_in_pdf
from sakshya.report.verifier import _picture_in
from tests.support.report_pdf import paper_pdf, png, with_picture


def _rewritten(change: Callable[[PdfWriter], None]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(paper_pdf())))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _xobject(writer: PdfWriter) -> None:
    picture = DecodedStreamObject()
    picture.set_data(bytes(3))
    picture.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(1),
            NameObject("/Height"): NumberObject(1),
            NameObject("/ColorSpace"): NameObject("/DeviceRGB"),
            NameObject("/BitsPerComponent"): NumberObject(8),
        }
    )
    # Reachable from no page: only a look at every object finds it.
    writer._add_object(picture)


def _inline(writer: PdfWriter) -> None:
    content = DecodedStreamObject()
    content.set_data(b"q BI /W 1 /H 1 /CS /RGB /BPC 8 ID abc EI Q")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(content)


def _form_with_inline(writer: PdfWriter) -> None:
    form = DecodedStreamObject()
    form.set_data(b"(a (nested) string) Tj\nBI /W 1 /H 1 /CS /G /BPC 8 ID a EI")
    form.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")})
    writer._add_object(form.flate_encode())


def _attachment(writer: PdfWriter) -> None:
    writer.add_attachment("notes.txt", b"text")


def _movie(writer: PdfWriter) -> None:
    movie = DictionaryObject({NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Movie")})
    writer._add_object(movie)


def _script(writer: PdfWriter) -> None:
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer._add_object(DictionaryObject(action))


def _type3(writer: PdfWriter) -> None:
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type3")})
    writer._add_object(ArrayObject([font]))


def _hidden_file(writer: PdfWriter) -> None:
    stream = DecodedStreamObject()
    stream.set_data(png())
    writer._add_object(stream.flate_encode())


_CHANGES = [_xobject, _inline, _form_with_inline, _attachment, _movie, _script, _type3, _hidden_file]


@pytest.mark.parametrize("change", _CHANGES, ids=lambda change: change.__name__)
def test_a_pdf_that_holds_more_than_type_and_rules_is_refused(change: Callable[[PdfWriter], None]) -> None:
    assert refused_in_pdf(_rewritten(change))


@pytest.mark.parametrize("change", [one for one in _CHANGES if one is not _hidden_file], ids=lambda one: one.__name__)
def test_the_verifier_without_libraries_finds_it_too(change: Callable[[PdfWriter], None]) -> None:
    assert _picture_in(_rewritten(change))


def test_a_paper_of_ours_passes_both_looks() -> None:
    assert refused_in_pdf(paper_pdf()) == ""
    assert _picture_in(paper_pdf()) == ""
    assert refused_in_pdf(_rewritten(lambda writer: None)) == ""


def test_a_typeset_picture_is_found_by_both_looks() -> None:
    assert "/Image" in refused_in_pdf(with_picture())
    assert "Image" in _picture_in(with_picture())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7\n",
        png(),
        b"%PDF-1.7\ngarbage\n%%EOF\n",
        paper_pdf() + b"\n" + png(),
        paper_pdf()[:-2000] + b"%%EOF",
    ],
    ids=["empty", "head only", "png", "garbage", "trailer", "cut"],
)
def test_what_cannot_be_taken_apart_is_refused(content: bytes) -> None:
    assert refused_in_pdf(content)


@pytest.mark.parametrize(
    "text",
    [
        b'{"thumb": "' + base64.b64encode(png()) + b'"}',
        b'{"thumb": "' + base64.b64encode(png()).replace(b"/", b"_").replace(b"+", b"-") + b'"}',
        b"x," + png().hex().encode(),
        base64.encodebytes(png()),
        base64.encodebytes(png()).replace(b"\n", b"\\n"),
        b"prefixed/" + base64.b64encode(b"\xff\xd8\xff\xe0" + bytes(range(200))),
        b"<svg xmlns='x'></svg>",
        b"data:image/png;base64,AAAA",
        b"P3\n2 2 255\n0 0 0",
        b"[" + b"17, " * 191 + b"17]",
        png(),
        b"a\x00b",
    ],
    ids=[
        "base64",
        "base64url",
        "hex",
        "wrapped",
        "wrapped in JSON",
        "jpeg out of step",
        "svg",
        "data url",
        "ppm",
        "cells",
        "raw",
        "nul",
    ],
)
def test_a_picture_written_as_text_is_refused(text: bytes) -> None:
    assert refused_in_text(text)


def test_digests_signatures_and_names_pass() -> None:
    lines = "".join(f"{number:064x}  data/findings/items-{number}.csv\n" for number in range(2000))

    assert refused_in_text(lines.encode()) == ""
    assert refused_in_text(("ab" * 64).encode()) == ""
    assert refused_in_text("आशा، علی — 12".encode()) == ""


def test_common_picture_and_video_formats_are_known_by_their_first_bytes() -> None:
    heads = {
        "JPEG": b"\xff\xd8\xff\xe0\x00\x10JFIF",
        "GIF": b"GIF89a",
        "RIFF": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        "ISO media": b"\x00\x00\x00\x18ftypheic",
        "TIFF": b"II*\x00",
        "Matroska": b"\x1a\x45\xdf\xa3",
    }
    assert {name: picture_kind(head + bytes(16)) for name, head in heads.items()} == {name: name for name in heads}


def test_only_listed_kinds_of_file_leave(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n", "utf-8")
    refuse_pictures(tmp_path)

    (tmp_path / "b.db").write_text("text", "utf-8")
    with pytest.raises(VerificationFault, match=r"kind \.db do not leave the case; b\.db"):
        refuse_pictures(tmp_path)


def test_a_link_does_not_leave(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to("/etc/hostname")

    with pytest.raises(VerificationFault, match="a link is not a file"):
        refuse_pictures(tmp_path)
