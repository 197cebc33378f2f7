"""The words of the papers, by language."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from sakshya.domain.faults import OperatorFault
from sakshya.shipped import case_templates

LANGUAGES = ("en", "hi", "ur")


@dataclass(frozen=True, slots=True)
class Texts:
    """One language's words, called by `table.key`."""

    language: str
    tables: Mapping[str, Mapping[str, str]]

    def __call__(self, key: str, **values: object) -> str:
        """Return the words for a key, with `{names}` filled in.

        Raises:
            KeyError: there are no words for it; a test keeps the languages complete.
        """
        table, _, name = key.partition(".")
        return self.tables[table][name].format(**values) if values else self.tables[table][name]

    def act(self, act: str) -> str:
        """Return the words for an act of the ledger, or the act itself where it has none."""
        return self.tables["act"].get(act, act)


def load_texts(language: str) -> Texts:
    """Return the words of a language.

    Raises:
        OperatorFault: papers are not offered in that language.
    """
    if language not in LANGUAGES:
        raise OperatorFault(f"papers are not offered in {language!r}", advice=f"languages: {', '.join(LANGUAGES)}")
    return Texts(language, tomllib.loads((case_templates() / "shared" / f"texts.{language}.toml").read_text("utf-8")))
