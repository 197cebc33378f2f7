"""Typesetting: data goes in as JSON, a tagged PDF/A-2a and PDF/UA-1 comes out, the same bytes for the same data.

Nothing is ever built as markup, so a file name cannot become an instruction. Only the shipped fonts are used.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import typst

from sakshya.domain.faults import OperatorFault
from sakshya.report.coverage import code_point, lacks_glyph, printable
from sakshya.shipped import case_templates, fonts

_REFUSED_TEXT = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_MOST_REPLACEMENTS = 20


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
    stamp = at.astimezone(UTC).replace(microsecond=0)
    extra = {"language": language, "date": [stamp.year, stamp.month, stamp.day]}
    text = json.dumps({**_clean(data), **extra, "replaced": _replaced(data)}, ensure_ascii=False, allow_nan=False)
    for _ in range(_MOST_REPLACEMENTS):
        try:
            return _compile(source, root, text, language, stamp)
        except typst.TypstError as error:
            refused = _refused(error.message)
            if refused not in text or refused.isascii():
                raise OperatorFault(
                    f"the paper could not be typeset ({error.message})", where=template, advice="reinstall the program"
                ) from error
            # Letters that join across scripts in a way no font has; their code points are printed instead.
            text = text.replace(refused, "".join(map(code_point, refused)))
            text = text.replace('"replaced": false', '"replaced": true')
    raise OperatorFault("the paper holds too many characters that no font can join", where=template)


def _refused(message: str) -> str:
    """Return the text that the typesetter found no glyphs for, an empty one where it complains of something else."""
    found = _REFUSED_TEXT.search(message)
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), found[1]) if found else ""


def _compile(source: Path, root: Path, text: str, language: str, stamp: datetime) -> bytes:
    return typst.compile(
        str(source),
        root=str(root),
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": text, "language": language},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=stamp,
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts())])


def _clean(data: Mapping[str, object]) -> dict[str, object]:
    return {key: _clean_value(value) for key, value in data.items()}


def _clean_value(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return _clean(value)
    if isinstance(value, list | tuple):
        return [_clean_value(one) for one in value]
    return value


def _replaced(value: object) -> bool:
    if isinstance(value, str):
        return lacks_glyph(value)
    if isinstance(value, Mapping):
        return any(map(_replaced, value.values()))
    return isinstance(value, list | tuple) and any(map(_replaced, value))
