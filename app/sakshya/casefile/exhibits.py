"""Exhibits of a case, what was computed about them, and where their bytes are."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sakshya.casefile.coding import from_json, from_text, to_json, to_text
from sakshya.casefile.driver import CaseDatabase
from sakshya.casefile.faults import CaseFault
from sakshya.domain.digests import Digests
from sakshya.domain.entry import ByteAccount
from sakshya.domain.exhibit import Clock, ContainerFacts, Damage, Exhibit, FileStamp, StatedDigest, Verification
from sakshya.domain.faults import OperatorFault
from sakshya.domain.locator import Run


class Exhibits:
    """The exhibits of one case, in the order they were attached."""

    def __init__(self, db: CaseDatabase) -> None:
        self._db = db

    def add(self, exhibit: Exhibit) -> None:
        """Attach an exhibit.

        Raises:
            OperatorFault: the number is empty, not plain text, or already taken.
        """
        _require_number(exhibit.number)
        with self._db.transaction():
            if self._db.one("SELECT 1 FROM exhibit WHERE number = ?", (exhibit.number,)):
                raise CaseFault(f"exhibit {exhibit.number} exists", advice="choose another number")
            self._db.table("exhibit").insert({"number": exhibit.number, "data": _encode(exhibit)})
            for verification in exhibit.verifications:
                self.record_verification(exhibit.number, verification)
            self.add_keys(exhibit.number, exhibit.keys)

    def add_keys(self, number: str, keys: Iterable[str]) -> int:
        """Keep passwords and recovery keys for an exhibit; return how many of them are new.

        They stand in the case's database and nowhere else, so they are as secret as the case is.
        """
        with self._db.transaction():
            identity = exhibit_id(self._db, number)
            rows = ((identity, to_text(key)) for key in keys if key)
            return self._db.executemany("INSERT OR IGNORE INTO exhibit_key (exhibit, value) VALUES (?, ?)", rows)

    def all(self) -> list[Exhibit]:
        """Return every exhibit with its verifications."""
        return [self._read(row[0], row[1]) for row in self._db.all("SELECT id, data FROM exhibit ORDER BY id")]

    def get(self, number: str) -> Exhibit:
        """Return one exhibit.

        Raises:
            OperatorFault: there is none of that number.
        """
        identity = exhibit_id(self._db, number)
        row = self._db.one("SELECT data FROM exhibit WHERE id = ?", (identity,))
        return self._read(identity, row[0] if row else "")

    def record_verification(self, number: str, verification: Verification) -> None:
        """Add what a reading of the whole exhibit gave; earlier ones stay."""
        with self._db.transaction():
            self._db.table("verification").insert(
                {"exhibit": exhibit_id(self._db, number), "data": to_json(asdict(verification))}
            )

    def record_account(self, number: str, account: ByteAccount) -> None:
        """Keep where the exhibit's bytes are."""
        with self._db.transaction():
            identity = exhibit_id(self._db, number)
            self._db.execute("UPDATE exhibit SET account = ? WHERE id = ?", (to_json(asdict(account)), identity))

    def account(self, number: str) -> ByteAccount | None:
        """Return where the exhibit's bytes are, None before it was walked."""
        row = self._db.one("SELECT account FROM exhibit WHERE id = ?", (exhibit_id(self._db, number),))
        return ByteAccount(**from_json(row[0])) if row and row[0] else None

    def _read(self, identity: int, data: str) -> Exhibit:
        rows = self._db.all("SELECT data FROM verification WHERE exhibit = ? ORDER BY id", (identity,))
        keys = self._db.all("SELECT value FROM exhibit_key WHERE exhibit = ? ORDER BY id", (identity,))
        verifications = tuple(_verification(from_json(row[0])) for row in rows)
        return _decode(from_json(data), verifications, tuple(from_text(row[0]) for row in keys))


def exhibit_id(db: CaseDatabase, number: str) -> int:
    """Return the database's own id of an exhibit.

    Raises:
        OperatorFault: there is no exhibit of that number.
    """
    row = db.one("SELECT id FROM exhibit WHERE number = ?", (number,)) if number.isprintable() else None
    if row is None:
        raise OperatorFault(f"there is no exhibit {number} in this case", advice="list the exhibits for their numbers")
    return int(row[0])


def _require_number(number: str) -> None:
    if not number.strip() or not number.isprintable():
        raise CaseFault("an exhibit needs a number of printable characters", advice="such as EX-1")


def _encode(exhibit: Exhibit) -> str:
    fields = asdict(exhibit)
    del fields["verifications"], fields["keys"]
    return to_json(fields)


def _decode(fields: dict[str, Any], verifications: tuple[Verification, ...], keys: tuple[str, ...]) -> Exhibit:
    container = fields["container"]
    container |= {
        "segments": tuple(container["segments"]),
        "stored": tuple(StatedDigest(**one) for one in container["stored"]),
        "acquisition": _pairs(container["acquisition"]),
        "problems": tuple(container["problems"]),
    }
    fields |= {
        "files": tuple(fields["files"]),
        "container": ContainerFacts(**container),
        "stated": tuple(StatedDigest(**one) for one in fields["stated"]),
        "particulars": _pairs(fields["particulars"]),
        "clock": Clock(**fields["clock"]) if fields["clock"] else None,
    }
    return Exhibit(**fields, verifications=verifications, keys=keys)


def _pairs(rows: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in rows)


def _verification(fields: dict[str, Any]) -> Verification:
    fields |= {
        "digests": Digests(**fields["digests"]) if fields["digests"] else None,
        "damage": tuple(Damage(Run(**one["run"]), one["reason"]) for one in fields["damage"]),
        "differing": tuple(fields["differing"]),
        "files": tuple(FileStamp(**one) for one in fields.get("files", ())),
    }
    return Verification(**fields)
