"""Volumes that a disk library reads out of another one."""

from typing import Protocol

from sakshya.domain.exhibit import ContainerFacts, Damage
from sakshya.domain.locator import Run
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import PieceByPiece
from sakshya.evidence.damage import damaged
from sakshya.evidence.layers.window import Window, damage_from

_AT_ONCE = 1 << 20


class Readable(Protocol):
    """A volume as the libraries give it."""

    def read_buffer_at_offset(self, size: int, offset: int) -> bytes:
        """Return up to `size` bytes from `offset`, or raise OSError."""


class LibraryVolume(PieceByPiece):
    """The bytes of a volume as a library gives them; `owner` is what must stay alive while they are read."""

    def __init__(self, volume: Readable, window: Window, facts: ContainerFacts, owner: object = None) -> None:
        super().__init__(facts)
        self._volume: Readable | None = volume
        self._window = window
        self._owner = owner
        self._stride = _AT_ONCE

    def _piece(self, offset: int, length: int) -> bytes | Damage:
        sector = self.facts.sector_size
        end = min(-(-(offset + 1) // sector) * sector, self.size)
        # One bad sector below must cost one sector here: after a failed read it goes on sector by sector, and asks for
        # twice as much after each that succeeds.
        if self._stride > sector:
            found = self._read(offset, min(length, self._stride), end)
            if isinstance(found, bytes):
                self._stride = min(2 * self._stride, _AT_ONCE)
                return found
            self._stride = sector
        found = self._read(offset, min(length, end - offset), end)
        if isinstance(found, bytes):
            self._stride = 2 * sector
        return found

    def _read(self, offset: int, size: int, end: int) -> bytes | Damage:
        run = Run(offset, end - offset)
        self._window.forget()
        if self._volume is None:
            return damaged(Reason.READ_ERROR, run, "the volume was closed")
        try:
            data = self._volume.read_buffer_at_offset(size, offset)
        except (OSError, ValueError, MemoryError) as error:
            if self._window.fault is not None:
                return damage_from(self._window.fault, run)
            return damaged(Reason.BAD_METADATA, run, last_words(error))
        if self._window.fault is not None:
            # A library that goes on after a failed read has put something in place of what it could not read.
            return damage_from(self._window.fault, run)
        return bytes(data) or damaged(Reason.READ_ERROR, run, "the library gives no more bytes")

    def close(self) -> None:
        """Let go of the library's volume; the parent stays open."""
        self._volume = self._owner = None


def last_words(error: BaseException) -> str:
    """Return the deepest cause in a library's message, without the names of its functions.

    The message is what was asked for, then the causes from the deepest to the outermost, one sentence each.
    """
    sentences = [part.strip(" .") for part in str(error).split(". ") if part.strip(" .")]
    if not sentences:
        return type(error).__name__
    deepest = sentences[1] if len(sentences) > 1 else sentences[0]
    return deepest.split(": ", 1)[-1][:200]
