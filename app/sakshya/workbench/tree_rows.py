"""Every entry of an exhibit, straight from the disk, as rows."""

from collections.abc import Callable, Iterator
from typing import Any

from sakshya.domain.entry import Entry
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.unexamined import Unexamined
from sakshya.triage.engine.child import stream
from sakshya.triage.walk import entries_of
from sakshya.workbench.rows import entry_row, unread_row
from sakshya.workbench.unchanged import require_unchanged

_SILENCE = 900.0


def tree_rows(exhibit: Exhibit, cancel: Callable[[], bool] = bool) -> Iterator[dict[str, Any]]:
    """Yield a row for each entry and each place that could not be walked.

    Raises:
        EvidenceFault: the exhibit cannot be read, or its files changed since it was hashed.
        VerificationFault: it is known to be another than was attached.
    """
    require_unchanged(exhibit)
    for value in stream(entries_of, exhibit, cancel=cancel, silence=_SILENCE):
        if isinstance(value, Entry):
            yield entry_row(value)
        elif isinstance(value, Unexamined):
            yield unread_row(value)


def tree_line(row: dict[str, Any]) -> str:
    """Return a row as one line: `*` marks what is not allocated, `!!` a place that could not be walked."""
    if row["problem"]:
        return f"!! {row['locator'] or row['exhibit']}  {row['problem']}"
    mark = " " if row["allocated"] else "*"
    name = f"{row['path']}:{row['stream']}" if row["stream"] else row["path"]
    return f"{mark} {row['entry'][:4]:4} {row['size']:>14,}  {row['exhibit']} v{row['volume']['index']}  {name}"
