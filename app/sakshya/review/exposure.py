"""Which items a person opened in clear. Seconds are private; the report prints the number of items only."""

from sakshya.casefile.casefile import CaseFile
from sakshya.domain.item import Item
from sakshya.domain.ledger import LOOK as LOOK
from sakshya.review.decide import Act

_ENDED = "look.end"


def record_look(case: CaseFile, item: Item, act: Act, *, reason: str = "") -> None:
    """Write into the ledger that an item is about to be shown in clear; it is shown only if this succeeds."""
    case.ledger.append(
        LOOK,
        item.digests.sha256,
        who=act.who,
        at=act.at,
        zone=act.zone,
        public={"known": item.is_settled},
        private={"reason": reason},
    )


def record_look_ended(case: CaseFile, item: Item, seconds: float, act: Act) -> None:
    """Write into the ledger for how long an item was shown; the seconds are a private field."""
    private = {"seconds": round(seconds, 1)}
    case.ledger.append(_ENDED, item.digests.sha256, who=act.who, at=act.at, zone=act.zone, private=private)
