"""Counts the contents of a case: by status, by kind, and by what sets and persons state of them."""

from collections import Counter
from collections.abc import Iterable, Iterator

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.item_filter import ItemFilter
from sakshya.domain.category import Category, Scheme
from sakshya.domain.item import Item, Status
from sakshya.domain.match import Basis as MatchBasis
from sakshya.domain.match import KnownSet, SetKind
from sakshya.domain.media import Kind
from sakshya.matching.schemes import load_schemes
from sakshya.report.fact_types import DecidedCount, Legend, Results, SetCount
from sakshya.report.figures import Basis, Counted, Figure, FigureBook
from sakshya.shipped import case_templates

FINDINGS_PRINTED = 500
SETTLED = frozenset({Status.DECIDED, Status.KNOWN})


def settled(case: CaseFile) -> Iterator[Item]:
    """Yield the contents that a set or a person settled, in the order of their numbers."""
    return case.items.find(ItemFilter(status=SETTLED))


def stated_by_sets(item: Item) -> set[tuple[str, str, str, Category | None]]:
    """Return (set id, name, version, category) for each known set that an item answers to exactly."""
    return {
        (one.set_id, one.set_name, one.set_version, one.category)
        for one in item.matches
        if one.kind is SetKind.KNOWN and one.basis is MatchBasis.EXACT
    }


def tally(case: CaseFile, book: FigureBook, sets: tuple[KnownSet, ...]) -> tuple[Results, tuple[Item, ...], int]:
    """Return the numbers of the examination, the first findings, and how many findings there are."""
    facets = case.items.facets(ItemFilter())
    total = book.add(
        "items",
        sum(facets.status.values()),
        Basis(Counted.ITEMS, "distinct contents: files with equal SHA-256 count once"),
    )
    statuses = tuple(_status_figure(book, status, facets.status.get(status, 0)) for status in Status)
    kinds = tuple(_kind_figure(book, kind, facets.kind.get(kind, 0)) for kind in Kind)
    tally = _Tally()
    tally.count(settled(case))
    ignorable = [one for one in sets if one.kind is SetKind.IGNORABLE]
    by_set = tally.set_counts(book) + tuple(_ignorable(book, one, facets.set.get(one.id, 0)) for one in ignorable)
    decided = tally.decided_counts(book)
    used = {one.category for one in by_set if one.category} | {one.category for one in decided}
    results = Results(total, statuses, kinds, by_set, decided, _legend(used))
    return results, tuple(tally.first), tally.total


class _Tally:
    """Counts settled contents by what is stated of them, in one pass."""

    def __init__(self) -> None:
        self.sets: Counter[tuple[str, str, str, Category | None]] = Counter()
        self.people: Counter[tuple[Category, str]] = Counter()
        self.first: list[Item] = []
        self.total = 0

    def count(self, items: Iterable[Item]) -> None:
        """Count every item once for each set and once for its decision."""
        for item in items:
            self.total += 1
            if len(self.first) < FINDINGS_PRINTED:
                self.first.append(item)
            self.sets.update(stated_by_sets(item))
            if item.decision and item.decision.category:
                self.people[item.decision.category, item.decision.by] += 1

    def set_counts(self, book: FigureBook) -> tuple[SetCount, ...]:
        """Return the counts by set and category, with ids."""
        return tuple(
            SetCount(set_id, name, version, category, _set_figure(book, set_id, category, self.sets[key]))
            for key in sorted(self.sets, key=lambda one: (one[1], one[2], one[0], str(one[3])))
            for set_id, name, version, category in [key]
        )

    def decided_counts(self, book: FigureBook) -> tuple[DecidedCount, ...]:
        """Return the counts by category and person, with ids."""
        words = "contents whose standing decision, made by the person named, is the category named"
        return tuple(
            DecidedCount(
                category,
                by,
                book.add("decided", n, Basis(Counted.ITEMS, words, category=category, part=by)),
            )
            for (category, by), n in sorted(self.people.items(), key=lambda one: (str(one[0][0]), one[0][1]))
        )


def _status_figure(book: FigureBook, status: Status, count: int) -> Figure:
    words = (
        "distinct contents of this status; the first that applies of decided, known, ignorable, unexamined, undecided"
    )
    name = f"status_{status.value.replace('-', '_')}"
    return book.add(name, count, Basis(Counted.ITEMS, words, items=ItemFilter(status=frozenset({status}))))


def _kind_figure(book: FigureBook, kind: Kind, count: int) -> Figure:
    words = "distinct contents of this kind, told from their bytes and not from their names"
    return book.add(f"kind_{kind.value}", count, Basis(Counted.ITEMS, words, items=ItemFilter(kind=frozenset({kind}))))


def _set_figure(book: FigureBook, set_id: str, category: Category | None, count: int) -> Figure:
    words = "distinct contents whose digest is in the set under this category, as its supplier states it"
    wanted = ItemFilter(status=SETTLED)
    return book.add("matches", count, Basis(Counted.ITEMS, words, items=wanted, set_id=set_id, category=category))


def _ignorable(book: FigureBook, known: KnownSet, count: int) -> SetCount:
    words = "distinct contents whose digest is in the set of files that may be left out of view"
    wanted = ItemFilter(set=frozenset({known.id}))
    return SetCount(
        known.id, known.name, known.version, None, book.add("matches", count, Basis(Counted.ITEMS, words, items=wanted))
    )


def _legend(used: set[Category]) -> tuple[Legend, ...]:
    schemes = load_schemes([case_templates()])
    return tuple(_meaning(one, schemes.get(f"{one.scheme}@{one.version}")) for one in sorted(used, key=str))


def _meaning(category: Category, scheme: Scheme | None) -> Legend:
    return Legend(category, scheme.meaning(category.code) if scheme else None, scheme.source if scheme else "")
