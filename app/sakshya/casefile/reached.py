"""How far the scans of a case came: which depth, and how much of what it lists was read."""

from dataclasses import dataclass

from sakshya.casefile.casefile import CaseFile
from sakshya.domain.entry import EntryKind


@dataclass(frozen=True, slots=True)
class Reached:
    """`depth` is what every exhibit was scanned to, None where one was never listed to its end.

    Files and bytes as the file systems state them; `files_done` and `bytes_done` were read, or are listed with the
    reason why not. `to_look` contents are hashed and not decoded yet.
    """

    depth: str | None
    files: int
    files_done: int
    bytes: int
    bytes_done: int
    to_look: int = 0

    @property
    def partial(self) -> bool:
        """True while there are files that no scan came to."""
        return self.files_done < self.files

    def words(self) -> str:
        """Return the share that was read: "partial: n of m files, x of y GB read"."""
        done, whole = (f"{one / 1e9:,.{1 if one >= 1e9 else 3}f}" for one in (self.bytes_done, self.bytes))
        return f"partial: {self.files_done:,} of {self.files:,} files, {done} of {whole} GB read"

    def as_json(self) -> dict[str, object]:
        """Return the fields of the summary."""
        return {
            "depth": self.depth,
            "partial": self.partial,
            "files": self.files,
            "files_done": self.files_done,
            "bytes": self.bytes,
            "bytes_done": self.bytes_done,
            "to_look": self.to_look,
        }


def reached(case: CaseFile) -> Reached:
    """Return how far the scans of a case came, from what it holds and not from what was asked for."""
    db = case.database()
    rows = db.all(
        "SELECT state = 0, count(*), total(size) FROM entry WHERE kind = ? GROUP BY state = 0", (EntryKind.FILE.value,)
    )
    amounts = {bool(pending): (count, int(size)) for pending, count, size in rows}
    files, size = amounts.get(False, (0, 0))
    left, left_size = amounts.get(True, (0, 0))
    states = [case.entries.walk_state(one.number) for one in case.exhibits.all()]
    if not states or not all(one.finished for one in states):
        depth = None
    elif left:
        depth = "quick"
    else:
        depth = "full" if all(one.deepened for one in states) else "standard"
    return Reached(depth, files + left, files, size + left_size, size, case.looks.amount()[0])
