"""What is written down about one set beside its index files, and the digest that covers both."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sakshya.domain.digests import file_sha256
from sakshya.domain.faults import VerificationFault
from sakshya.domain.ledger import canonical
from sakshya.domain.match import KnownSet, SetKind
from sakshya.matching.private import create_private

NAME = "set.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class CodeLabel:
    """One code of a set and how many source rows carry it; `stated_by` is a scheme or "whoever imported the set"."""

    code: str
    label: str
    notable: bool
    stated_by: str
    rows: int


@dataclass(frozen=True, slots=True)
class IndexFile:
    """One file of a set: its name, length in bytes and SHA-256."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SetRecord:
    """A set's description: `codes` as the index numbers them from 1, `account` what the import counted."""

    known: KnownSet
    codes: tuple[CodeLabel, ...]
    files: tuple[IndexFile, ...]
    account: tuple[tuple[str, int], ...]

    def sealed(self) -> "SetRecord":
        """Return the record with the digest of its own content."""
        return replace(self, known=replace(self.known, digest=self.computed_digest()))

    def computed_digest(self) -> str:
        """Return SHA-256 over the canonical record, which holds every index file's SHA-256.

        The time of the import is left out, so that two desks with the same list and the same answers get one digest.
        """
        table = self._table()
        for name in ("digest", "imported_at"):
            del table["set"][name]
        return hashlib.sha256(canonical(table)).hexdigest()

    def write(self, folder: Path) -> None:
        """Write the record into a set's folder."""
        with create_private(folder / NAME) as file:
            file.write(json.dumps(self._table(), indent=1, ensure_ascii=False).encode("utf-8", "backslashreplace"))

    def _table(self) -> dict[str, dict[str, object]]:
        known = asdict(self.known)
        known["algorithms"] = dict(self.known.algorithms)
        return {
            "format": {"version": _FORMAT},
            "set": known,
            "codes": {str(number): asdict(one) for number, one in enumerate(self.codes, 1)},
            "files": {one.name: {"bytes": one.bytes, "sha256": one.sha256} for one in self.files},
            "account": dict(self.account),
        }


def read_record(folder: Path) -> SetRecord:
    """Return the record of the set in a folder.

    Raises:
        VerificationFault: the record is missing, is not one of ours, or was changed after the import.
    """
    try:
        table = json.loads((folder / NAME).read_bytes())
        if table["format"]["version"] != _FORMAT:
            raise _unreadable(folder, f"its format is {table['format']['version']!r}, not {_FORMAT}")
        known = table["set"]
        record = SetRecord(
            known=KnownSet(
                **{**known, "kind": SetKind(known["kind"]), "algorithms": tuple(sorted(known["algorithms"].items()))}
            ),
            codes=tuple(CodeLabel(**table["codes"][str(number)]) for number in range(1, len(table["codes"]) + 1)),
            files=tuple(IndexFile(name=name, **facts) for name, facts in sorted(table["files"].items())),
            account=tuple(table["account"].items()),
        )
    except OSError as error:
        raise _unreadable(folder, error.strerror or str(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(folder, f"not a record ({type(error).__name__}: {error})") from error
    if record.computed_digest() != record.known.digest:
        raise _unreadable(folder, "it was changed after the import")
    return record


def describe_files(paths: Sequence[Path]) -> tuple[IndexFile, ...]:
    """Return name, length and SHA-256 of each file, by name."""
    return tuple(
        IndexFile(path.name, path.stat().st_size, file_sha256(path))
        for path in sorted(paths, key=lambda path: path.name)
    )


def file_problems(folder: Path, record: SetRecord) -> list[str]:
    """Return one line for each file of the set that is missing, surplus or not as it was imported."""
    problems = []
    for one in record.files:
        path = folder / one.name
        try:
            length = path.stat().st_size
            if length != one.bytes:
                problems.append(f"{one.name}: {length} bytes long, {one.bytes} when it was imported")
            elif file_sha256(path) != one.sha256:
                problems.append(f"{one.name}: its content differs from what was imported")
        except OSError as error:
            problems.append(f"{one.name}: {error.strerror or error}")
    expected = {NAME, "off", *(one.name for one in record.files)}
    surplus = sorted(path.name for path in folder.iterdir() if path.name not in expected)
    return problems + [f"{name}: does not belong to the set" for name in surplus]


def _unreadable(folder: Path, detail: str) -> VerificationFault:
    return VerificationFault(
        f"the record of a known set cannot be trusted: {detail}",
        where=str(folder / NAME),
        advice="remove the set and import it again",
    )
