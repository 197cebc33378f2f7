"""Work whose files do to a worker what hostile files do: die, hang, eat memory, raise."""

import os
import time
from dataclasses import dataclass

from sakshya.domain.faults import EvidenceFault
from sakshya.domain.item import EntryId, Finding
from sakshya.domain.locator import Locator
from sakshya.domain.media import Kind
from sakshya.domain.unexamined import Of, Reason, Stage, Unexamined
from sakshya.triage.engine.batch import Attempt, Batch, Piece


def piece(number: int, behaviour: str = "calm") -> Piece:
    """Return a piece whose path says how it behaves."""
    return Piece(EntryId(number), str(Locator("EX-1", 0, 0, number, f"/{behaviour}/{number}")), 1)


def batches(pieces: list[Piece], size: int = 10) -> list[Batch]:
    """Cut pieces into batches."""
    return [Batch("EX-1", tuple(pieces[at : at + size])) for at in range(0, len(pieces), size)]


@dataclass(frozen=True)
class HostileWork:
    """Examines pieces as their paths say."""

    def begin(self) -> "HostileWork":
        return self

    def __call__(self, given: Piece, attempt: Attempt, failed: Reason | None) -> Finding:
        match given.locator.path.split("/")[1]:
            case "dies":
                os._exit(9)
            case "dies when decoded" if attempt is not Attempt.DIGEST_ONLY:
                os._exit(9)
            case "hangs":
                while True:
                    time.sleep(0.01)
            case "spins" if attempt is not Attempt.DIGEST_ONLY:
                while True:
                    pass
            case "eats":
                # Touched page by page, so that it is private memory and not only promised.
                held = [bytearray(os.urandom(1)) * (64 << 20) for _ in range(200)]
                assert held
            case str(other) if other.startswith("eats "):
                held = [bytearray(os.urandom(1)) * (64 << 20) for _ in range(int(other.split()[1]) // 64)]
                assert held
            case "raises":
                raise RuntimeError("not foreseen")
        return Finding(given.entry, None, 1, Kind.OTHER, f"{attempt.value}")

    def blame(self, given: Piece, reason: Reason, detail: str) -> Finding:
        line = Unexamined("EX-1", Of.ENTRY, Stage.READ, reason, detail, given.locator)
        return Finding(given.entry, None, 1, Kind.OTHER, "blamed", unexamined=(line,))


@dataclass(frozen=True)
class CannotBegin(HostileWork):
    """Fails before the first piece, as an absent exhibit does."""

    def begin(self) -> "HostileWork":
        raise EvidenceFault("the exhibit is gone")
