"""How far files inside files are followed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Where looking into files stops, and says so. `member` in bytes."""

    depth: int = 8
    members: int = 1_000_000
    member: int = 64 << 30
