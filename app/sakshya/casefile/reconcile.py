"""Whether the case's own counts agree with each other: nothing may be silently skipped."""

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.entries import EntryCounts
from sakshya.casefile.status import STATUS

_CHECKS = {
    "{n} contents have a status that does not follow from what is known of them": (
        f"SELECT count(*) FROM item WHERE status <> {STATUS}"
    ),
    "{n} contents lie nowhere": "SELECT count(*) FROM item WHERE places = 0",
    "{n} contents have a wrong number of places": (
        "SELECT count(*) FROM item LEFT JOIN"
        " (SELECT item AS of, count(*) AS n FROM entry WHERE item NOTNULL GROUP BY item) ON of = item.id"
        " WHERE places <> coalesce(n, 0)"
    ),
    "{n} unexamined entries have no line with a reason": (
        "SELECT count(*) FROM entry WHERE state = 2"
        " AND NOT EXISTS (SELECT 1 FROM unexamined WHERE unexamined.entry = entry.id)"
    ),
    "{n} known or ignorable contents still have a mosaic": (
        "SELECT count(*) FROM mosaic JOIN item ON item.id = mosaic.item WHERE status IN ('known', 'ignorable')"
    ),
    "{n} contents point to a decision that is not theirs": (
        "SELECT count(*) FROM item LEFT JOIN decision ON decision.id = item.decision"
        " WHERE item.decision NOTNULL AND decision.item IS NOT item.id"
    ),
}


def reconcile(case: CaseFile) -> list[str]:
    """Return one sentence for each count that does not add up; an empty list when all agree.

    Entries of an exhibit not scanned to its end are named as such.
    """
    problems: list[str] = []
    for exhibit in case.exhibits.all():
        problems.extend(_entries(exhibit.number, case.entries.counts(exhibit.number)))
        account = case.exhibits.account(exhibit.number)
        if account:
            parts = account.in_files + account.slack + account.unallocated + account.not_addressable
            if parts != account.total:
                problems.append(
                    f"{exhibit.number}: the parts of its account are {parts} bytes, the whole {account.total}"
                )
    problems.extend(_contents(case))
    counted = ((text, case.database().number(sql)) for text, sql in _CHECKS.items())
    return problems + [text.format(n=n) for text, n in counted if n]


def _entries(number: str, counts: EntryCounts) -> list[str]:
    problems = []
    if counts.entries != counts.files + counts.directories + counts.links + counts.virtual:
        problems.append(f"{number}: the entries of each kind do not add up to {counts.entries}")
    if counts.pending:
        problems.append(
            f"{number}: {counts.entries} entries, but {counts.read} read and {counts.unexamined} unexamined:"
            f" {counts.pending} files were not looked at yet"
        )
    return problems


def _contents(case: CaseFile) -> list[str]:
    counts = case.items.counts()
    distinct = case.database().number("SELECT count(DISTINCT sha256) FROM item")
    parts = counts.known + counts.ignorable + counts.decided + counts.undecided + counts.not_media + counts.unexamined
    return [] if parts == distinct == counts.total else [f"{distinct} distinct contents, but {parts} with a status"]
