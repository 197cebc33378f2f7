"""What an engine is given and what it gives back; every engine keeps this contract.

Batches of locators in, batches of findings out, in any order. A batch whose worker fails is taken apart: the file it
failed on is tried alone with twice the limits, then only digested, then blamed; the rest is done again.
"""

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from sakshya.domain.digests import Digests
from sakshya.domain.entry import Recovery
from sakshya.domain.item import EntryId, Finding
from sakshya.domain.locator import Locator
from sakshya.domain.names import read_name
from sakshya.domain.unexamined import Reason

_parsed = lru_cache(64)(Locator.parse)


class Attempt(StrEnum):
    """How a file is tried: with its batch; alone with twice the limits; read for its digests and not decoded."""

    TOGETHER = "together"
    ALONE = "alone"
    DIGEST_ONLY = "digest only"


class Task(StrEnum):
    """What is done with a file: read and settled, or decoded after that."""

    SETTLE = "settle"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Piece:
    """One file to examine; `text` is its locator's, `size` in bytes as stated, `digests` where it was read before."""

    entry: EntryId
    text: str
    size: int
    recovery: Recovery | None = None
    task: Task = Task.SETTLE
    digests: Digests | None = None

    # Written out: what a dataclass with slots does by itself takes ten times as long, and millions cross a pipe.
    def __reduce__(self) -> tuple[object, ...]:
        return Piece, (self.entry, self.text, self.size, self.recovery, self.task, self.digests)

    @property
    def locator(self) -> Locator:
        """Where it lies: parsed in the worker, so that the process that hands out millions need not."""
        return _parsed(self.text)

    @property
    def exhibit(self) -> str:
        """The number of the exhibit it lies in."""
        return read_name(self.text.partition("|")[0])


@dataclass(frozen=True, slots=True)
class Batch:
    """Pieces of one exhibit, in the order they should be read. `failed` says why an earlier attempt was given up."""

    exhibit: str
    pieces: tuple[Piece, ...]
    attempt: Attempt = Attempt.TOGETHER
    failed: Reason | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The findings for one batch, one for each piece; `anonymous_bytes` is the worker's private memory after it.

    `hungry` are pieces without a finding, which met the memory limit and are to be tried alone with twice of it.
    """

    findings: tuple[Finding, ...]
    cpu_seconds: float = 0.0
    anonymous_bytes: int = 0
    hungry: tuple[Piece, ...] = ()


class Examine(Protocol):
    """What runs in a worker: made there once, called for each piece."""

    def __call__(self, piece: Piece, attempt: Attempt, failed: Reason | None) -> Finding:
        """Return the finding for one piece; may raise or die."""


class Work(Protocol):
    """What is sent to each worker: small, picklable, and able to begin there."""

    def begin(self) -> Examine:
        """Open what the worker needs and return the function that examines one piece."""

    def blame(self, piece: Piece, reason: Reason, detail: str) -> Finding:
        """Return the finding for a piece that no attempt could read; runs in the calling process."""


class Engine(Protocol):
    """Runs batches somewhere. `at_most` bounds how many workers get batches: 0 pauses, None means all.

    `workers` is how many there are.
    """

    at_most: int | None
    workers: int

    def prepare(self, work: Work) -> None:
        """Start what `run` will need for the same work, while its batches are still being made."""

    def close(self) -> None:
        """End what `prepare` or `run` started; harmless when nothing was."""

    def run(self, work: Work, batches: Iterable[Batch], cancel: Callable[[], bool]) -> Generator[Done, None, None]:
        """Yield what came of each batch; every piece is answered exactly once.

        Raises:
            StoppedFault: `cancel` said so.
        """
