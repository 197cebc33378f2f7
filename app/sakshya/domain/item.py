"""Distinct contents and where they lie."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from sakshya.domain.decision import Decision
from sakshya.domain.digests import Digests
from sakshya.domain.entry import Entry, Recovery
from sakshya.domain.locator import Locator
from sakshya.domain.match import Basis, Match
from sakshya.domain.media import Kind, MediaReport
from sakshya.domain.unexamined import Unexamined

ItemId = NewType("ItemId", int)
EntryId = NewType("EntryId", int)


class Status(StrEnum):
    """Where a content stands; the first that applies in this order, so that each is counted once."""

    DECIDED = "decided"
    KNOWN = "known"
    IGNORABLE = "ignorable"
    UNEXAMINED = "unexamined"
    UNDECIDED = "undecided"
    NOT_MEDIA = "not-media"


@dataclass(frozen=True, slots=True)
class Where:
    """One place where a content lies."""

    locator: Locator
    allocated: bool
    recovery: Recovery | None


class Part(StrEnum):
    """Which part of the work on a content a finding brings.

    A picture or video that no set settles is first hashed and looked up (`SETTLED`) and in its own turn decoded
    (`LOOKED`), so that settling the rest never waits for a decoder. Every other content is done in one go (`WHOLE`).
    """

    WHOLE = "whole"
    SETTLED = "settled"
    LOOKED = "looked"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a worker found out about one entry's content.

    `digests` is None where the content was not read to its end, and then `unexamined` says why. `report` is None for
    contents that are neither picture nor video. `members` are what lies inside it and is still to be examined.
    """

    entry: EntryId
    digests: Digests | None
    size: int
    kind: Kind
    mime: str
    report: MediaReport | None = None
    matches: tuple[Match, ...] = ()
    unexamined: tuple[Unexamined, ...] = ()
    recovery: Recovery | None = None
    members: tuple[Entry, ...] = ()
    part: Part = Part.WHOLE

    # Written out: what a dataclass with slots does by itself takes ten times as long, and millions cross a pipe.
    def __reduce__(self) -> tuple[object, ...]:
        return (
            Finding,
            (
                self.entry,
                self.digests,
                self.size,
                self.kind,
                self.mime,
                self.report,
                self.matches,
                self.unexamined,
                self.recovery,
                self.members,
                self.part,
            ),
        )


@dataclass(frozen=True, slots=True)
class Item:
    """One distinct content with everything known of it and every place where it lies."""

    id: ItemId
    digests: Digests
    size: int
    kind: Kind
    mime: str
    status: Status
    report: MediaReport
    matches: tuple[Match, ...]
    decision: Decision | None
    where: tuple[Where, ...]
    recovery: Recovery | None = None

    @property
    def is_settled(self) -> bool:
        """Tell whether a set knows this very content, also where a person decided about it besides."""
        return any(match.basis is Basis.EXACT for match in self.matches)


@dataclass(frozen=True, slots=True)
class Tile:
    """What the gallery draws for one item; `cells` is None for known items and for what has no mosaic."""

    id: ItemId
    status: Status
    kind: Kind
    name: str
    size: int
    label: str
    columns: int
    rows: int
    cells: bytes | None
    places: int
    partial: bool
