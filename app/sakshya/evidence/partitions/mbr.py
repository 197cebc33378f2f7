"""DOS partition tables with their chains of extended partitions."""

import struct

from sakshya.evidence.partitions.part import Part, Parts, Read

_ENTRY = struct.Struct("<B3sB3sII")
_EXTENDED = frozenset({0x05, 0x0F, 0x85})
PROTECTIVE = 0xEE
_MOST_LOGICAL = 512
_TYPES = {
    0x01: "FAT12",
    0x04: "FAT16",
    0x06: "FAT16",
    0x07: "NTFS / exFAT",
    0x0B: "FAT32",
    0x0C: "FAT32 (LBA)",
    0x0E: "FAT16 (LBA)",
    0x11: "hidden FAT12",
    0x14: "hidden FAT16",
    0x16: "hidden FAT16",
    0x17: "hidden NTFS / exFAT",
    0x1B: "hidden FAT32",
    0x1C: "hidden FAT32 (LBA)",
    0x1E: "hidden FAT16 (LBA)",
    0x27: "Windows recovery",
    0x39: "Plan 9",
    0x42: "Windows dynamic disk",
    0x82: "Linux swap",
    0x83: "Linux",
    0x8E: "Linux LVM",
    0xA5: "FreeBSD",
    0xA6: "OpenBSD",
    0xA8: "Apple UFS",
    0xA9: "NetBSD",
    0xAF: "Apple HFS / HFS+",
    0xBF: "Solaris",
    0xEE: "GPT protective",
    0xEF: "EFI system",
    0xFB: "VMware VMFS",
    0xFD: "Linux RAID",
}
Raw = tuple[int, int, int, int]


def entries(sector: bytes) -> list[Raw] | None:
    """Return the four (flag, type, start, count) of a table sector, or None where it cannot be one."""
    if len(sector) < 512 or sector[510:512] != b"\x55\xaa":
        return None
    found: list[Raw] = []
    for index in range(4):
        flag, _chs, kind, _chs_end, start, count = _ENTRY.unpack_from(sector, 446 + 16 * index)
        if flag & 0x7F:
            # Boot code of a file system lies where a table would have its flags.
            return None
        found.append((flag, kind, start, count))
    return found


def read_mbr(read: Read, size: int, sector_size: int) -> Parts | None:
    """Return the volumes of a DOS table, primary ones first; None where there is no credible table.

    A table that points beyond the exhibit, overlaps itself or runs in a circle is reported and not followed.
    """
    raw = entries(read(0, 512))
    used = [one for one in raw or [] if one[1] and one[3]]
    sectors = -(-size // sector_size)
    if not any(0 < start < sectors for _, _, start, _ in used):
        return None
    parts: list[Part] = []
    problems: list[str] = []
    metadata = [(0, sector_size)]
    for number, (_, kind, start, count) in enumerate(used, start=1):
        if start >= sectors:
            problems.append(f"partition {number} starts beyond the end of the exhibit")
        elif start == 0:
            problems.append(f"partition {number} starts on the partition table itself; not followed")
        elif kind not in _EXTENDED:
            parts.append(_part(start, count, kind, sector_size))
    for _, kind, start, count in used:
        if kind in _EXTENDED and 0 < start < sectors:
            chain = _Chain(read, sectors, sector_size, start, count)
            parts.extend(chain.follow())
            problems.extend(chain.problems)
            metadata.extend(chain.metadata)
    return Parts("mbr", sector_size, tuple(parts), tuple(problems), tuple(metadata))


def _part(start: int, count: int, kind: int, sector_size: int) -> Part:
    name = _TYPES.get(kind, "unknown type")
    return Part(start * sector_size, count * sector_size, f"{name} (0x{kind:02x})")


class _Chain:
    """Follows one extended partition from table to table."""

    def __init__(self, read: Read, sectors: int, sector_size: int, start: int, count: int) -> None:
        self._read = read
        self._sectors = sectors
        self._sector_size = sector_size
        self._start = start
        self._end = start + count
        self.problems: list[str] = []
        self.metadata: list[tuple[int, int]] = []

    def follow(self) -> list[Part]:
        """Return the logical volumes in chain order."""
        parts: list[Part] = []
        table: int | None = self._start
        seen: set[int] = set()
        while table is not None:
            if table in seen:
                self.problems.append(f"the chain of extended partitions runs in a circle at sector {table}")
                break
            if len(seen) >= _MOST_LOGICAL:
                self.problems.append(f"the chain of extended partitions is longer than {_MOST_LOGICAL}; not followed")
                break
            seen.add(table)
            table = self._one(table, parts)
        return parts

    def _one(self, table: int, parts: list[Part]) -> int | None:
        raw = entries(self._read(table * self._sector_size, 512))
        if raw is None:
            self.problems.append(f"no extended partition table at sector {table}")
            return None
        self.metadata.append((table * self._sector_size, self._sector_size))
        following: int | None = None
        for _, kind, start, count in raw:
            if not kind or not count:
                continue
            if kind in _EXTENDED:
                following = self._next(start) if following is None else following
            elif not start or table + start >= self._sectors:
                self.problems.append(f"a logical partition of the table at sector {table} lies outside the exhibit")
            else:
                parts.append(_part(table + start, count, kind, self._sector_size))
        return following

    def _next(self, start: int) -> int | None:
        table = self._start + start
        if table < self._sectors:
            return table
        self.problems.append(f"an extended partition table at sector {table} lies beyond the end of the exhibit")
        return None
