"""What every opener of a file that holds other files gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from sakshya.domain.entry import EntryKind, Times


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """One name in an archive. `size` is None where only reading tells.

    `barrier` says, reason first, why the member is listed and cannot be opened.
    """

    index: int
    name: str
    kind: EntryKind
    size: int | None
    times: Times
    barrier: str = ""


class Archive(Protocol):
    """A file opened as a container of others."""

    @property
    def format(self) -> str:
        """The name of the format, as `Member.format` keeps it."""

    def members(self) -> Iterator[ArchiveMember]:
        """Yield the members in their own order.

        Raises:
            EvidenceFault: the list breaks off; what came before stands.
        """

    def open(self, index: int) -> BinaryIO:
        """Return one member's content as a stream that is read forward.

        Raises:
            EvidenceFault: the member cannot be opened.
        """

    def close(self) -> None:
        """Let go of what is held."""
