"""GUID partition tables (UEFI), with the backup table as fallback."""

import struct
import uuid
import zlib

from sakshya.evidence.partitions.part import Part, Parts, Read

_HEADER = struct.Struct("<8sIIIIQQQQ16sQIII")
SIGNATURE = b"EFI PART"
_MOST_ENTRIES = 4096
_TYPES = {
    "c12a7328-f81f-11d2-ba4b-00a0c93ec93b": "EFI system",
    "e3c9e316-0b5c-4db8-817d-f92df00215ae": "Microsoft reserved",
    "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7": "Microsoft basic data",
    "de94bba4-06d1-4d40-a16a-bfd50179d6ac": "Windows recovery",
    "5808c8aa-7e8f-42e0-85d2-e1e90434cfb3": "Windows dynamic disk metadata",
    "af9b60a0-1431-4f62-bc68-3311714a69ad": "Windows dynamic disk data",
    "e75caf8f-f680-4cee-afa3-b001e56efc2d": "Windows storage spaces",
    "0fc63daf-8483-4772-8e79-3d69d8477de4": "Linux file system",
    "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f": "Linux swap",
    "e6d6d379-f507-44c2-a23c-238f2a3df928": "Linux LVM",
    "a19d880f-05fc-4d3b-a006-743f0f84911e": "Linux RAID",
    "ca7d7ccb-63ed-4c53-861c-1742536059cc": "Linux LUKS",
    "48465300-0000-11aa-aa11-00306543ecac": "Apple HFS+",
    "7c3457ef-0000-11aa-aa11-00306543ecac": "Apple APFS",
    "426f6f74-0000-11aa-aa11-00306543ecac": "Apple boot",
    "21686148-6449-6e6f-744e-656564454649": "BIOS boot",
}


def read_gpt(read: Read, size: int, sector_size: int) -> Parts | None:
    """Return the volumes of a GPT; None where neither the table nor its backup is there.

    A table whose checksum does not agree is used when its backup is no better, and said to be damaged.
    """
    problems: list[str] = []
    last = size // sector_size - 1
    primary = _header(read, 1, sector_size)
    backup = None
    if primary is None or not primary.intact:
        backup = _header(read, last, sector_size)
        if primary is None and backup is not None:
            problems.append("the GPT is missing; its backup at the end of the exhibit is used")
        elif backup is not None and backup.intact:
            problems.append("the GPT is damaged; its backup at the end of the exhibit is used")
    header = backup if backup is not None and (primary is None or backup.intact) else primary
    if header is None:
        return None
    if not header.intact:
        problems.append("the checksum of the GPT does not agree")
    table = header.entries(read, problems)
    parts = _parts(table, header, size, problems)
    metadata = [(0, 2 * sector_size), (header.table * sector_size, len(table))]
    return Parts("gpt", sector_size, tuple(parts), tuple(problems), tuple(metadata))


class _Header:
    """One of the two headers."""

    def __init__(self, raw: bytes, sector_size: int) -> None:
        fields = _HEADER.unpack_from(raw)
        self.sector_size = sector_size
        self.table, self.count, self.entry_size, self._table_crc = fields[10:14]
        length = fields[2]
        blank = raw[:16] + b"\0\0\0\0" + raw[20:length]
        self.intact = 92 <= length <= sector_size and zlib.crc32(blank) == fields[3]

    def entries(self, read: Read, problems: list[str]) -> bytes:
        """Return the table's bytes, bounded."""
        if not 128 <= self.entry_size <= 4096 or self.entry_size % 8:
            problems.append(f"the GPT states entries of {self.entry_size} bytes; not followed")
            return b""
        if self.count > _MOST_ENTRIES:
            problems.append(f"the GPT states {self.count} entries; the first {_MOST_ENTRIES} are read")
        count = min(self.count, _MOST_ENTRIES)
        raw = read(self.table * self.sector_size, count * self.entry_size)
        if self.count <= _MOST_ENTRIES and zlib.crc32(raw) != self._table_crc:
            problems.append("the checksum of the GPT's entries does not agree")
        return raw


def _header(read: Read, sector: int, sector_size: int) -> _Header | None:
    raw = read(sector * sector_size, sector_size) if sector > 0 else b""
    return _Header(raw, sector_size) if len(raw) >= _HEADER.size and raw.startswith(SIGNATURE) else None


def _parts(table: bytes, header: _Header, size: int, problems: list[str]) -> list[Part]:
    parts: list[Part] = []
    step = header.entry_size
    for number in range(len(table) // step if step else 0):
        entry = table[number * step : (number + 1) * step]
        kind = uuid.UUID(bytes_le=entry[:16])
        if not kind.int:
            continue
        first, last = struct.unpack_from("<QQ", entry, 32)
        offset, length = first * header.sector_size, (last - first + 1) * header.sector_size
        if last < first or not first or offset >= size:
            problems.append(f"partition {number + 1} lies outside the exhibit")
            continue
        name = entry[56:128].decode("utf-16-le", "replace").split("\0")[0]
        text = _TYPES.get(str(kind), f"type {kind}")
        parts.append(Part(offset, length, f"{text} ({name})" if name else text))
    return parts
