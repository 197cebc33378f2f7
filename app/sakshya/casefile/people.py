"""Who acts in a case, with which role, and with which signing key."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sakshya.casefile.coding import from_json, to_json
from sakshya.casefile.driver import CaseDatabase, Row
from sakshya.casefile.faults import CaseFault, WrongKeyFault
from sakshya.casefile.keyslots import Stretch
from sakshya.domain.moment import iso_utc
from sakshya.domain.person import Person, Role

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_COLUMNS = "name, role, designation, public_key, added_at"


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for one person; the private key lives only as long as this object."""

    name: str
    public_key: str
    _key: "Ed25519PrivateKey"

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature (RFC 8032) over a message."""
        return self._key.sign(message)


class People:
    """The people of one case."""

    def __init__(self, db: CaseDatabase) -> None:
        self._db = db

    def add(self, name: str, role: Role, designation: str, *, at: datetime, passphrase: str | None = None) -> Person:
        """Add a person; with a passphrase a signing key is made and kept encrypted under it.

        A person who is in the case without a key gets one that way, with the role and designation now given; a key
        once made is never replaced.

        Raises:
            OperatorFault: the name is empty, not printable, or taken.
        """
        if not name.strip() or not name.isprintable() or not designation.isprintable():
            raise CaseFault("a person needs a name and a designation of printable characters")
        public, private, stretch = _new_key(passphrase) if passphrase else (None, None, None)
        with self._db.transaction():
            known = self._db.one("SELECT public_key, added_at FROM person WHERE name = ?", (name,))
            if known and (known[0] or not passphrase):
                raise CaseFault(f"{name} is in this case already", advice="use that person, or add a fuller name")
            person = Person(name, role, designation, public, known[1] if known else iso_utc(at))
            row = {
                "name": name,
                "role": role.value,
                "designation": designation,
                "public_key": public,
                "private_key": private,
                "stretch": stretch,
                "added_at": person.added_at,
            }
            self._db.table("person").upsert(row, pk="name")
        return person

    def all(self) -> list[Person]:
        """Return everybody in the order added."""
        return [_person(row) for row in self._db.all(f"SELECT {_COLUMNS} FROM person ORDER BY added_at, rowid")]

    def get(self, name: str) -> Person:
        """Return one person.

        Raises:
            OperatorFault: nobody of that name is in the case.
        """
        row = self._db.one(f"SELECT {_COLUMNS} FROM person WHERE name = ?", (name,)) if name.isprintable() else None
        if row is None:
            raise CaseFault(f"nobody named {name} is in this case", advice="add the person to the case first")
        return _person(row)

    def signer(self, name: str, passphrase: str) -> Signer:
        """Return the signer of one person.

        Raises:
            OperatorFault: the person is not in the case or has no signing key.
            WrongKeyFault: the passphrase does not open the key.
        """
        person = self.get(name)
        row = self._db.one("SELECT private_key, stretch FROM person WHERE name = ?", (name,))
        if person.public_key is None or row is None or row[0] is None:
            raise CaseFault(f"{name} has no signing key", advice="sign as somebody who was added with a passphrase")
        return Signer(name, person.public_key, _open_key(bytes(row[0]), str(row[1]), passphrase, name))


def _new_key(passphrase: str) -> tuple[str, bytes, str]:
    # Here and not above: few commands need a key, and the library takes its time to load.
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key, stretch = Ed25519PrivateKey.generate(), Stretch.fresh()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(_password(stretch, passphrase)),
    )
    return key.public_key().public_bytes_raw().hex(), private, to_json(stretch.fields())


def _open_key(private: bytes, stretch: str, passphrase: str, name: str) -> "Ed25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(private, _password(Stretch.from_fields(from_json(stretch)), passphrase))
    except ValueError as error:
        raise WrongKeyFault(f"the passphrase does not open the signing key of {name}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise WrongKeyFault(f"the signing key of {name} is not an Ed25519 key")
    return key


def _password(stretch: Stretch, passphrase: str) -> bytes:
    # PKCS#8's own stretching (PBKDF2) is cheap to guess against; Argon2id in front of it is not.
    return stretch.key(passphrase).hex().encode("ascii")


def _person(row: Row) -> Person:
    name, role, designation, public_key, added_at = row
    return Person(name, Role(role), designation, public_key, added_at)
