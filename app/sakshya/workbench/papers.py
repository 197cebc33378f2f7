"""Prints the papers and seals the bundle, each with its line in the ledger."""

from pathlib import Path
from typing import TYPE_CHECKING

from sakshya.domain.digests import Digests
from sakshya.domain.faults import OperatorFault
from sakshya.evidence.guard import refuse_on_exhibit
from sakshya.report.bundle import BundleResult, write_bundle
from sakshya.report.certificate import write_certificate
from sakshya.report.papers import write_report
from sakshya.report.templates import Form
from sakshya.workbench.file_digest import digest_file

if TYPE_CHECKING:
    from sakshya.workbench.bench import Workbench


def report(bench: "Workbench", to: Path, language: str) -> list[Path]:
    """Print the report into the folder `to`; return the files written.

    Raises:
        OperatorFault: the folder lies on an exhibit, or the language is not offered.
    """
    refuse_on_exhibit(to, bench.case.exhibits.all())
    at = bench.desk.clock()
    files = write_report(bench.case, to, at=at, zone=bench.desk.zone, language=language, by=bench.who)
    _record(bench, "report.print", language, files)
    return files


def certificate(bench: "Workbench", form: str, to: Path) -> Path:
    """Print a certificate to the file `to`, which must not exist; return it.

    Raises:
        OperatorFault: there is no such form, or the file exists.
    """
    if form not in set(Form):
        raise OperatorFault(f"no certificate form {form!r}", advice=f"forms: {', '.join(Form)}")
    refuse_on_exhibit(to.parent, bench.case.exhibits.all())
    file = write_certificate(bench.case, Form(form), to, at=bench.desk.clock(), zone=bench.desk.zone)
    _record(bench, "certificate.print", form, [file])
    return file


def bundle(bench: "Workbench", to: Path, *, passphrase: str | None, language: str) -> BundleResult:
    """Seal the bundle into the folder `to`, which must not exist or be empty.

    Raises:
        OperatorFault: the folder is in use, lies on an exhibit, or the passphrase opens no key.
        VerificationFault: something in it is not image-free; then nothing is left behind.
    """
    refuse_on_exhibit(to, bench.case.exhibits.all())
    signer = bench.case.people.signer(bench.who, passphrase) if passphrase else None
    at = bench.desk.clock()
    return write_bundle(bench.case, to, at=at, zone=bench.desk.zone, by=bench.who, signer=signer, language=language)


def _record(bench: "Workbench", act: str, subject: str, files: list[Path]) -> None:
    digests: dict[str, Digests] = {file.name: digest_file(file) for file in files}
    bench.case.ledger.append(
        act,
        subject,
        who=bench.who,
        at=bench.desk.clock(),
        zone=bench.desk.zone,
        public={"sha256": {name: one.sha256 for name, one in digests.items()}},
        private={"files": [str(file) for file in files]},
    )
