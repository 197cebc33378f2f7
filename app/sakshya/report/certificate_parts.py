"""The parts that certificates share: the matter, the exhibits, how the output was made, and what is left blank."""

from collections.abc import Iterable

from sakshya.report import blocks
from sakshya.report.blocks import Block
from sakshya.report.drafts import Draft
from sakshya.report.fact_types import ExhibitFacts
from sakshya.report.masking import masked_file
from sakshya.report.texts import load_texts

_SKIPPED = frozenset({"disposition"})


def matter(draft: Draft) -> Block:
    """Return the case's fields; what was not filled in says so."""
    values = draft.facts.fields
    fields = (one for one in draft.facts.template.fields if one.required or values.get(one.key))
    return blocks.pairs((one.title, draft.field(one.key)) for one in fields if one.key not in _SKIPPED)


def records(draft: Draft) -> Block:
    """Return the exhibits as electronic records, with the digest first computed."""
    columns = {"Exhibit": "auto", "Format": "auto", "Size in bytes": "auto", "SHA-256": "1fr"}
    rows: list[list[object]] = []
    for one in draft.facts.exhibits:
        first = one.exhibit.first_computation
        digests = first.digests if first else None
        shown = blocks.digest(digests.sha256) if digests else "not computed"
        rows.append([one.exhibit.number, one.exhibit.container.format, f"{one.exhibit.container.size:,}", shown])
    return blocks.table(columns, rows, numbers=[2])


def manner(draft: Draft) -> Block:
    """Return how the output was made: the user's own words, or a draft from the facts."""
    if draft.answers.get("manner", "").strip():
        return blocks.text(draft.answers["manner"])
    words, head = draft.words["manner"], draft.facts.head
    lines = [line for one in draft.facts.exhibits for line in _readings(one, words)]
    finished = draft.facts.scan == "finished"
    lines.append(words["scanned"].format(depth=draft.facts.depth) if finished else words["unscanned"])
    seq, digest = head.ledger
    lines.append(words["printed"].format(program=head.program, at=head.generated_utc, seq=seq, hash=digest))
    return blocks.bullets(lines)


def _readings(one: ExhibitFacts, words: dict[str, str]) -> Iterable[str]:
    exhibit = one.exhibit
    size = f"{exhibit.container.size:,}"
    yield words["attached"].format(number=exhibit.number, format=exhibit.container.format, size=size)
    for done in exhibit.verifications:
        if done.digests is None:
            result = words["not_to_end"]
        else:
            result = words["nothing_stated"] if done.agrees is None else words["agrees" if done.agrees else "differs"]
        yield words["verified"].format(number=exhibit.number, by=done.by, at=done.at, result=result)


def devices(draft: Draft) -> list[Block]:
    """Return the particulars of each exhibit's device."""
    made: list[Block] = []
    for one in draft.facts.exhibits:
        made += [blocks.heading(f"{draft.words['common']['source']}: {one.exhibit.number}"), _device(draft, one)]
    return made


def _device(draft: Draft, one: ExhibitFacts) -> Block:
    texts = load_texts("en")
    stated = dict(one.exhibit.particulars)
    fields = draft.facts.template.exhibit_fields
    rows = [
        (field.title, stated.get(field.key, "").strip() or "not recorded")
        for field in fields
        if field.required or stated.get(field.key)
    ]
    rows.append((texts("label.segments"), ", ".join(map(masked_file, one.exhibit.files[:3]))))
    rows.append((texts("label.write_blocker"), one.exhibit.write_blocker or "not recorded"))
    return blocks.pairs(rows)


def producing(draft: Draft) -> list[Block]:
    """Return the particulars of the computer and the program that made the output."""
    common, head = draft.words["common"], draft.facts.head
    rows: list[tuple[str, object]] = [
        (common["workstation"], draft.answers.get("workstation", "").strip() or "not recorded"),
        *draft.facts.environment[:2],
        (common["program"], head.program),
        (common["program_times"], [head.generated_utc, head.generated_local]),
    ]
    return [blocks.heading(common["producing"]), blocks.pairs(rows)]


def statements(sentences: Iterable[str]) -> Block:
    """Return what a person may declare; the typesetter draws the box before each sentence, and draws it empty."""
    return {"kind": "statements", "items": list(sentences)}


def blanks(labels: Iterable[str]) -> Block:
    """Return labels with room to write behind them."""
    return {"kind": "blanks", "labels": list(labels)}


def left_blank(draft: Draft) -> Block:
    """Return the note on what the program leaves to the person who signs."""
    return blocks.note(draft.words["common"]["left_blank_free"])
