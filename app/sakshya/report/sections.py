"""The triage report's sections, in order, from the facts and a language's words."""

from collections.abc import Callable

from sakshya.report import blocks, exhibit_section, finding_section, result_sections
from sakshya.report.blocks import Block
from sakshya.report.fact_types import Facts, Step
from sakshya.report.heads import Paper, page_head, paper_id, template_digest
from sakshya.report.texts import Texts
from sakshya.report.zones import local_text, parse_utc, utc_text

REPORT_TEMPLATE = "shared/report.typ"
_STEPS_AT_EITHER_END = 150


def report_paper(issue: int, texts: Texts) -> Paper:
    """Return the report as a paper of its own issue number."""
    file = f"triage-report-{issue:03d}-{texts.language}.pdf"
    title, subtitle = texts("paper.title"), texts("paper.subtitle")
    return Paper("report", issue, title, subtitle, REPORT_TEMPLATE, texts.language, file)


def report_data(facts: Facts, paper: Paper, texts: Texts) -> dict[str, object]:
    """Return everything the report prints."""
    makers: tuple[tuple[str, Callable[[Facts, Texts], list[Block]]], ...] = (
        ("request", _request),
        ("exhibits", exhibit_section.exhibits),
        ("environment", _environment),
        ("sets", result_sections.known_sets),
        ("method", _method),
        ("scope", exhibit_section.scope),
        ("results", result_sections.results),
        ("findings", finding_section.findings),
        ("damage", exhibit_section.damage),
        ("exposure", _exposure),
        ("limits", _limits),
        ("declaration", _declaration),
    )
    first = blocks.section(texts("section.paper"), _paper(facts, paper, texts))
    rest = [blocks.section(texts(f"section.{name}"), make(facts, texts)) for name, make in makers]
    return {"head": page_head(facts, paper, texts) | {"end_mark": texts("paper.end")}, "sections": [first, *rest]}


def recorded(value: str | None, texts: Texts) -> str:
    """Return a value, or that it was not recorded."""
    return value if value and value.strip() else texts("paper.not_recorded")


def _paper(facts: Facts, paper: Paper, texts: Texts) -> list[Block]:
    head, template = facts.head, facts.template
    seq, digest = head.ledger
    encrypted = (
        texts("paper.yes") if head.encrypted else f"{texts('paper.no')} ({recorded(head.unencrypted_reason, texts)})"
    )
    rows: list[tuple[str, object]] = [
        (texts("label.document"), paper_id(facts, paper)),
        (texts("label.issue"), str(paper.issue)),
        (texts("label.generated"), [head.generated_utc, head.generated_local]),
        (texts("label.program"), head.program),
        (texts("label.template"), [f"{template.id} {template.version}", blocks.labelled("SHA-256", template.sha256)]),
        (f"{texts('label.template')} ({paper.template})", blocks.labelled("SHA-256", template_digest(paper.template))),
        (texts("label.ledger_head"), [str(seq), blocks.digest(digest)]),
        (texts("label.case_created"), head.case_created),
        (texts("label.encryption"), encrypted),
    ]
    return [blocks.pairs(rows)]


def _request(facts: Facts, texts: Texts) -> list[Block]:
    fields = (one for one in facts.template.fields if one.required or facts.fields.get(one.key))
    return [blocks.pairs((texts(f"field.{one.key}"), recorded(facts.fields.get(one.key), texts)) for one in fields)]


def _environment(facts: Facts, texts: Texts) -> list[Block]:
    columns = {texts("label.name"): "1fr", texts("label.version"): "1fr"}
    return [blocks.table(columns, [(texts("label.program"), facts.head.program), *facts.environment])]


def _method(facts: Facts, texts: Texts) -> list[Block]:
    steps, most = facts.steps, 2 * _STEPS_AT_EITHER_END
    shown = steps if len(steps) <= most else (*steps[:_STEPS_AT_EITHER_END], *steps[-_STEPS_AT_EITHER_END:])
    columns = {
        texts("label.time", zone=facts.head.zone): "50mm",
        texts("label.who"): "1fr",
        texts("label.act"): "1fr",
        texts("label.count"): "auto",
    }
    made = [blocks.table(columns, (_step(one, facts.head.zone, texts) for one in shown), numbers=[3])]
    if len(shown) < len(steps):
        made.append(blocks.note(texts("text.steps_cut", shown=_STEPS_AT_EITHER_END, total=len(steps))))
    return made


def _step(step: Step, zone: str, texts: Texts) -> list[object]:
    first, last = parse_utc(step.first), parse_utc(step.last)
    times = [utc_text(first), local_text(first, zone).partition(" (")[0]]
    if utc_text(last) != utc_text(first):
        times.append(f"– {utc_text(last)}")
    # Of the subjects only the number of an exhibit, the id of a set and the kind of a paper say something here.
    told = step.act.partition(".")[0] in ("exhibit", "set", "report", "certificate") and step.subject
    subject = f" ({step.subject})" if told else ""
    return [times, step.who, f"{texts.act(step.act)}{subject}", f"{step.count:,}"]


def _exposure(facts: Facts, texts: Texts) -> list[Block]:
    row = (texts("figure.opened"), blocks.number(facts.opened))
    return [blocks.pairs([row]), blocks.text(texts("text.exposure"))]


def _limits(facts: Facts, texts: Texts) -> list[Block]:
    return [blocks.bullets(texts.tables["limits"].values())]


def _declaration(facts: Facts, texts: Texts) -> list[Block]:
    rows = [
        (texts("label.disposition"), recorded(facts.fields.get("disposition"), texts)),
        (texts("label.reviewer"), texts("paper.not_recorded")),
    ]
    return [
        blocks.text(texts("text.declaration")),
        blocks.pairs(rows),
        blocks.sign(texts("label.signature")),
        blocks.pairs([(texts("label.date"), ""), (texts("label.at_place"), "")]),
    ]
