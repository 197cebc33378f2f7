"""Names the files that lie on the damage a verification found."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sakshya.casefile.casefile import CaseFile
from sakshya.domain.exhibit import Damage, Exhibit
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Locator
from sakshya.domain.unexamined import Of, Reason, Stage, Unexamined
from sakshya.triage.engine.child import stream
from sakshya.triage.events import Event, Note
from sakshya.triage.reading import damaged_files_there

_SILENCE = 900.0


@dataclass(frozen=True, slots=True)
class FileDamaged:
    """One file, and the bytes of the exhibit it lies on that cannot be read as stored."""

    locator: Locator
    damage: Damage

    def line(self) -> str:
        """Return the file and where the damage lies."""
        run = self.damage.run
        where = f"{self.locator.exhibit} {self.locator.shown_path}"
        return f"damaged: {where}: {run.length:,} bytes from {run.offset:,}: {self.damage.reason}"

    def as_json(self) -> dict[str, object]:
        """Return the fields under `event: damaged`."""
        return {
            "event": "damaged",
            "exhibit": self.locator.exhibit,
            "locator": str(self.locator),
            "path": self.locator.shown_path,
            "offset": self.damage.run.offset,
            "bytes": self.damage.run.length,
            "reason": self.damage.reason,
        }


def name_files(
    case: CaseFile, exhibit: Exhibit, damage: Sequence[Damage], cancel: Callable[[], bool]
) -> Iterator[Event]:
    """Yield `FileDamaged` for each file on the damage, and list them as not examined in place of those named before."""
    lines: list[Unexamined] = []
    if damage:
        try:
            for locator, part in stream(damaged_files_there, exhibit, damage, cancel=cancel, silence=_SILENCE):
                lines.append(_line(locator, part))
                yield FileDamaged(locator, part)
        except EvidenceFault as fault:
            yield Note(f"{exhibit.number}: not every file on the damage can be named: {fault}")
    case.unexamined.replace_damaged(exhibit.number, lines)


def _line(locator: Locator, part: Damage) -> Unexamined:
    reason = next((one for one in Reason if part.reason.startswith(one.value)), Reason.READ_ERROR)
    detail = f"{part.run.length} bytes from {part.run.offset} of the exhibit: {part.reason}; found as it was verified"
    return Unexamined(locator.exhibit, Of.STREAM, Stage.READ, reason, detail, locator, part.run.length)
