"""What every container gives: the bytes of the exhibit, and the truth about those it cannot give."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Protocol, Self

from sakshya.domain.exhibit import ContainerFacts, Damage
from sakshya.evidence.damage import fault_for

_MOST_REMEMBERED = 100_000


class Container(Protocol):
    """The bytes of one exhibit, whatever the format of its image files."""

    @property
    def facts(self) -> ContainerFacts:
        """What the image files say of themselves."""

    @property
    def size(self) -> int:
        """Length of the exhibit in bytes."""

    @property
    def damage(self) -> list[Damage]:
        """The damage met so far, in the order met."""

    def read_at(self, offset: int, length: int) -> bytes:
        """Return `length` bytes from `offset`; shorter only at the exhibit's end.

        Raises:
            EvidenceFault: a byte of the range is damaged or missing.
        """

    def read_around_damage(self, offset: int, length: int) -> tuple[bytes, list[Damage]]:
        """Return the bytes with zeros in place of the damaged ones, and the damage met."""

    def close(self) -> None:
        """Close the image files."""


class PieceByPiece(ABC):
    """A container that can give each stretch of bytes, or the reason it cannot, one piece at a time."""

    def __init__(self, facts: ContainerFacts) -> None:
        self._facts = facts
        self._damage: dict[Damage, None] = {}

    @property
    def facts(self) -> ContainerFacts:
        """What the image files say of themselves."""
        return self._facts

    @property
    def size(self) -> int:
        """Length of the exhibit in bytes."""
        return self._facts.size

    @property
    def damage(self) -> list[Damage]:
        """The damage met so far, in the order met."""
        return list(self._damage)

    @abstractmethod
    def _piece(self, offset: int, length: int) -> bytes | Damage:
        """Return at least one byte and at most `length` from `offset`, or the damage that starts at or before it."""

    def read_at(self, offset: int, length: int) -> bytes:
        """Return `length` bytes from `offset`; shorter only at the exhibit's end.

        Raises:
            EvidenceFault: a byte of the range is damaged or missing.
        """
        end = min(offset + length, self.size)
        parts: list[bytes] = []
        while offset < end:
            piece = self._piece(offset, end - offset)
            if isinstance(piece, Damage):
                self._remember(piece)
                raise fault_for(piece)
            parts.append(piece)
            offset += len(piece)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def read_around_damage(self, offset: int, length: int) -> tuple[bytes, list[Damage]]:
        """Return the bytes with zeros in place of the damaged ones, and the damage met."""
        end = min(offset + length, self.size)
        parts: list[bytes] = []
        met: list[Damage] = []
        while offset < end:
            piece = self._piece(offset, end - offset)
            if isinstance(piece, Damage):
                self._remember(piece)
                met.append(piece)
                piece = bytes(min(piece.run.offset + piece.run.length, end) - offset)
            parts.append(piece)
            offset += len(piece)
        return b"".join(parts), met

    def _remember(self, damage: Damage) -> None:
        if len(self._damage) < _MOST_REMEMBERED:
            self._damage[damage] = None

    @abstractmethod
    def close(self) -> None:
        """Close the image files."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
