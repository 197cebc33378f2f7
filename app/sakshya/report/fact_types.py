"""Everything a paper may state about a case, each value once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sakshya.domain.category import Category, CodeMeaning
from sakshya.domain.entry import VolumeTable
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.item import Item
from sakshya.domain.match import KnownSet
from sakshya.domain.unexamined import Of, Reason
from sakshya.report.figures import Figure
from sakshya.report.templates import CaseTemplate

PRACTICE_MARK = "PRACTICE - NOT EVIDENCE"
"""A case whose unit is named so is a practice case, and every page of its papers says it."""


@dataclass(frozen=True, slots=True)
class Head:
    """What identifies a paper: times are as printed, `ledger` is number and hash of the last line before it."""

    at: datetime
    case_id: str
    case_created: str
    encrypted: bool
    unencrypted_reason: str | None
    generated_utc: str
    generated_local: str
    zone: str
    program: str
    ledger: tuple[int, str]
    practice: bool


@dataclass(frozen=True, slots=True)
class ExhibitFacts:
    """One exhibit with its verifications, how it is divided, and its numbers.

    `volumes` is None where the exhibit was never listed.
    """

    exhibit: Exhibit
    volumes: VolumeTable | None
    entries: tuple[Figure, ...]
    bytes: tuple[Figure, ...]
    damaged_runs: Figure
    damaged_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One act, or several like it in a row: `first` and `last` are times in UTC, ISO 8601."""

    first: str
    last: str
    who: str
    act: str
    subject: str
    count: int


@dataclass(frozen=True, slots=True)
class Missed:
    """How many things of one kind were not examined for one reason; `bytes` counts those whose extent is known."""

    reason: Reason
    of: Of
    exhibit: str
    count: int
    bytes: int


@dataclass(frozen=True, slots=True)
class SetCount:
    """How many contents a set states to be in a category."""

    set_id: str
    set_name: str
    set_version: str
    category: Category | None
    figure: Figure


@dataclass(frozen=True, slots=True)
class DecidedCount:
    """How many contents one person put into a category."""

    category: Category
    by: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Legend:
    """What a category means and who says so; `meaning` is None where its scheme does not ship with the program."""

    category: Category
    meaning: CodeMeaning | None
    source: str


@dataclass(frozen=True, slots=True)
class Results:
    """The numbers of the examination."""

    total: Figure
    statuses: tuple[Figure, ...]
    kinds: tuple[Figure, ...]
    sets: tuple[SetCount, ...]
    decided: tuple[DecidedCount, ...]
    legend: tuple[Legend, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of a case at one moment."""

    head: Head
    template: CaseTemplate
    fields: Mapping[str, str]
    exhibits: tuple[ExhibitFacts, ...]
    environment: tuple[tuple[str, str], ...]
    sets: tuple[KnownSet, ...]
    steps: tuple[Step, ...]
    scan: str
    depth: str | None
    missed: tuple[Missed, ...]
    missed_figures: tuple[Figure, ...]
    results: Results
    findings: tuple[Item, ...]
    findings_total: int
    opened: Figure
    figures: tuple[Figure, ...]
