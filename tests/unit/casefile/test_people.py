import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.faults import WrongKeyFault
from sakshya.domain.faults import OperatorFault
from sakshya.domain.person import Role
from tests.unit.casefile.building import AT


def test_a_signature_verifies_under_the_key_the_case_shows(case: CaseFile) -> None:
    case.people.add("ज़ोया ख़ान", Role.EXAMINER, "Inspector", at=AT, passphrase="five words")

    signer = case.people.signer("ज़ोया ख़ान", "five words")

    public = case.people.get("ज़ोया ख़ान").public_key
    assert public == signer.public_key
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(signer.public_key)).verify(signer.sign(b"manifest"), b"manifest")


def test_the_key_is_kept_encrypted(case: CaseFile) -> None:
    case.people.add("A", Role.EXAMINER, "", at=AT, passphrase="five words")

    row = case.database().one("SELECT private_key FROM person")

    assert row is not None
    assert row[0].startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    with pytest.raises(WrongKeyFault):
        case.people.signer("A", "four words")


def test_somebody_without_a_key_cannot_sign(case: CaseFile) -> None:
    person = case.people.add("B", Role.REVIEWER, "SI", at=AT)

    assert person.public_key is None
    with pytest.raises(OperatorFault, match="no signing key"):
        case.people.signer("B", "anything")


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "\ud800"])
def test_a_name_that_cannot_be_printed_is_refused(case: CaseFile, name: str) -> None:
    with pytest.raises(OperatorFault):
        case.people.add(name, Role.EXAMINER, "", at=AT)
    with pytest.raises(OperatorFault, match="nobody named"):
        case.people.get(name)


def test_a_name_stands_once(case: CaseFile) -> None:
    case.people.add("D", Role.EXAMINER, "", at=AT)

    with pytest.raises(OperatorFault, match="D is in this case already"):
        case.people.add("D", Role.SUPERVISOR, "", at=AT)
    assert [one.role for one in case.people.all()] == [Role.EXAMINER]


def test_somebody_without_a_key_can_be_given_one_once(case: CaseFile) -> None:
    case.people.add("A", Role.EXAMINER, "", at=AT)

    given = case.people.add("A", Role.EXAMINER, "Inspector", at=AT, passphrase="five words")

    assert given.public_key == case.people.signer("A", "five words").public_key
    assert [person.designation for person in case.people.all()] == ["Inspector"]
    with pytest.raises(OperatorFault, match="already"):
        case.people.add("A", Role.EXAMINER, "", at=AT, passphrase="other words")
