"""Numbers with an id and a meaning, so that each one on a paper can be traced to what was counted."""

from dataclasses import dataclass, field
from enum import StrEnum

from sakshya.casefile.item_filter import EVERYTHING, ItemFilter
from sakshya.domain.category import Category
from sakshya.domain.unexamined import Reason


class Counted(StrEnum):
    """What kind of thing a number counts."""

    ENTRIES = "entries"
    BYTES = "bytes"
    ITEMS = "items"
    UNEXAMINED = "unexamined"
    DAMAGE = "damage"
    LOOKS = "looks"


@dataclass(frozen=True, slots=True)
class Basis:
    """Which things a number counts: all fields that are set must hold.

    `definition` says in words how the number comes about. `set_id` and `category` together mean: stated by that set.
    """

    counted: Counted
    definition: str
    exhibit: str | None = None
    items: ItemFilter = EVERYTHING
    set_id: str | None = None
    category: Category | None = None
    reason: Reason | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a paper. `id` is such as F-001; `meaning` is the key of its words in the texts."""

    id: str
    meaning: str
    value: int
    basis: Basis


@dataclass(slots=True)
class FigureBook:
    """Gives out the ids, in the order the numbers are first stated."""

    figures: list[Figure] = field(default_factory=list)

    def add(self, meaning: str, value: int, basis: Basis) -> Figure:
        """State a number once and return it with its id."""
        figure = Figure(f"F-{len(self.figures) + 1:03d}", meaning, value, basis)
        self.figures.append(figure)
        return figure
