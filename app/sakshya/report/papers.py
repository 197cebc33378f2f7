"""Writes the triage report."""

from datetime import datetime
from pathlib import Path

from sakshya.casefile.casefile import CaseFile
from sakshya.report.fact_types import Facts
from sakshya.report.gathering import gather
from sakshya.report.issuing import REPORT_ISSUED, Prepared, issue, next_issue, prepare
from sakshya.report.sections import report_data, report_paper
from sakshya.report.texts import load_texts


def write_report(case: CaseFile, to: Path, *, at: datetime, zone: str, language: str, by: str) -> list[Path]:
    """Write the next issue of the triage report into the folder `to` and into the ledger; return the files written.

    Args:
        case: the case, open for writing.
        to: a folder; it is made where it does not exist, and nothing in it is written over.
        at: the paper's time.
        zone: IANA name of the zone shown beside UTC.
        language: "en", "hi" or "ur".
        by: who prints it.

    Raises:
        OperatorFault: the language is not offered, or the file exists.
        DiskFullFault: the disk is full; nothing is left.
    """
    with case.transaction():
        prepared = prepare_report(case, gather(case, at=at, zone=zone), language=language)
    return issue(case, prepared, to, by=by, at=at, zone=zone)


def prepare_report(case: CaseFile, facts: Facts, *, language: str) -> Prepared:
    """Typeset the next issue of the report without issuing it."""
    texts = load_texts(language)
    paper = report_paper(next_issue(case, "report"), texts)
    return prepare(REPORT_ISSUED, facts, paper, report_data(facts, paper, texts))
