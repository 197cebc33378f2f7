"""Prints the papers and seals the bundle, each with its line in the ledger."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sakshya.domain.faults import OperatorFault
from sakshya.evidence.guard import refuse_on_exhibit
from sakshya.report.bundle import BundleResult, write_bundle
from sakshya.report.certificate import write_certificate
from sakshya.report.names_annexure import write_names_annexure
from sakshya.report.papers import write_report
from sakshya.report.templates import Form

if TYPE_CHECKING:
    from sakshya.workbench.bench import Workbench


def report(bench: "Workbench", to: Path, language: str) -> list[Path]:
    """Print the report into the folder `to`; return the files written.

    Raises:
        OperatorFault: the folder lies on an exhibit, or the language is not offered.
    """
    _refuse_folder(bench, to)
    at = bench.desk.clock()
    return write_report(bench.case, to, at=at, zone=bench.case.head.zone, language=language, by=bench.who)


def names_annexure(bench: "Workbench", to: Path, language: str, order: str) -> Path:
    """Print the restricted annexure with names and paths into the folder `to`; return the file.

    Raises:
        OperatorFault: no order is stated, or the folder lies on an exhibit.
    """
    _refuse_folder(bench, to)
    at, zone = bench.desk.clock(), bench.case.head.zone
    return write_names_annexure(bench.case, to, at=at, zone=zone, language=language, by=bench.who, order=order)


def certificate(bench: "Workbench", form: str, to: Path, answers: Mapping[str, str]) -> Path:
    """Print a certificate to the file `to`, which must not exist; return it. See `write_certificate` for the answers.

    Raises:
        OperatorFault: there is no such form, or the file exists.
    """
    if form not in set(Form):
        raise OperatorFault(f"no certificate form {form!r}", advice=f"forms: {', '.join(Form)}")
    _refuse_folder(bench, to)
    at, zone = bench.desk.clock(), bench.case.head.zone
    return write_certificate(bench.case, Form(form), to, at=at, zone=zone, by=bench.who, answers=answers)


def bundle(bench: "Workbench", to: Path, *, passphrase: str | None, language: str) -> BundleResult:
    """Seal the bundle into the folder `to`, which must not exist or be empty.

    Raises:
        OperatorFault: the folder is in use, lies on an exhibit, or the passphrase opens no key.
        VerificationFault: something in it is not image-free; then nothing is left behind.
    """
    _refuse_folder(bench, to)
    signer = bench.case.people.signer(bench.who, passphrase) if passphrase else None
    at = bench.desk.clock()
    return write_bundle(
        bench.case, to, at=at, zone=bench.case.head.zone, by=bench.who, signer=signer, language=language
    )


def _refuse_folder(bench: "Workbench", to: Path) -> None:
    """Refuse a target on an exhibit or inside the case itself.

    Raises:
        OperatorFault: it is one of these.
    """
    refuse_on_exhibit(to, bench.case.exhibits.all())
    if to.absolute().is_relative_to(bench.case.folder.absolute()):
        raise OperatorFault(
            "papers do not go into the case's own folder", where=str(to), advice="name a folder beside it"
        )
