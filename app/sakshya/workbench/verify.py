"""Tells what a path is — a bundle, a case or a known set — and checks it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.driver import Mode
from sakshya.casefile.findings_digest import findings_digests
from sakshya.casefile.identify import is_case, is_encrypted
from sakshya.casefile.reconcile import reconcile
from sakshya.domain.faults import OperatorFault
from sakshya.domain.ledger import LedgerEntry
from sakshya.matching.record import NAME as SET_RECORD
from sakshya.matching.sets import SetFolder
from sakshya.report.verifier import MANIFEST, verify_bundle

_CHANGING = ("scan.begin", "scan.finish", "exhibit.unlock")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was checked, and one sentence for each thing that does not hold."""

    kind: str
    checked: str
    problems: tuple[str, ...]


def verify_path(path: Path, passphrase: Callable[[], str | None]) -> Outcome:
    """Check what lies at `path`; `passphrase` is asked only for an encrypted case.

    Raises:
        OperatorFault: there is nothing there that can be verified.
    """
    if any((path / name).is_file() for name in ("bagit.txt", MANIFEST)):
        return Outcome("bundle", "every file, the ledger's chain and the seal", tuple(verify_bundle(path)))
    if is_case(path):
        return _case(path, passphrase)
    if (path / SET_RECORD).is_file():
        folder = path.absolute()
        return Outcome("set", "its digest", tuple(SetFolder(folder.parent).verify(folder.name)))
    raise OperatorFault("there is no case, bundle or set", where=str(path), advice="name the folder itself")


def _case(path: Path, passphrase: Callable[[], str | None]) -> Outcome:
    secret = passphrase() if is_encrypted(path) else None
    with CaseFile.open(path, passphrase=secret, mode=Mode.READ) as case:
        problems = [*case.ledger.problems(), *reconcile(case), *_against_the_last_scan(case)]
        last, head = case.ledger.head()
        assurance = case.ledger.assurance()
    return Outcome("case", f"{last} ledger lines up to {head[:16]}; {assurance}", tuple(problems))


def _names_damage(entry: LedgerEntry) -> bool:
    """A verification that met damage, or no longer meets what an earlier one did, changes the list of files on it."""
    return entry.act == "exhibit.verify" and entry.public.get("damaged_runs") != 0


def _against_the_last_scan(case: CaseFile) -> list[str]:
    """Compare what the case holds with what the ledger says the last scan ended with.

    A scan that was begun later and not finished has changed it since, and so have keys supplied later and a later
    verification; then there is nothing to compare with.
    """
    acts = [entry for entry in case.ledger.entries() if entry.act in _CHANGING or _names_damage(entry)]
    if not acts or acts[-1].act != "scan.finish":
        return []
    if findings_digests(case).read == acts[-1].public.get("read_digest"):
        return []
    return [f"what the case holds is not what the scan recorded in line {acts[-1].seq} of the ledger found"]
