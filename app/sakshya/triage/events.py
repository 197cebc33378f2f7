"""What a long job says while it runs; plain values that cross process borders."""

from dataclasses import asdict, dataclass, field
from typing import Protocol


class Event(Protocol):
    """Anything a job yields: plain words for a person, a mapping for a script."""

    def line(self) -> str:
        """Return one line of plain words."""

    def as_json(self) -> dict[str, object]:
        """Return the event for JSON Lines, its kind under `event`."""


@dataclass(frozen=True, slots=True)
class Live:
    """Figures of the moment: bytes and files a second, contents settled by a set, and what is waiting to be decoded.

    `share` is the words "partial: n of m files, x of y GB read".
    """

    bytes_a_second: float
    files_a_second: float
    settled: int
    to_look: int
    share: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is. The two ETA bounds are seconds for the whole job, None while nothing is known."""

    stage: str
    done: int
    total: int
    unit: str
    eta_low: float | None = None
    eta_high: float | None = None
    where: str = ""
    live: Live | None = None

    def line(self) -> str:
        """Return the stage, the share done and the range of the time left."""
        share = f"{100 * self.done / self.total:.0f} %" if self.total else f"{self.done:,}"
        left = ""
        if self.eta_low is not None and self.eta_high is not None:
            left = f", {spell_seconds(self.eta_low)} to {spell_seconds(self.eta_high)} left"
        amount = f"{self.done:,} of {self.total:,} {self.unit}" if self.total else f"{self.done:,} {self.unit}"
        return f"{self.stage}: {share} ({amount}{left}){' ' + self.where if self.where else ''}"

    def as_json(self) -> dict[str, object]:
        """Return the fields under `event: progress`."""
        return {"event": "progress", **asdict(self)}


@dataclass(frozen=True, slots=True)
class ItemsFound:
    """Items written to the case by the batch just committed, and how many of its findings a set answers to."""

    ids: tuple[int, ...]
    matched: int

    def line(self) -> str:
        """Return how many items came in."""
        return f"{len(self.ids)} items recorded, {self.matched} of them known"

    def as_json(self) -> dict[str, object]:
        """Return the ids under `event: items`."""
        return {"event": "items", "items": list(self.ids), "matched": self.matched}


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person should know, which did not stop the work."""

    text: str

    def line(self) -> str:
        """Return the text."""
        return self.text

    def as_json(self) -> dict[str, object]:
        """Return the text under `event: note`."""
        return {"event": "note", "text": self.text}


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of a job: what came of it, as `kind` and its figures."""

    kind: str
    text: str
    figures: dict[str, object] = field(default_factory=dict)

    def line(self) -> str:
        """Return the outcome in words."""
        return self.text

    def as_json(self) -> dict[str, object]:
        """Return the figures under `event: <kind>`."""
        return {"event": self.kind, **self.figures}


def spell_seconds(seconds: float) -> str:
    """Return a duration as a person says it: 8 s, 3 min, 2 h 10 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
