"""What every partition table reader returns."""

from collections.abc import Callable
from dataclasses import dataclass

Read = Callable[[int, int], bytes]


@dataclass(frozen=True, slots=True)
class Part:
    """One volume that a table names; `offset` and `length` in bytes from the exhibit's first byte."""

    offset: int
    length: int
    description: str


@dataclass(frozen=True, slots=True)
class Parts:
    """A table as read: `metadata` are (offset, length) of the table's own sectors."""

    scheme: str
    sector_size: int
    parts: tuple[Part, ...]
    problems: tuple[str, ...] = ()
    metadata: tuple[tuple[int, int], ...] = ()
