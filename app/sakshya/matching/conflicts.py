"""Finds hashes that two sets assert differently. Nothing is merged: both assertions stay, each with its source.

Two assertions differ where one set calls the hash known and the other ignorable, where both use one version of one
scheme but other codes, and, across schemes, where one code asserts unlawful material and the other does not.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from sakshya.matching.digest_index import STRONGER_STATED, DigestIndex
from sakshya.matching.record import SetRecord

_AT_ONCE = 1 << 16
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Example:
    """One hash, lower-case hex, and the codes that each of the two sets gives it; no code where it gives none."""

    hash: str
    first: tuple[str, ...]
    second: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sets, by id, that disagree about `hashes` hashes of one algorithm; the first 20 are `examples`."""

    first: str
    second: str
    algorithm: str
    shared: int
    hashes: int
    examples: tuple[Example, ...]


def conflicts(folder: Path, records: tuple[SetRecord, ...]) -> Iterator[Conflict]:
    """Yield every disagreement of every pair of sets, each algorithm apart.

    Raises:
        VerificationFault: an index is damaged.
    """
    for first, second in combinations(records, 2):
        held = {name for name, _ in second.known.algorithms}
        for algorithm in (name for name, _ in first.known.algorithms if name in held):
            with ExitStack() as stack:
                one, other = (
                    stack.enter_context(closing(DigestIndex(folder / record.known.id / f"{algorithm}.idx")))
                    for record in (first, second)
                )
                found = _compare(first, second, one, other)
            if found.hashes:
                yield found


def _compare(first: SetRecord, second: SetRecord, one: DigestIndex, other: DigestIndex) -> Conflict:
    shared = differing = 0
    examples: list[Example] = []
    last = b""
    for start in range(0, one.shape.count, _AT_ONCE):
        digests = one.digests(start, _AT_ONCE)
        for row in np.flatnonzero(other.positions(digests) >= 0):
            digest = digests[row].tobytes()
            # A hash with several codes has several records, which lie side by side.
            if digest == last:
                continue
            last = digest
            shared += 1
            mine, theirs = _codes(one, digest), _codes(other, digest)
            if not _differ(first, second, mine, theirs):
                continue
            differing += 1
            if len(examples) < _SHOWN:
                examples.append(Example(digest.hex(), _named(first, mine), _named(second, theirs)))
    return Conflict(first.known.id, second.known.id, one.shape.algorithm, shared, differing, tuple(examples))


def _codes(index: DigestIndex, digest: bytes) -> frozenset[int]:
    return frozenset(code & ~STRONGER_STATED for code, _ in index.find(digest)) - {0}


def _named(record: SetRecord, codes: frozenset[int]) -> tuple[str, ...]:
    return tuple(record.codes[code - 1].code for code in sorted(codes))


def _differ(first: SetRecord, second: SetRecord, mine: frozenset[int], theirs: frozenset[int]) -> bool:
    if first.known.kind is not second.known.kind:
        return True
    if not mine or not theirs:
        return False
    schemes = {(record.known.scheme, record.known.scheme_version) for record in (first, second)}
    if len(schemes) == 1:
        return set(_named(first, mine)) != set(_named(second, theirs))
    notable = [
        {record.codes[code - 1].notable for code in codes} for record, codes in ((first, mine), (second, theirs))
    ]
    return notable[0] != notable[1]
