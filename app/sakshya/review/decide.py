"""Puts items into categories, and takes that back; each act is in the ledger or does not happen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sakshya.casefile.casefile import CaseFile
from sakshya.domain.category import Category
from sakshya.domain.decision import Decision
from sakshya.domain.item import ItemId


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, when, in which zone of the desk."""

    who: str
    at: datetime
    zone: str


def decide(
    case: CaseFile, items: Sequence[ItemId], category: Category, act: Act, *, reason: str = ""
) -> list[Decision]:
    """Append a decision for each item, all or none, as one step that one undo takes back."""
    with case.transaction():
        digests = [case.items.get(item).digests.sha256 for item in items]
        decisions = case.decisions.decide(items, category, by=act.who, at=act.at, reason=reason)
        case.ledger.append(
            "decide",
            f"{len(items)} item(s)",
            who=act.who,
            at=act.at,
            zone=act.zone,
            public={"category": str(category), "items": digests},
            private={"reason": reason},
        )
    return decisions


def undo(case: CaseFile, act: Act) -> list[Decision]:
    """Take back the person's last decision that still stands; an empty list where there is none."""
    with case.transaction():
        taken = case.decisions.undo(by=act.who, at=act.at)
        if taken:
            case.ledger.append(
                "decide.undo",
                f"{len(taken)} item(s)",
                who=act.who,
                at=act.at,
                zone=act.zone,
                public={"items": [case.items.get(ItemId(one.item)).digests.sha256 for one in taken]},
            )
    return taken
