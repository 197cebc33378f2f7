"""Roles and signing keys in words."""

from sakshya.domain.person import Person, Role
from sakshya.gui.texts import ltr, tr
from sakshya.report.verifier import fingerprint

# Four groups of four digits are enough to tell two keys of a case apart; the tip has all sixteen.
_SHOWN = 19


def role_name(role: Role) -> str:
    """Return a role as a word on screen."""
    return {
        Role.EXAMINER: tr("Examiner"),
        Role.REVIEWER: tr("Reviewer"),
        Role.SUPERVISOR: tr("Supervisor"),
        Role.READ_ONLY: tr("Reads only, never acts"),
    }[role]


def key_words(person: Person) -> tuple[str, str]:
    """Return a signing key's fingerprint shortened and whole, or that there is none."""
    if person.public_key is None:
        return tr("no signing key"), tr("This person cannot sign a bundle.")
    whole = fingerprint(bytes.fromhex(person.public_key))
    return ltr(f"{whole[:_SHOWN]} …"), ltr(whole)
