"""The three digests of one content."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

_LENGTHS = {"md5": 32, "sha1": 40, "sha256": 64}
_HEX = re.compile(r"[0-9a-f]+")
_ALL_THREE = re.compile(r"[0-9a-f]{32} [0-9a-f]{40} [0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Digests:
    """MD5, SHA-1 (FIPS 180-4) and SHA-256 of one content, lower-case hex, made in one pass."""

    md5: str
    sha1: str
    sha256: str

    def __post_init__(self) -> None:
        if _ALL_THREE.fullmatch(f"{self.md5} {self.sha1} {self.sha256}"):
            return
        for algorithm, value in self.items():
            if digest_algorithm(value) != algorithm:
                raise ValueError(f"not a {algorithm} digest: {value!r}")

    # Written out: what a dataclass with slots does by itself takes ten times as long, and millions cross a pipe.
    def __reduce__(self) -> tuple[object, ...]:
        return Digests, (self.md5, self.sha1, self.sha256)

    def items(self) -> tuple[tuple[str, str], ...]:
        """Return (algorithm, value) pairs in the order MD5, SHA-1, SHA-256."""
        return (("md5", self.md5), ("sha1", self.sha1), ("sha256", self.sha256))


def digest_algorithm(value: str) -> str | None:
    """Return "md5", "sha1" or "sha256" for a lower-case hex digest of that length, else None."""
    if not _HEX.fullmatch(value):
        return None
    return next((name for name, length in _LENGTHS.items() if length == len(value)), None)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file that is no evidence, lower-case hex, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


EMPTY = Digests(
    "d41d8cd98f00b204e9800998ecf8427e",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
)
