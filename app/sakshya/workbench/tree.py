"""Folders of an exhibit, listed as they are opened, in a process of their own."""

from collections.abc import Callable

from sakshya.domain.entry import Entry
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.locator import Locator


def start_listing(exhibits: tuple[Exhibit, ...]) -> Callable[[str, str | None], list[Entry]]:
    """Return, in the listing process, the function that lists one folder, or an exhibit's volumes."""
    # Here and not above: only the listing process loads the disk library.
    from sakshya.evidence.tree import ExhibitReader

    known = {exhibit.number: exhibit for exhibit in exhibits}
    readers: dict[str, ExhibitReader] = {}

    def children(number: str, locator_text: str | None) -> list[Entry]:
        if number not in readers:
            readers[number] = ExhibitReader(known[number])
        return readers[number].children(Locator.parse(locator_text) if locator_text else None)

    return children
