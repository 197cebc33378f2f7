"""The languages say the same things."""

import re

import pytest

from sakshya.domain.faults import OperatorFault
from sakshya.report.texts import LANGUAGES, load_texts


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_language_has_every_text_with_the_same_blanks(language: str) -> None:
    english, other = load_texts("en").tables, load_texts(language).tables

    assert {name: set(table) for name, table in other.items()} == {name: set(table) for name, table in english.items()}
    for name, table in english.items():
        for key, words in table.items():
            assert set(re.findall(r"{\w+}", words)) == set(re.findall(r"{\w+}", other[name][key])), f"{name}.{key}"


def test_a_language_that_is_not_offered_is_refused() -> None:
    with pytest.raises(OperatorFault, match="languages: en, hi, ur"):
        load_texts("../../etc")
