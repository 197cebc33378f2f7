"""Seals everything that may leave a case into one folder that a stranger can check, or leaves nothing at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.people import Signer
from sakshya.domain.faults import OperatorFault, VerificationFault
from sakshya.domain.ledger import Fields, canonical
from sakshya.domain.moment import iso_utc
from sakshya.report import verifier
from sakshya.report.bag import write_declaration, write_manifest, write_tag_manifest
from sakshya.report.certificate import prepare_certificate
from sakshya.report.exports import write_findings
from sakshya.report.fact_types import PRACTICE_MARK, Facts
from sakshya.report.full_disk import told_when_full
from sakshya.report.gathering import gather
from sakshya.report.imagefree import refuse_pictures
from sakshya.report.issuing import Prepared, record
from sakshya.report.papers import prepare_report
from sakshya.report.seal import write_signature
from sakshya.shipped import case_templates

SEALED = "bundle.seal"


@dataclass(frozen=True, slots=True)
class BundleResult:
    """A sealed bundle: where it is, the SHA-256 of its manifest, and how many files it has."""

    folder: Path
    manifest_sha256: str
    files: int


def write_bundle(  # noqa: PLR0913 - one act: what, where to, when, by whom, signed by whom
    case: CaseFile, to: Path, *, at: datetime, zone: str, by: str, signer: Signer | None, language: str = "en"
) -> BundleResult:
    """Seal report, certificates, findings and ledger into the folder `to`, and verify what was sealed.

    The bundle is made beside `to` and renamed, in the same transaction that writes it into the ledger: it is there
    whole, or not at all.

    Args:
        case: the case, open for writing.
        to: a folder that does not exist or is empty.
        at: the bundle's time.
        zone: IANA name of the zone shown beside UTC.
        by: who seals.
        signer: signs the bundle; without one its manifests prove that it is whole, but not who made it.
        language: of the report.

    Raises:
        OperatorFault: the folder holds something, or cannot be written.
        VerificationFault: something in it may be a picture or a video, or the bundle does not verify.
        DiskFullFault: the disk is full; nothing is left.
    """
    _require_free(to)
    with told_when_full(to.parent), _workshop(to) as bag:
        prepared = _make(case, bag, at=at, zone=zone, language=language)
        with _or_nothing(to), case.transaction():
            for one in prepared:
                record(case, one, by=by, at=at, zone=zone)
            papers = {one.paper.kind: one.paper.issue for one in prepared}
            public: Fields = {"papers": papers, "signed": signer is not None}
            sealed = case.ledger.append(SEALED, "bundle", who=by, at=at, zone=zone, public=public)
            head = (sealed.seq, sealed.hash)
            manifest = _close(case, bag, head, at=at, signer=signer)
            case.ledger.record_seal(*head, "bundle", at)
            _require_good(bag)
            files = sum(one.is_file() for one in bag.rglob("*"))
            _move(bag, to)
    return BundleResult(to, manifest, files)


def _make(case: CaseFile, bag: Path, *, at: datetime, zone: str, language: str) -> list[Prepared]:
    """Write the findings and typeset the papers, each once, and put them into the bag."""
    with case.transaction():
        facts = gather(case, at=at, zone=zone)
        write_findings(case, facts, bag / "data" / "findings")
        report = prepare_report(case, facts, language=language)
        certificates = [
            prepare_certificate(case, facts, form, name=f"{form.value}.pdf", answers={})
            for form in (facts.template.own_forms if facts.exhibits else ())
        ]
    _put(bag / "data" / "report", report)
    for one in certificates:
        _put(bag / "data" / "certificates", one)
    _write_tags(bag, facts, at)
    return [report, *certificates]


def _put(folder: Path, prepared: Prepared) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in prepared.files.items():
        (folder / name).write_bytes(content)


def _write_tags(bag: Path, facts: Facts, at: datetime) -> None:
    shutil.copyfile(Path(verifier.__file__), bag / "verify.py")
    readme = (case_templates() / "shared" / "bundle-readme.txt").read_text("utf-8")
    practice = f"{PRACTICE_MARK}\n\n" if facts.head.practice else ""
    (bag / "README.txt").write_bytes((practice + readme).encode("utf-8"))


def _close(case: CaseFile, bag: Path, head: tuple[int, str], *, at: datetime, signer: Signer | None) -> str:
    """Write the masked ledger up to the act of sealing, then the manifests and the signature over them."""
    folder = bag / "data" / "ledger"
    folder.mkdir(parents=True)
    with (folder / "ledger.jsonl").open("xb") as file:
        for line in case.ledger.entries():
            file.write(canonical(line.masked()) + b"\n")
    (folder / "ledger-head.json").write_bytes(canonical({"seq": head[0], "hash": head[1]}) + b"\n")
    fields = case.head.fields
    info = {
        "Source-Organization": fields.get("unit_name", ""),
        "External-Identifier": fields.get("fir_no", "") or fields.get("enquiry_no", ""),
        "Bagging-Date": iso_utc(at)[:10],
        "Bag-Software-Agent": "Sakshya",
        "Internal-Sender-Description": "Image-free papers and masked findings of a forensic triage",
    }
    write_declaration(bag, info)
    manifest = write_manifest(bag)
    if signer is not None:
        person = case.people.get(signer.name)
        about = {"role": person.role.value, "designation": person.designation}
        write_signature(bag, signer, about, head, iso_utc(at))
    write_tag_manifest(bag)
    return manifest


def _require_good(bag: Path) -> None:
    refuse_pictures(bag)
    problems = verifier.verify_bundle(bag)
    if problems:
        raise VerificationFault(
            f"the bundle does not verify: {problems[0]}",
            where=f"{len(problems)} problem(s)",
            advice="nothing was exported; verify the case first",
        )


def _move(bag: Path, to: Path) -> None:
    if to.exists():
        to.rmdir()
    bag.rename(to)


@contextmanager
def _or_nothing(to: Path) -> Iterator[None]:
    """Take a bundle away again whose line in the ledger could not be committed."""
    try:
        yield
    except BaseException:
        if (to / "bagit.txt").exists():
            shutil.rmtree(to, ignore_errors=True)
        raise


def _require_free(to: Path) -> None:
    if to.is_symlink() or (to.exists() and (not to.is_dir() or any(to.iterdir()))):
        raise OperatorFault("a bundle needs a new or empty folder", where=str(to), advice="name another one")


@contextmanager
def _workshop(to: Path) -> Iterator[Path]:
    """Give a folder beside `to`, on the same file system, and leave nothing of it behind."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".sakshya-bundle-", dir=to.parent) as folder:
        bag = Path(folder) / "bag"
        bag.mkdir()
        yield bag
