"""What a bundle, a case or a set was found to be when it was checked."""

from sakshya.gui.texts import tr
from sakshya.workbench.verify import Outcome


def spell(outcome: Outcome) -> list[str]:
    """Return what was checked, and one line for each thing that does not hold."""
    what = {"bundle": tr("bundle"), "case": tr("case"), "set": tr("known set")}.get(outcome.kind, outcome.kind)
    if not outcome.problems:
        return [tr("VERIFIED: {what}; {checked}", what=what, checked=outcome.checked)]
    return [tr("DOES NOT VERIFY: {what}, {count} problems", what=what, count=len(outcome.problems)), *outcome.problems]
