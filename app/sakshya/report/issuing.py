"""Papers are numbered, written once, and written into the ledger in the same act."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sakshya.casefile.casefile import CaseFile
from sakshya.domain.faults import OperatorFault
from sakshya.report.fact_types import Facts
from sakshya.report.full_disk import told_when_full
from sakshya.report.heads import Paper, paper_id
from sakshya.report.render import typeset

REPORT_ISSUED = "report.issue"
CERTIFICATE_ISSUED = "certificate.issue"
NAMES_ISSUED = "names.issue"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A paper that is typeset but not issued: `files` maps names to contents, the paper itself first."""

    act: str
    paper: Paper
    document: str
    head: tuple[int, str]
    files: Mapping[str, bytes]

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of each file by its name."""
        return {name: hashlib.sha256(content).hexdigest() for name, content in self.files.items()}


def next_issue(case: CaseFile, kind: str) -> int:
    """Return the number of the next issue of a kind of paper, counted over all that the ledger says were issued."""
    acts = (REPORT_ISSUED, CERTIFICATE_ISSUED, NAMES_ISSUED)
    return 1 + sum(line.act in acts and line.subject == kind for line in case.ledger.entries())


def prepare(act: str, facts: Facts, paper: Paper, data: Mapping[str, object]) -> Prepared:
    """Typeset a paper."""
    pdf = typeset(paper.template, data, language=paper.language, at=facts.head.at)
    return Prepared(act, paper, paper_id(facts, paper), facts.head.ledger, {paper.file: pdf})


def record(case: CaseFile, prepared: Prepared, *, by: str, at: datetime, zone: str) -> None:
    """Write into the ledger that a paper was issued, inside the caller's transaction."""
    digests = prepared.digests()
    paper = next(iter(digests))
    case.ledger.append(
        prepared.act,
        prepared.paper.kind,
        who=by,
        at=at,
        zone=zone,
        public={
            "issue": prepared.paper.issue,
            "document": prepared.document,
            "sha256": digests[paper],
            "enclosed": [digest for name, digest in digests.items() if name != paper],
        },
    )
    seq, digest = prepared.head
    case.ledger.record_seal(seq, digest, f"{prepared.paper.kind} issue {prepared.paper.issue}", at)


def issue(case: CaseFile, prepared: Prepared, folder: Path, *, by: str, at: datetime, zone: str) -> list[Path]:
    """Write a paper's files into `folder` and into the ledger, both or neither; return the files.

    Raises:
        OperatorFault: a file of that name exists, or the folder cannot be written.
        DiskFullFault: the disk is full; nothing is left.
    """
    written: list[Path] = []
    try:
        with case.transaction(), told_when_full(folder):
            record(case, prepared, by=by, at=at, zone=zone)
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in prepared.files.items():
                _write_new(folder / name, content, written)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return written


def _write_new(path: Path, content: bytes, written: list[Path]) -> None:
    try:
        with path.open("xb") as file:
            written.append(path)
            file.write(content)
    except FileExistsError as error:
        raise OperatorFault(
            "a paper is never written over another file", where=str(path), advice="name a new file or folder"
        ) from error
