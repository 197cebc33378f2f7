"""The counts of a case set against each other: entries, contents and bytes, each adding up or saying where not."""

from dataclasses import asdict, dataclass

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.reconcile import reconcile


@dataclass(frozen=True, slots=True)
class ExhibitBalance:
    """One exhibit: its entries by what became of them, and its bytes by where they lie (None before they are told)."""

    exhibit: str
    entries: int
    read: int
    unexamined: int
    not_reached: int
    bytes: int | None
    in_files: int | None
    unallocated: int | None
    slack: int | None
    not_addressable: int | None


@dataclass(frozen=True, slots=True)
class Balance:
    """Every exhibit, the distinct contents by status, and one sentence for each count that does not add up."""

    exhibits: tuple[ExhibitBalance, ...]
    contents: dict[str, int]
    problems: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the fields of the summary."""
        return {
            "exhibits": [asdict(one) for one in self.exhibits],
            "contents": dict(self.contents),
            "problems": list(self.problems),
        }


def balance(case: CaseFile) -> Balance:
    """Return the counts as the case stands now."""
    counts = asdict(case.items.counts())
    exhibits = tuple(_exhibit(case, one.number) for one in case.exhibits.all())
    return Balance(exhibits, {name.replace("_", "-"): n for name, n in counts.items()}, tuple(reconcile(case)))


def _exhibit(case: CaseFile, number: str) -> ExhibitBalance:
    counts, account = case.entries.counts(number), case.exhibits.account(number)
    parts = ("total", "in_files", "unallocated", "slack", "not_addressable")
    total, in_files, unallocated, slack, other = (getattr(account, part) if account else None for part in parts)
    return ExhibitBalance(
        number,
        counts.entries,
        counts.read,
        counts.unexamined,
        counts.pending,
        total,
        in_files,
        unallocated,
        slack,
        other,
    )
