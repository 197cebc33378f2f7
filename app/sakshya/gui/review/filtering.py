"""From what is checked beside the gallery to a filter of the case, and from the case's counts to lines."""

import re
from collections.abc import Mapping

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.coding import parse_category
from sakshya.casefile.item_filter import ItemFilter
from sakshya.casefile.items import Facets
from sakshya.domain.faults import OperatorFault
from sakshya.domain.item import Item, ItemId, Status
from sakshya.domain.media import Kind
from sakshya.gui.review.facets_panel import Choice, Chosen, Facet
from sakshya.gui.review.tile_words import kind_name, status_name
from sakshya.gui.texts import isolated, tr

_NUMBER = re.compile(r"#?\s*([0-9]{1,15})")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


def filter_of(chosen: Chosen) -> ItemFilter:
    """Return the filter that shows exactly the items the checked lines count together."""
    return ItemFilter(
        status=frozenset(map(Status, chosen.get("status", ()))),
        kind=frozenset(map(Kind, chosen.get("kind", ()))),
        set=frozenset(chosen.get("set", ())),
        exhibit=frozenset(chosen.get("exhibit", ())),
        category=frozenset(map(parse_category, chosen.get("category", ()))),
    )


def facet_lines(facets: Facets) -> Mapping[str, tuple[str, Facet]]:
    """Return the facets with their titles, in the order of the screen."""
    return {
        "status": (tr("Status"), [Choice(one.value, status_name(one), n) for one, n in facets.status.items()]),
        "kind": (tr("Kind"), [Choice(one.value, kind_name(one), n) for one, n in facets.kind.items()]),
        "set": (tr("Known set"), [Choice(name, isolated(name), n) for name, n in facets.set.items()]),
        "exhibit": (tr("Exhibit"), [Choice(name, isolated(name), n) for name, n in facets.exhibit.items()]),
    }


def find_item(case: CaseFile, words: str) -> Item:
    """Return the item with this number or SHA-256.

    Raises:
        OperatorFault: it is neither, or the case has no such item.
    """
    number, text = _NUMBER.fullmatch(words.strip()), words.strip().lower()
    if number is not None:
        return case.items.get(ItemId(int(number.group(1))))
    if _SHA256.fullmatch(text):
        return case.items.get(text)
    raise OperatorFault(
        tr("neither an item number nor a SHA-256"),
        where=words.strip()[:80],
        advice=tr("type a number such as 1042, or the 64 digits of a SHA-256"),
    )
