"""Where each content stands: one rule, kept in a column in the same transaction as what it depends on."""

from collections.abc import Iterable

from sakshya.casefile.coding import to_json
from sakshya.casefile.driver import CaseDatabase
from sakshya.domain.unexamined import Stage, Unexamined

# The first that applies. A near match is a lead and never settles anything.
STATUS = """
CASE
    WHEN item.decision IS NOT NULL THEN 'decided'
    WHEN EXISTS (SELECT 1 FROM match WHERE match.item = item.id AND basis = 'exact' AND match.kind = 'known')
        THEN 'known'
    WHEN EXISTS (SELECT 1 FROM match WHERE match.item = item.id AND basis = 'exact' AND match.kind = 'ignorable')
        THEN 'ignorable'
    WHEN item.failed = 1 THEN 'unexamined'
    WHEN item.kind IN ('picture', 'video') THEN 'undecided'
    ELSE 'not-media'
END
"""

# Giving up at one of these leaves a content that nobody has seen; an archive not unpacked or a gap not carved
# concerns other contents than the one it is listed for, and what a name promises concerns that name alone.
_BLIND = frozenset({Stage.OPEN, Stage.READ, Stage.DECODE})


def refresh(db: CaseDatabase, items: Iterable[int]) -> None:
    """Bring the status of these items up to date, inside the caller's transaction."""
    db.execute(
        f"UPDATE item SET status = {STATUS} WHERE id IN (SELECT value FROM json_each(?))", (to_json(list(items)),)
    )


def failure(unexamined: Iterable[Unexamined]) -> Unexamined | None:
    """Return what kept a content from being seen, None where it was seen."""
    return next((one for one in unexamined if one.stage in _BLIND), None)


def failure_text(one: Unexamined) -> str:
    """Return the failure in words."""
    return f"{one.reason}: {one.detail}" if one.detail else str(one.reason)
