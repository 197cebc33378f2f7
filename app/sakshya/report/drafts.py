"""What a certificate is made from, and what its maker gives to the typesetter."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sakshya.report.fact_types import Facts
from sakshya.report.hash_report import HashReport
from sakshya.report.templates import Form
from sakshya.shipped import case_templates


@dataclass(frozen=True, slots=True)
class Draft:
    """A certificate's facts: `report` is enclosed as the file `enclosed`, `answers` are the user's own words."""

    form: Form
    facts: Facts
    report: HashReport
    enclosed: str
    answers: Mapping[str, str]
    words: Mapping[str, Any]

    @property
    def reference(self) -> str:
        """How a form refers to the enclosed hash report; empty where there is none."""
        if not self.report.count:
            return ""
        words: str = self.words["common"]["hash_reference"]
        return words.format(n=f"{self.report.count:,}", sha256=self.report.sha256)

    def field(self, key: str) -> str:
        """Return a field of the case, or that it was not recorded."""
        return self.facts.fields.get(key, "").strip() or "not recorded"


@dataclass(frozen=True, slots=True)
class Body:
    """A certificate's own part: title, template, and the data its template asks for."""

    title: str
    subtitle: str
    template: str
    data: Mapping[str, object]


def load_words() -> dict[str, Any]:
    """Return the words of the certificates."""
    return tomllib.loads((case_templates() / "shared" / "certificates.toml").read_text("utf-8"))
