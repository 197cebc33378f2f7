"""What the window and the commands ask for."""

import os
from dataclasses import dataclass, field

from sakshya.domain.exhibit import Clock, StatedDigest
from sakshya.triage.depth import Depth


@dataclass(frozen=True, slots=True)
class AttachRequest:
    """An exhibit to attach; `files` needs only the first segment. `reason` is needed where a stated digest differs.

    `keys` are passwords and recovery keys, each tried on whatever in the exhibit is encrypted.
    """

    files: tuple[str, ...]
    number: str
    stated: tuple[StatedDigest, ...] = ()
    particulars: tuple[tuple[str, str], ...] = ()
    zone: str | None = None
    clock: Clock | None = None
    write_blocker: str | None = None
    reason: str | None = None
    keys: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """How to scan; `workers` None means one for each core but at most eight, `spare` leaves so many cores free."""

    depth: Depth = Depth.STANDARD
    workers: int | None = None
    spare: int = 0

    def worker_count(self) -> int:
        """Return how many worker processes to start."""
        return self.workers or max(1, min(8, os.cpu_count() or 1) - self.spare)
