"""Directory entries, volumes and the account of an exhibit's bytes."""

from dataclasses import dataclass, field
from enum import StrEnum

from sakshya.domain.absent import Absent
from sakshya.domain.locator import Locator, Run
from sakshya.domain.moment import Moment


class EntryKind(StrEnum):
    """What a directory entry names."""

    FILE = "file"
    DIRECTORY = "directory"
    LINK = "link"
    VIRTUAL = "virtual"


class Recovery(StrEnum):
    """How far a deleted file's content can be trusted."""

    WHOLE = "whole"
    PARTIAL = "partial"
    OVERWRITTEN = "overwritten"
    CARVED = "carved"


@dataclass(frozen=True, slots=True)
class Times:
    """The four times of an entry, or why one is missing."""

    modified: Moment | Absent
    accessed: Moment | Absent
    changed: Moment | Absent
    created: Moment | Absent

    # Written out: what a dataclass with slots does by itself takes ten times as long, and millions cross a pipe.
    def __reduce__(self) -> tuple[object, ...]:
        return Times, (self.modified, self.accessed, self.changed, self.created)


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in one directory, or one further stream of it, allocated or not.

    `size` in bytes. `first_byte` is where its content starts in the exhibit, for reading in physical order, or None.
    `recovery` is None for an allocated entry.
    """

    locator: Locator
    filesystem: str
    kind: EntryKind
    size: int
    allocated: bool
    times: Times
    first_byte: int | None = None
    recovery: Recovery | None = None
    link_target: str | None = None

    # Written out: what a dataclass with slots does by itself takes ten times as long, and millions cross a pipe.
    def __reduce__(self) -> tuple[object, ...]:
        return (
            Entry,
            (
                self.locator,
                self.filesystem,
                self.kind,
                self.size,
                self.allocated,
                self.times,
                self.first_byte,
                self.recovery,
                self.link_target,
            ),
        )


@dataclass(frozen=True, slots=True)
class Volume:
    """One volume of an exhibit, `offset` and `length` in bytes; `filesystem` is None where none is recognised.

    Index 0 is the whole exhibit where there is no partition table; else volumes count from 1 in table order. `layers`
    name the steps from the partition at `offset` to a volume made from its bytes; `length` is then that volume's own.
    """

    index: int
    offset: int
    length: int
    scheme: str
    description: str
    filesystem: str | None
    label: str | None = None
    problem: str | None = None
    layers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VolumeTable:
    """How an exhibit is divided: `scheme` is "none", "mbr", "gpt", "apm" or "bsd"; `gaps` belong to no volume."""

    scheme: str
    volumes: tuple[Volume, ...]
    gaps: tuple[Run, ...] = ()
    sector_size: int = 512
    problems: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class ByteAccount:
    """Where an exhibit's bytes are; the four parts add up to `total`."""

    total: int
    in_files: int
    slack: int
    unallocated: int
    not_addressable: int
