"""The hash-chained line for every act, and how a line is hashed.

A line is hashed over its public fields and the salted SHA-256 of its private ones, so that a masked copy, which
carries the digest in place of the private fields, verifies against the same chain.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

GENESIS = "0" * 64
LOOK = "look"
"""The act of opening an item in clear."""

Field = str | int | float | bool | None | list[str] | dict[str, int] | dict[str, str]
Fields = Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One act. `private` and `salt` are None in a masked copy; everything else is hashed.

    `at` is ISO 8601 in UTC, `zone` the desk's zone at that time, `who` a person's name or the program's part.
    """

    seq: int
    at: str
    zone: str
    who: str
    act: str
    subject: str
    public: dict[str, Field]
    private_digest: str
    previous: str
    hash: str
    private: dict[str, Field] | None = None
    salt: str | None = None

    def masked(self) -> dict[str, object]:
        """Return the ten public fields, which verify without the private ones."""
        fields = asdict(self)
        del fields["private"], fields["salt"]
        return fields


def canonical(fields: Mapping[str, object]) -> bytes:
    """Return the one JSON spelling that is hashed: sorted keys, no spaces, UTF-8 (lone surrogates escaped)."""
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return text.encode("ascii")


def private_digest(private: Fields, salt: str) -> str:
    """Return SHA-256 over the salt (hex text), a line feed, and the canonical private fields."""
    return hashlib.sha256(salt.encode("ascii") + b"\n" + canonical(private)).hexdigest()


def line_hash(masked: Mapping[str, object]) -> str:
    """Return SHA-256 over the canonical masked line without its own `hash`."""
    return hashlib.sha256(canonical({name: value for name, value in masked.items() if name != "hash"})).hexdigest()


def chain_problems(entries: Iterable[LedgerEntry]) -> list[str]:
    """Return one sentence for each line that was changed, removed or reordered; an empty list for a whole chain."""
    problems: list[str] = []
    previous, expected = GENESIS, 1
    for entry in entries:
        if entry.seq != expected:
            problems.append(f"line {expected} is missing or out of order: line {entry.seq} stands in its place")
        if entry.previous != previous:
            problems.append(f"line {entry.seq} does not follow the line before it")
        if line_hash(entry.masked()) != entry.hash:
            problems.append(f"line {entry.seq} was changed: its hash does not agree")
        if entry.private is not None and private_digest(entry.private, entry.salt or "") != entry.private_digest:
            problems.append(f"line {entry.seq}: a private field was changed")
        previous, expected = entry.hash, entry.seq + 1
    return problems
