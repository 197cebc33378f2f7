"""How far files inside files are followed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Where looking into files stops, and says so. `member` and `together`, what all members of a file state, in bytes.

    `ratio` is how many bytes one byte of a file may become, once more than `free_of_ratio` bytes came out of it.
    """

    depth: int = 8
    members: int = 1_000_000
    member: int = 64 << 30
    together: int = 4 << 40
    ratio: int = 1_200
    free_of_ratio: int = 256 << 20
