"""The report's table of findings: what sets and persons settled, with masked names."""

from sakshya.domain.item import Item
from sakshya.report import blocks
from sakshya.report.blocks import Block
from sakshya.report.fact_types import Facts
from sakshya.report.masking import masked_name
from sakshya.report.tallying import stated_by_sets
from sakshya.report.texts import Texts


def findings(facts: Facts, texts: Texts) -> list[Block]:
    """Return one row for each settled content, up to a number a paper can hold."""
    if not facts.findings:
        return [blocks.text(texts("text.no_findings"))]
    columns = {
        texts("label.item"): "auto",
        texts("label.exhibit"): "auto",
        texts("label.masked_name"): "auto",
        texts("label.size"): "auto",
        "SHA-256": "auto",
        texts("label.category"): "1fr",
    }
    made = [blocks.text(texts("text.findings"))]
    if len(facts.findings) < facts.findings_total:
        cut = texts("text.findings_cut", shown=f"{len(facts.findings):,}", total=f"{facts.findings_total:,}")
        made.append(blocks.note(cut))
    return [*made, blocks.table(columns, map(_row, facts.findings), numbers=[3])]


def exhibits_of(item: Item) -> str:
    """Return the numbers of the exhibits a content lies in."""
    return ", ".join(sorted({where.locator.exhibit for where in item.where}))


def first_name(item: Item) -> str:
    """Return the masked name of a content's first place, and how many more there are."""
    if not item.where:
        return "[no name]"
    first = min(item.where, key=lambda where: str(where.locator))
    more = f" +{len(item.where) - 1}" if len(item.where) > 1 else ""
    return f"{masked_name(first.locator)}{more}"


def statements(item: Item) -> list[str]:
    """Return each category that is stated of a content, with who states it."""
    made = [
        f"{category or 'known'} – {name} {version}"
        for _, name, version, category in sorted(stated_by_sets(item), key=lambda one: (one[1], one[2], str(one[3])))
    ]
    if item.decision and item.decision.category:
        made.append(f"{item.decision.category} – {item.decision.by}")
    return made


def _row(item: Item) -> list[object]:
    return [
        str(item.id),
        exhibits_of(item),
        first_name(item),
        f"{item.size:,}",
        blocks.digest(item.digests.sha256),
        list(statements(item)),
    ]
