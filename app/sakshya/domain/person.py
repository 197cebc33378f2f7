"""Who acts: named people with roles."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person may do in a case."""

    EXAMINER = "examiner"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    READ_ONLY = "read-only"


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a case; `public_key` is Ed25519 (RFC 8032), hex, None for a person without a signing key."""

    name: str
    role: Role
    designation: str
    public_key: str | None
    added_at: str
