"""Directory records of FAT and exFAT as they stand on the disk, deleted ones too.

The Sleuth Kit refuses some deleted directories whose clusters it cannot follow, and replaces characters in names; the
records themselves say more.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sakshya.evidence.filesystems.fat_boot import parse_fat_boot

RECORD = 32
_DELETED = 0xE5
_LONG_NAME = 0x0F
_FIRST_PLACE = 3
_DIRECTORY = 0x10
_NOT_IN_NAMES = frozenset({*range(0x20), *b'"*+,./:;<=>?[\\]|', *b"abcdefghijklmnopqrstuvwxyz"})


@dataclass(frozen=True, slots=True)
class Record:
    """One name in a directory; `index` counts records from the directory's start to its main one.

    `credible` is True where the record's fields can be those of a file, whatever size and cluster it states.
    """

    index: int
    name: str
    deleted: bool
    size: int = 0
    is_directory: bool = False
    credible: bool = False


def fat_records(raw: bytes) -> Iterator[Record]:
    """Yield the names of a FAT directory with their long forms."""
    parts: dict[int, bytes] = {}
    for index in range(len(raw) // RECORD):
        record = raw[index * RECORD : (index + 1) * RECORD]
        if not record[0]:
            return
        attributes = record[11]
        if attributes & 0x3F == _LONG_NAME:
            parts = _with_part(parts, record)
            continue
        deleted = record[0] == _DELETED
        short = _short_name(record)
        if short not in (".", "..") and not attributes & 0x08:
            size = struct.unpack_from("<I", record, 28)[0]
            name = _long_name(parts) or short
            yield Record(index, name, deleted, size, bool(attributes & _DIRECTORY), _is_credible(record))
        parts = {}


def _with_part(parts: dict[int, bytes], record: bytes) -> dict[int, bytes]:
    units = record[1:11] + record[14:26] + record[28:32]
    # A deleted part has lost its number, but the parts still stand last one first.
    number = record[0] & 0x3F if record[0] != _DELETED else -len(parts) - 1
    if record[0] != _DELETED and record[0] & 0x40:
        parts = {}
    return {**parts, number: units}


def _long_name(parts: dict[int, bytes]) -> str:
    # Joined before they are decoded: thirteen units a part is odd, so a pair of surrogates may lie across two parts.
    joined = b"".join(parts[number] for number in sorted(parts)).decode("utf-16-le", "surrogatepass")
    return joined.split("\0")[0].rstrip("\uffff")


def _is_credible(record: bytes) -> bool:
    day = struct.unpack_from("<H", record, 24)[0]
    has_day = 1 <= (day >> 5 & 0xF) <= 12 and day & 0x1F
    return not record[11] & 0xC0 and bool(has_day) and not _NOT_IN_NAMES & set(record[1:11])


def _short_name(record: bytes) -> str:
    first = b"_" if record[0] == _DELETED else b"\xe5" if record[0] == 0x05 else record[:1]
    stem = (first + record[1:8]).decode("cp437").rstrip(" ")
    suffix = record[8:11].decode("cp437").rstrip(" ")
    return f"{stem}.{suffix}" if suffix else stem


def exfat_records(raw: bytes) -> Iterator[Record]:
    """Yield the names of an exFAT directory; a set of records whose parts do not follow each other is passed over."""
    index = 0
    while index < len(raw) // RECORD:
        record = raw[index * RECORD : (index + 1) * RECORD]
        if not record[0]:
            return
        if record[0] & 0x7F != 0x05:
            index += 1
            continue
        count = record[1]
        following = raw[(index + 1) * RECORD : (index + 1 + count) * RECORD]
        name = _exfat_name(following)
        if name:
            yield Record(index, name, not record[0] & 0x80)
        index += 1 + count if name else 1


def _exfat_name(records: bytes) -> str:
    if len(records) < 2 * RECORD or records[0] & 0x7F != 0x40:
        return ""
    length = records[3]
    text = b"".join(
        records[at + 2 : at + RECORD] for at in range(RECORD, len(records), RECORD) if records[at] & 0x7F == 0x41
    )
    return text[: 2 * length].decode("utf-16-le", "surrogatepass") if len(text) >= 2 * length else ""


@dataclass(frozen=True, slots=True)
class RecordArea:
    """Where records lie: The Sleuth Kit numbers them from 3 on, from the first byte after the FATs."""

    start: int

    def address(self, offset: int) -> int:
        """Return the number of the record at a byte of the volume."""
        return (offset - self.start) // RECORD + _FIRST_PLACE

    def offset(self, address: int) -> int:
        """Return where in the volume the record with that number lies."""
        return self.start + (address - _FIRST_PLACE) * RECORD


def record_area(boot: bytes, *, is_exfat: bool) -> RecordArea | None:
    """Return where records lie, from the volume's boot sector."""
    if is_exfat:
        heap = struct.unpack_from("<I", boot, 88)[0]
        return RecordArea(heap << min(boot[108], 12))
    fat = parse_fat_boot(boot)
    return None if fat is None else RecordArea((fat.reserved + fat.fats * fat.fat_sectors) * fat.sector_size)


def name_at(read: Callable[[int, int], bytes], area: RecordArea, address: int, *, is_exfat: bool) -> str | None:
    """Return the name of the record with that number as the disk has it; None where it cannot be told."""
    at = area.offset(address)
    if is_exfat:
        return next((record.name for record in exfat_records(read(at, 20 * RECORD)) if record.index == 0), None)
    first = at
    while first - RECORD >= area.start and at - first < 20 * RECORD and read(first - RECORD + 11, 1) == b"\x0f":
        first -= RECORD
    if first == at:
        return None
    return next((record.name for record in fat_records(read(first, at - first + RECORD))), None)
