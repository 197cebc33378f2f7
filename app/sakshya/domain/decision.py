"""An examiner's category for an item; appended, never overwritten."""

from dataclasses import dataclass

from sakshya.domain.category import Category


@dataclass(frozen=True, slots=True)
class Decision:
    """Who put an item in which category, when (ISO 8601 UTC), on what basis, replacing which earlier decision.

    `category` is None where the decision takes an earlier one back.
    """

    id: int
    item: int
    category: Category | None
    by: str
    at: str
    reason: str
    replaces: int | None
