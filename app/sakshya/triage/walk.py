"""Lists an exhibit's entries; runs in a reading process."""

from collections.abc import Iterator
from dataclasses import dataclass

from sakshya.domain.entry import ByteAccount, Entry, VolumeTable
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Unexamined


@dataclass(frozen=True, slots=True)
class Walked:
    """The walk's last value: how the exhibit is divided and where its bytes are."""

    table: VolumeTable
    account: ByteAccount


def walk_exhibit(exhibit: Exhibit) -> Iterator[Entry | Unexamined | Walked]:
    """Yield every entry and every place that could not be walked, the same order each time, then `Walked`.

    Raises:
        EvidenceFault: the exhibit cannot be opened, or is not the one that was attached.
    """
    # Imported in the reading process only; the window's process never loads the disk library.
    from sakshya.evidence.tree import ExhibitReader

    with ExhibitReader(exhibit) as reader:
        if reader.container.size != exhibit.container.size:
            raise EvidenceFault(
                f"{exhibit.number} holds {reader.container.size} bytes, held {exhibit.container.size} when attached",
                where=exhibit.files[0],
                advice="attach the unchanged exhibit, or attach this one under a number of its own",
            )
        yield from reader.walk()
        yield Walked(reader.table, reader.account())
