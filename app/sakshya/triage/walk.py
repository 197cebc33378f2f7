"""Lists an exhibit's entries; runs in a reading process."""

from collections.abc import Iterator
from dataclasses import dataclass

from sakshya.casefile.driver import Row
from sakshya.casefile.entry_rows import row_of
from sakshya.domain.entry import ByteAccount, Entry, VolumeTable
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Unexamined
from sakshya.triage.events import Progress
from sakshya.triage.listed import Listed, listed

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Walked:
    """The walk's last value: how the exhibit is divided and where its bytes are."""

    table: VolumeTable
    account: ByteAccount


def walk_exhibit(exhibit: Exhibit) -> Iterator[Listed | Unexamined | Walked]:
    """Yield every entry and every place that could not be walked, the same order each time, then `Walked`.

    Raises:
        EvidenceFault: the exhibit cannot be opened, or is not the one that was attached.
    """
    # Imported in the reading process only; the window's process never loads the disk library.
    from sakshya.evidence.columns import Columns
    from sakshya.evidence.tree import ExhibitReader

    with ExhibitReader(exhibit) as reader:
        _refuse_other(exhibit, reader.container.size)
        rows: list[Row] = []
        for found in reader.columns():
            if isinstance(found, Entry):
                rows.append(row_of(found))
            elif isinstance(found, Unexamined):
                yield found
            if rows and (len(rows) >= _AT_ONCE or not isinstance(found, Entry)):
                yield Listed(rows)
                rows = []
            if isinstance(found, Columns):
                yield listed(found)
        yield Listed(rows)
        yield Walked(reader.table, reader.account())


def entries_of(exhibit: Exhibit) -> Iterator[Entry | Unexamined]:
    """Yield the same as `walk_exhibit`, each entry as an object of its own.

    Raises:
        EvidenceFault: the exhibit cannot be opened, or is not the one that was attached.
    """
    from sakshya.evidence.tree import ExhibitReader

    with ExhibitReader(exhibit) as reader:
        _refuse_other(exhibit, reader.container.size)
        yield from reader.walk()


def deepen_exhibit(exhibit: Exhibit) -> Iterator[Entry | Unexamined | Progress]:
    """Yield what a full scan adds: older states in shadow copies and lost files in free space, with progress between.

    Raises:
        EvidenceFault: the exhibit cannot be opened, or is not the one that was attached.
    """
    from sakshya.evidence.deep import Searched, walk_deep
    from sakshya.evidence.tree import ExhibitReader

    with ExhibitReader(exhibit) as reader:
        _refuse_other(exhibit, reader.container.size)
        for found in walk_deep(reader):
            if isinstance(found, Searched):
                done, total = found.done >> 20, found.total >> 20
                yield Progress("searching free space", done, total, "MB", where=exhibit.number)
            else:
                yield found


def _refuse_other(exhibit: Exhibit, size: int) -> None:
    if size != exhibit.container.size:
        raise EvidenceFault(
            f"{exhibit.number} holds {size} bytes, held {exhibit.container.size} when attached",
            where=exhibit.files[0],
            advice="attach the unchanged exhibit, or attach this one under a number of its own",
        )
