"""The restricted annexure: names and paths of the findings as they stand on the exhibits, printed on an order only."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sakshya.casefile.casefile import CaseFile
from sakshya.domain.faults import OperatorFault
from sakshya.domain.item import Item
from sakshya.report import blocks
from sakshya.report.fact_types import Facts
from sakshya.report.gathering import gather
from sakshya.report.heads import Paper, page_head
from sakshya.report.issuing import NAMES_ISSUED, issue, next_issue, prepare
from sakshya.report.sections import REPORT_TEMPLATE
from sakshya.report.texts import Texts, load_texts


def write_names_annexure(  # noqa: PLR0913 - one act: what, where to, when, by whom, on whose order
    case: CaseFile, to: Path, *, at: datetime, zone: str, language: str, by: str, order: str
) -> Path:
    """Write the next issue of the annexure into the folder `to` and into the ledger; return the file.

    It is no part of a report or a bundle. `order` is the court's order or other authority, and is printed on it.

    Raises:
        OperatorFault: no order is stated, the language is not offered, or the file exists.
        DiskFullFault: the disk is full; nothing is left.
    """
    if not order.strip():
        raise OperatorFault("names are printed on an order only", advice="state its number and date")
    texts = load_texts(language)
    with case.transaction():
        facts = gather(case, at=at, zone=zone)
        number = next_issue(case, "names")
    file = f"restricted-names-{number:03d}-{language}.pdf"
    paper = Paper("names", number, texts("paper.restricted_title"), "", REPORT_TEMPLATE, language, file)
    prepared = prepare(NAMES_ISSUED, facts, paper, _data(facts, paper, texts, order))
    return issue(case, prepared, to, by=by, at=at, zone=zone)[0]


def _data(facts: Facts, paper: Paper, texts: Texts, order: str) -> dict[str, object]:
    columns = {
        texts("label.item"): "auto",
        texts("label.exhibit"): "auto",
        texts("label.path"): "1fr",
        "SHA-256": "auto",
    }
    made = [blocks.warning(texts("text.names")), blocks.pairs([(texts("label.order"), order)])]
    if len(facts.findings) < facts.findings_total:
        shown, total = f"{len(facts.findings):,}", f"{facts.findings_total:,}"
        made.append(blocks.note(texts("text.names_cut", shown=shown, total=total)))
    made.append(blocks.table(columns, (row for item in facts.findings for row in _rows(item))))
    return {"head": page_head(facts, paper, texts), "sections": [blocks.section(texts("label.path"), made)]}


def _rows(item: Item) -> Iterator[list[object]]:
    for where in sorted(item.where, key=lambda one: str(one.locator)):
        yield [str(item.id), where.locator.exhibit, where.locator.shown_path, blocks.digest(item.digests.sha256)]
