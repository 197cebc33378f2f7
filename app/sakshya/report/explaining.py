"""What a number of a paper means, and the list of what was counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.item_filter import ItemFilter
from sakshya.domain.entry import EntryKind
from sakshya.domain.faults import OperatorFault
from sakshya.domain.item import Item
from sakshya.domain.ledger import LOOK
from sakshya.report.figures import Basis, Counted, Figure
from sakshya.report.gathering import gather
from sakshya.report.tallying import stated_by_sets
from sakshya.report.texts import load_texts


@dataclass(frozen=True, slots=True)
class Explanation:
    """One number: its words, its value as the case stands now, how it comes about, and what was counted.

    The listing shows paths unmasked; it is for the examiner's screen.
    """

    number: str
    label: str
    value: int
    definition: str
    listing: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return the explanation as lines of text."""
        return [f"{self.number}: {self.label} = {self.value:,}", self.definition, *self.listing]


def explain(case: CaseFile, number_id: str) -> Explanation:
    """Return the definition of a number of the report and the list of what it counts, as the case stands now.

    Raises:
        OperatorFault: no number has that id.
    """
    facts = gather(case, at=datetime.fromtimestamp(0, UTC), zone="UTC")
    figure = next((one for one in facts.figures if one.id == number_id.strip().upper()), None)
    if figure is None:
        raise OperatorFault(
            f"the report has no number {number_id!r}", advice=f"numbers go from F-001 to {facts.figures[-1].id}"
        )
    listing = tuple(_listing(case, figure))
    where = f"; exhibit {figure.basis.exhibit}" if figure.basis.exhibit else ""
    label = load_texts("en")(f"figure.{figure.meaning}")
    return Explanation(figure.id, label, figure.value, f"{figure.basis.definition}{where}", listing)


def _listing(case: CaseFile, figure: Figure) -> Iterator[str]:
    basis = figure.basis
    match basis.counted:
        case Counted.ITEMS:
            return (_item(one) for one in case.items.find(basis.items) if _counts(one, basis))
        case Counted.ENTRIES:
            return _entries(case, basis)
        case Counted.UNEXAMINED:
            lines = (one for one in case.unexamined.all() if one.reason is basis.reason)
            return (f"{one.exhibit}  {one.of}  {one.locator or ''}  {one.detail}".rstrip() for one in lines)
        case Counted.DAMAGE:
            last = case.exhibits.get(basis.exhibit or "").last_verification
            return (f"{damage.run}  {damage.reason}" for damage in (last.damage if last else ()))
        case Counted.LOOKS:
            looks = (line for line in case.ledger.entries() if line.act == LOOK)
            return (f"line {line.seq}  {line.at}  {line.who}  {line.subject}" for line in looks)
        case Counted.BYTES:
            return iter(())


def _counts(item: Item, basis: Basis) -> bool:
    if basis.set_id is not None:
        return any((one[0], one[3]) == (basis.set_id, basis.category) for one in stated_by_sets(item))
    if basis.category is not None:
        decision = item.decision
        return decision is not None and (decision.category, decision.by) == (basis.category, basis.part)
    return True


def _item(item: Item) -> str:
    return f"item {item.id}  {item.digests.sha256}  {item.size:,} bytes  {item.where[0].locator if item.where else ''}"


_KINDS = {
    "entries_files": EntryKind.FILE,
    "entries_directories": EntryKind.DIRECTORY,
    "entries_links": EntryKind.LINK,
    "entries_virtual": EntryKind.VIRTUAL,
}


def _entries(case: CaseFile, basis: Basis) -> Iterator[str]:
    number = basis.exhibit or ""
    items = case.items.find(ItemFilter(exhibit=frozenset({number})))
    read = {str(where.locator) for item in items for where in item.where}
    pending = {str(one.locator) for one in case.entries.pending(number)}
    for _, entry in case.entries.all(number):
        name = str(entry.locator)
        if entry.kind is not EntryKind.FILE or name in read:
            state = "entries_read"
        else:
            state = "entries_pending" if name in pending else "entries_unexamined"
        if basis.part in ("entries", state) or _KINDS.get(basis.part) is entry.kind:
            yield f"{entry.kind}  {entry.size:,} bytes  {name}"
