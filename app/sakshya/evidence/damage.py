"""Bytes that cannot be given as stored, and the faults that say so."""

from sakshya.domain.exhibit import Damage
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Run
from sakshya.domain.unexamined import Reason


def reason_in(text: str) -> Reason:
    """Return the reason that `text` begins with, or `Reason.READ_ERROR` where it begins with none."""
    return next((reason for reason in Reason if text.startswith(reason.value)), Reason.READ_ERROR)


def unreadable(reason: Reason, detail: str, *, where: str = "", advice: str = "") -> EvidenceFault:
    """Make the fault for bytes that cannot be read, with its reason first."""
    return EvidenceFault(f"{reason.value}: {detail}", where=where, advice=advice, reason=reason.value)


def damaged(reason: Reason, run: Run, detail: str) -> Damage:
    """Make the record of a damaged run, with its reason first."""
    return Damage(run, f"{reason.value}: {detail}")


def fault_for(damage: Damage) -> EvidenceFault:
    """Make the fault for a read that touches `damage`."""
    return EvidenceFault(
        damage.reason,
        reason=reason_in(damage.reason).value,
        where=f"bytes {damage.run.offset} to {damage.run.offset + damage.run.length - 1} of the exhibit",
        advice="the other bytes of the exhibit can still be read",
    )


def overlaps(damage: Damage, offset: int, length: int) -> bool:
    """Tell whether `length` bytes from `offset` touch the damaged run."""
    return damage.run.offset < offset + length and offset < damage.run.offset + damage.run.length


def merged(damage: list[Damage]) -> tuple[Damage, ...]:
    """Return the damage in exhibit order, each run once, touching runs of one reason joined."""
    result: list[Damage] = []
    for one in sorted(set(damage), key=lambda item: (item.run, item.reason)):
        last = result[-1] if result else None
        if last and last.reason == one.reason and one.run.offset <= last.run.offset + last.run.length:
            end = max(last.run.offset + last.run.length, one.run.offset + one.run.length)
            result[-1] = Damage(Run(last.run.offset, end - last.run.offset), last.reason)
        else:
            result.append(one)
    return tuple(result)
