"""BSD disk labels."""

import struct

from sakshya.evidence.partitions.part import Part, Parts, Read

_MAGIC = 0x82564557
_HEAD = 148
_WHOLE = 2
_TYPES = {1: "swap", 7: "UFS", 8: "FAT", 11: "HPFS", 12: "ISO 9660", 14: "vinum", 27: "ZFS"}


def read_bsd(read: Read, size: int, sector_size: int) -> Parts | None:
    """Return the volumes of a BSD disk label in the second sector; None where there is none."""
    raw = read(sector_size, 404)
    if len(raw) < 404:
        return None
    magic, second, count = struct.unpack_from("<I", raw)[0], *struct.unpack_from("<I2xH", raw, 132)
    if magic != _MAGIC or second != _MAGIC or not 0 < count <= 16:
        return None
    parts: list[Part] = []
    problems: list[str] = []
    for number in range(count):
        length, start, _fragment, kind = struct.unpack_from("<IIIB", raw, _HEAD + 16 * number)
        if not length or number == _WHOLE or not kind:
            continue
        if start * sector_size >= size:
            problems.append(f"partition {number + 1} lies outside the exhibit")
            continue
        parts.append(Part(start * sector_size, length * sector_size, f"BSD {_TYPES.get(kind, f'type {kind}')}"))
    return Parts("bsd", sector_size, tuple(parts), tuple(problems), ((0, 2 * sector_size),))
