"""Looks a content's digests up in every open set."""

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from sakshya.domain.category import Category
from sakshya.domain.digests import EMPTY, Digests
from sakshya.domain.faults import VerificationFault
from sakshya.domain.match import Basis, KnownSet, Match
from sakshya.matching.build import SizeBuilder
from sakshya.matching.digest_index import STRONGER_STATED, DigestIndex
from sakshya.matching.record import CodeLabel, SetRecord, read_record

_STRONGEST_FIRST = ("sha256", "sha1", "md5")
Keys = dict[str, bytes]


class OpenSets:
    """Known sets, mapped for look-up. It is cheap to pickle: the other process maps the same files again."""

    def __init__(self, folder: Path, records: tuple[SetRecord, ...]) -> None:
        self._folder = folder
        self._open = tuple(_OpenSet(folder / record.known.id, record) for record in records)
        self.sets: tuple[KnownSet, ...] = tuple(record.known for record in records)

    def lookup(self, digests: Digests, size: int) -> tuple[Match, ...]:
        """Return every assertion of every set about this content of `size` bytes, by set id, then code.

        Each set answers with the strongest algorithm that it holds this content under. An empty content matches
        nothing. A weaker digest settles nothing where the set's own record contradicts it: by a stronger digest, or,
        for MD5, by another size.
        """
        if size == 0 or digests.sha256 == EMPTY.sha256 or not self._open:
            return ()
        keys = {algorithm: bytes.fromhex(value) for algorithm, value in digests.items()}
        return tuple(match for one in self._open for match in one.matches(keys, size))

    def meaning(self, set_id: str, code: str) -> CodeLabel | None:
        """Return what a set's code was said to mean when the set was imported."""
        found = next((one for one in self._open if one.record.known.id == set_id), None)
        return next((label for label in found.record.codes if label.code == code), None) if found else None

    def sizes(self) -> npt.NDArray[np.uint64]:
        """Return the different sizes in bytes that the sets state, sorted; empty where none does."""
        parts = [np.fromfile(one.sizes, dtype="<u8") for one in self._open if one.sizes is not None]
        return np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.uint64)

    def close(self) -> None:
        """Give all mappings back."""
        for one in self._open:
            one.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[object, ...]:
        return (_reopen, (self._folder, tuple((known.id, known.digest) for known in self.sets)))


def _reopen(folder: Path, sets: tuple[tuple[str, str], ...]) -> OpenSets:
    """Map the same sets in another process; only their records and lengths are checked again."""
    records = tuple(read_record(folder / set_id) for set_id, _ in sets)
    for record, (set_id, digest) in zip(records, sets, strict=True):
        if record.known.digest != digest:
            raise VerificationFault(
                f"known set {set_id} was replaced while it was in use", where=str(folder), advice="start the scan again"
            )
    return OpenSets(folder, records)


class _OpenSet:
    """One set's indexes, strongest algorithm first, and its answers made ready."""

    __slots__ = ("_answers", "_indexes", "record", "sizes")

    def __init__(self, folder: Path, record: SetRecord) -> None:
        self.record = record
        held = {name for name, _ in record.known.algorithms}
        self._indexes = tuple((name, DigestIndex(folder / f"{name}.idx")) for name in _STRONGEST_FIRST if name in held)
        self.sizes = next((folder / one.name for one in record.files if one.name == SizeBuilder.NAME), None)
        self._answers: dict[tuple[str, int], Match] = {}

    def matches(self, keys: Keys, size: int) -> list[Match]:
        for algorithm, index in self._indexes:
            found = index.find(keys[algorithm])
            if not found:
                continue
            # MD5 and SHA-1 collisions are made at will. A stronger digest of the same record that did not match, or
            # another size, says that this is another content.
            codes = {code for code, stated in found if code < STRONGER_STATED and stated in (0, size)}
            if codes:
                # A record without a verdict adds nothing to one that has one.
                return [self._answer(algorithm, code) for code in sorted(codes - {0} or codes)]
        return []

    def close(self) -> None:
        for _, index in self._indexes:
            index.close()

    def _answer(self, algorithm: str, code: int) -> Match:
        known = self.record.known
        answer = self._answers.get((algorithm, code))
        if answer is None:
            category = Category(known.scheme, known.scheme_version, self.record.codes[code - 1].code) if code else None
            answer = Match(known.id, known.name, known.version, known.kind, category, Basis.EXACT, algorithm)
            self._answers[algorithm, code] = answer
        return answer
