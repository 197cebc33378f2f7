"""What FAT and exFAT directories hold beyond what The Sleuth Kit lists of them."""

from collections.abc import Callable, Iterable, Iterator

from sakshya.domain.entry import EntryKind, Times
from sakshya.evidence.filesystems import times
from sakshya.evidence.filesystems.fat_records import RECORD, Record, RecordArea, exfat_records, fat_records
from sakshya.evidence.filesystems.filesystem import Node

_MOST = 16 << 20
Read = Callable[[int, int], bytes]


def records_in(
    area: RecordArea, runs: Iterable[tuple[int, int]], read: Read, *, is_exfat: bool
) -> Iterator[tuple[Record, int]]:
    """Yield the records in the runs of a directory, which count from the volume's first byte, with their addresses."""
    parse = exfat_records if is_exfat else fat_records
    for start, length in runs:
        for record in parse(read(start, min(length, _MOST))):
            yield record, area.address(start + record.index * RECORD)


def refused(records: Iterable[tuple[Record, int]], listed: set[int | None]) -> Iterator[Node]:
    """Yield the live names that the library leaves out because the size or cluster they state cannot be."""
    lost = times.lost()
    for record, address in records:
        if record.deleted or not record.credible or address in listed:
            continue
        yield Node(
            name=record.name,
            address=address,
            kind=EntryKind.DIRECTORY if record.is_directory else EntryKind.FILE,
            allocated=True,
            reused=True,
            size=record.size,
            times=Times(lost, lost, lost, lost),
            streams=(),
        )
