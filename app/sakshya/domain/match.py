"""Known sets and why an item answers to one."""

from dataclasses import dataclass
from enum import StrEnum

from sakshya.domain.category import Category


class SetKind(StrEnum):
    """What a set asserts: material already known, or files that may be left out of a person's view."""

    KNOWN = "known"
    IGNORABLE = "ignorable"


class Basis(StrEnum):
    """How a match was made. A near match is a lead; it never decides."""

    EXACT = "exact"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class KnownSet:
    """A list of known hashes. `digest` is the SHA-256 over the set's own index files, lower-case hex."""

    id: str
    name: str
    version: str
    kind: SetKind
    scheme: str
    scheme_version: str
    supplier: str
    imported_at: str
    source_name: str
    source_sha256: str
    entries: int
    algorithms: tuple[tuple[str, int], ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Match:
    """Why an item answers to a set. `distance` and `threshold` are bits, None for an exact match."""

    set_id: str
    set_name: str
    set_version: str
    kind: SetKind
    category: Category | None
    basis: Basis
    algorithm: str
    distance: int | None = None
    threshold: int | None = None
