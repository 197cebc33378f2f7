"""Typesetting: data goes in as JSON, a tagged PDF/A-2a and PDF/UA-1 comes out, the same bytes for the same data.

Nothing is ever built as markup, so a file name cannot become an instruction. Only the shipped fonts are used.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import typst

from sakshya.domain.faults import OperatorFault
from sakshya.report.coverage import lacks_glyph, printable
from sakshya.shipped import case_templates, fonts


def typeset(template: str, data: Mapping[str, object], *, language: str, at: datetime) -> bytes:
    """Return the PDF that `template` (a path below the folder of case templates) makes of `data`.

    `at` is the document's date. Every text of `data` is made printable first; where a character had to be written as
    a code point, the paper says so.

    Raises:
        OperatorFault: the template is missing or cannot be typeset.
    """
    root = case_templates()
    source = root / template
    if not source.is_file():
        raise OperatorFault("a paper's template is missing", where=str(source), advice="reinstall the program")
    clean = _clean(data)
    assert isinstance(clean, dict)
    stamp = at.astimezone(UTC).replace(microsecond=0)
    clean |= {"language": language, "date": [stamp.year, stamp.month, stamp.day], "replaced": _replaced(data)}
    try:
        return typst.compile(
            str(source),
            root=str(root),
            format="pdf",
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(clean, ensure_ascii=False, allow_nan=False), "language": language},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=stamp,
        )
    except typst.TypstError as error:
        raise OperatorFault(
            f"the paper could not be typeset ({error.message})", where=template, advice="reinstall the program"
        ) from error


def render(template: str, data: Mapping[str, object], to: Path, *, language: str, at: datetime) -> Path:
    """Write the PDF of `typeset` to a new file and return it.

    Raises:
        OperatorFault: the file exists already, or the template cannot be typeset.
    """
    pdf = typeset(template, data, language=language, at=at)
    try:
        with to.open("xb") as file:
            file.write(pdf)
    except FileExistsError as error:
        raise OperatorFault("the file exists already", where=str(to), advice="name a new file") from error
    return to


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts())])


def _clean(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    return value


def _replaced(value: object) -> bool:
    if isinstance(value, str):
        return lacks_glyph(value)
    if isinstance(value, Mapping):
        return any(map(_replaced, value.values()))
    return isinstance(value, list | tuple) and any(map(_replaced, value))
