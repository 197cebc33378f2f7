"""From what is checked beside the gallery to a filter of the case, and from the case's counts to lines."""

from collections.abc import Mapping

from sakshya.casefile.coding import parse_category
from sakshya.casefile.item_filter import ItemFilter
from sakshya.casefile.items import Facets
from sakshya.domain.item import Status
from sakshya.domain.media import Kind
from sakshya.gui.review.facets_panel import Choice, Chosen, Facet
from sakshya.gui.review.tile_words import kind_name, status_name
from sakshya.gui.texts import isolated, tr


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
