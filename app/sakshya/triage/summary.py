"""The counts of a case by status, as a row and as a line."""

from dataclasses import asdict

from sakshya.casefile.items import ItemCounts


def counts_row(counts: ItemCounts) -> dict[str, int]:
    """Return the counts under the names of the statuses, and `total`."""
    return {name.replace("_", "-"): count for name, count in asdict(counts).items()}


def counts_line(counts: ItemCounts) -> str:
    """Return the counts in words."""
    return (
        f"{counts.total:,} distinct contents: {counts.known:,} known, {counts.ignorable:,} ignorable, "
        f"{counts.undecided:,} left to decide, {counts.decided:,} decided, {counts.unexamined:,} unexamined, "
        f"{counts.not_media:,} neither picture nor video"
    )
