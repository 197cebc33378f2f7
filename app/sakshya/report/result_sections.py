"""The report's sections on known sets and on the numbers of the examination."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from sakshya.domain.category import Category
from sakshya.report import blocks
from sakshya.report.blocks import Block
from sakshya.report.fact_types import Facts, Legend
from sakshya.report.figures import Figure
from sakshya.report.texts import Texts


def known_sets(facts: Facts, texts: Texts) -> list[Block]:
    """Return each set that was used: supplier, version, entries, algorithms, digests."""
    made: list[Block] = []
    for one in facts.sets:
        scheme = f"{one.scheme}@{one.scheme_version}" if one.scheme else texts("paper.none")
        rows: list[tuple[str, object]] = [
            (texts("label.version"), one.version),
            (texts("label.supplier"), one.supplier or texts("paper.not_recorded")),
            (texts("label.kind"), one.kind.value),
            (texts("label.category"), scheme),
            (texts("label.entries"), f"{one.entries:,}"),
            (texts("label.algorithms"), ", ".join(f"{name} {count:,}" for name, count in one.algorithms)),
            (texts("label.digest"), blocks.digest(one.digest)),
            (texts("label.source_digest"), blocks.digest(one.source_sha256)),
        ]
        made += [blocks.heading(one.name), blocks.pairs(rows)]
    return made or [blocks.text(texts("text.no_sets"))]


def results(facts: Facts, texts: Texts) -> list[Block]:
    """Return every count with its id; the counts of each unit add up."""
    made = [blocks.note(texts("text.results"))]
    for one in facts.exhibits:
        number = one.exhibit.number
        made += [blocks.heading(f"{number} – {texts('heading.entries')}"), counts(one.entries, texts)]
        if one.bytes:
            made += [blocks.heading(f"{number} – {texts('heading.bytes')}"), counts(one.bytes, texts)]
    found = facts.results
    made += [blocks.heading(texts("heading.contents")), counts((found.total, *found.statuses), texts)]
    made += [blocks.heading(texts("heading.kinds")), counts(found.kinds, texts)]
    return [*made, *settled_counts(facts, texts)]


def settled_counts(facts: Facts, texts: Texts) -> list[Block]:
    """Return the counts by set and by person, and what the categories mean; nothing where nothing is settled."""
    found, made = facts.results, list[Block]()
    if found.sets:
        made += [blocks.heading(texts("heading.sets")), _sets(facts, texts)]
    if found.decided:
        made += [blocks.heading(texts("heading.decided")), _decided(facts, texts)]
    if found.legend:
        made += [blocks.heading(texts("heading.categories")), *_legend(found.legend, texts)]
    return made


def _category_text(category: Category | None) -> str:
    """Return a category in its one text form, `–` where there is none."""
    return str(category) if category else "–"


def counts(figures: Iterable[Figure], texts: Texts) -> Block:
    """Return numbers with their words and ids."""
    return blocks.pairs((texts(f"figure.{one.meaning}"), blocks.number(one)) for one in figures)


def _sets(facts: Facts, texts: Texts) -> Block:
    columns = {texts("label.source"): "1fr", texts("label.category"): "1fr", texts("label.count"): "auto"}
    rows = (
        [f"{one.set_name} {one.set_version}", _category_text(one.category), blocks.number(one.figure)]
        for one in facts.results.sets
    )
    return blocks.table(columns, rows, numbers=[2])


def _decided(facts: Facts, texts: Texts) -> Block:
    columns = {texts("label.source"): "1fr", texts("label.category"): "1fr", texts("label.count"): "auto"}
    rows = ([one.by, _category_text(one.category), blocks.number(one.figure)] for one in facts.results.decided)
    return blocks.table(columns, rows, numbers=[2])


def _legend(legend: Iterable[Legend], texts: Texts) -> Iterator[Block]:
    """Yield a table for each scheme, with who states its meanings above it."""
    none = texts("paper.not_recorded")
    for source, lines in groupby(legend, key=lambda one: one.source):
        yield blocks.text(f"{texts('label.source')}: {source or none}")
        yield blocks.pairs((str(one.category), one.meaning.label if one.meaning else none) for one in lines)
