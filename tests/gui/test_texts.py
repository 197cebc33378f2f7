"""Every word on screen in every language, and colours that can be read."""

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from sakshya.domain.entry import Recovery
from sakshya.domain.unexamined import Of, Reason, Stage
from sakshya.gui.texts import catalogue, numbers, tr, use
from sakshya.gui.theme import THEMES, Theme, contrast
from sakshya.workbench.bench import templates

GUI = Path(__file__).resolve().parents[2] / "app" / "sakshya" / "gui"
FOREIGN = ("hi", "ur")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    use("en")


def said() -> set[str]:
    """Every text that `tr` is called with, and every value of the domain that is shown."""
    texts = {value.value for kind in (Of, Reason, Stage, Recovery) for value in kind}
    for file in GUI.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    texts.add(str(first.value))
    for template in templates().values():
        texts.add(template.title)
        for field in (*template.fields, *template.exhibit_fields):
            texts |= {field.title, *field.choices, *([field.help] if field.help else [])}
    return texts


@pytest.mark.parametrize("language", FOREIGN)
def test_every_text_is_translated(language: str) -> None:
    assert sorted(said() - catalogue(language).keys()) == []


@pytest.mark.parametrize("language", FOREIGN)
def test_a_translation_keeps_every_place_to_fill(language: str) -> None:
    for english_text, translated in catalogue(language).items():
        assert sorted(re.findall(r"{\w+}", english_text)) == sorted(re.findall(r"{\w+}", translated)), english_text


@pytest.mark.parametrize("language", FOREIGN)
def test_a_translation_keeps_the_key_of_a_menu_or_button(language: str) -> None:
    for english_text, translated in catalogue(language).items():
        if "&" in english_text:
            key = english_text[english_text.index("&") + 1].upper()
            assert f"(&{key})" in translated, english_text


def test_numbers_are_the_same_digits_in_every_language_and_stand_left_to_right() -> None:
    for language in ("en", *FOREIGN):
        use(language)
        assert numbers.count(1234567) == "\u20661,234,567\u2069"
        assert numbers.size(2_100_000) == "\u20662.1 MB\u2069"


def test_an_unknown_text_is_shown_in_english() -> None:
    use("hi")

    assert tr("no such text {n}", n=3) == "no such text 3"


@pytest.mark.parametrize(("theme", "ground"), [*product(THEMES.values(), ("ground", "surface", "raised"))])
def test_words_and_marks_can_be_read_on_every_ground(theme: Theme, ground: str) -> None:
    behind = getattr(theme, ground)
    for name in ("text", "muted", "good", "bad", "warn", "known"):
        assert contrast(getattr(theme, name), behind) >= 4.5, name
    for name in ("focus", "strong_line"):
        assert contrast(getattr(theme, name), behind) >= 3.0, name
    for mark in theme.marks:
        assert contrast(mark, behind) >= 4.5, mark


@pytest.mark.parametrize("theme", [*THEMES.values()])
def test_words_on_buttons_and_selections_can_be_read(theme: Theme) -> None:
    assert contrast(theme.on_primary, theme.primary) >= 4.5
    assert contrast(theme.on_primary, theme.primary_hover) >= 4.0
    assert contrast(theme.text, theme.selected) >= 4.5
