"""Entries as rows of their table, made where they are found: for a million of them there is no time for objects."""

import json
from collections.abc import Iterable, Iterator

from sakshya.casefile.coding import LARGEST, times_to_json, to_text
from sakshya.casefile.driver import Row
from sakshya.domain.absent import NotRecorded
from sakshya.domain.entry import Entry, EntryKind, Times

_NOT_RECORDED = json.loads(times_to_json(Times(*(NotRecorded(),) * 4)))[0]
_ABSENT = json.dumps(_NOT_RECORDED, separators=(",", ":"))


def row_of(entry: Entry) -> Row:
    """Return the row of an entry, without its exhibit and ordinal."""
    return (
        str(entry.locator),
        entry.filesystem,
        entry.kind,
        min(entry.size, LARGEST),
        int(entry.allocated),
        entry.recovery,
        None if entry.first_byte is None else min(entry.first_byte, LARGEST),
        times_to_json(entry.times),
        None if entry.link_target is None else to_text(entry.link_target),
        str(entry.size) if entry.size > LARGEST else None,
    )


def plain_rows(
    filesystem: str,
    locators: Iterable[str],
    is_directory: Iterable[bool],
    sizes: Iterable[int],
    first_bytes: Iterable[int],
    times: Iterable[tuple[str | None, ...]],
) -> Iterator[Row]:
    """Yield the rows of allocated files and directories, given by column.

    Args:
        filesystem: what they lie in.
        locators: their locators as text.
        is_directory: which of them are directories; the rest are files.
        sizes: in bytes, at most `LARGEST`.
        first_bytes: exhibit offsets, -1 where nothing is stored.
        times: modified, accessed, changed and created in UTC, as `Moment.value` has them, None for none.
    """
    kinds = {True: EntryKind.DIRECTORY, False: EntryKind.FILE}
    columns = zip(locators, is_directory, sizes, first_bytes, times, strict=True)
    for locator, directory, size, first, four in columns:
        # Digits, a T and a Z need no escape in JSON.
        stamps = ",".join([_ABSENT if one is None else f'"{one}"' for one in four])
        yield (
            locator,
            filesystem,
            kinds[directory],
            size,
            1,
            None,
            None if first < 0 else first,
            f"[{stamps}]",
            None,
            None,
        )
