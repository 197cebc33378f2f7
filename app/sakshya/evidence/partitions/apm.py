"""Apple partition maps."""

import struct

from sakshya.evidence.partitions.part import Part, Parts, Read

_ENTRY = struct.Struct(">2sHIII32s32s")
_MOST = 256


def read_apm(read: Read, size: int, sector_size: int) -> Parts | None:
    """Return the volumes of an Apple partition map; None where there is none."""
    head = read(sector_size, _ENTRY.size)
    if len(head) < _ENTRY.size or not head.startswith(b"PM"):
        return None
    count = _ENTRY.unpack(head)[2]
    parts: list[Part] = []
    problems: list[str] = []
    if not 0 < count <= _MOST:
        problems.append(f"the Apple partition map states {count} entries; at most {_MOST} are read")
    for number in range(1, min(max(count, 1), _MOST) + 1):
        raw = read(number * sector_size, _ENTRY.size)
        if len(raw) < _ENTRY.size or not raw.startswith(b"PM"):
            problems.append(f"entry {number} of the Apple partition map is missing")
            break
        _signature, _pad, _count, start, length, name, kind = _ENTRY.unpack(raw)
        text = kind.split(b"\0")[0].decode("mac-roman")
        label = name.split(b"\0")[0].decode("mac-roman")
        if text in ("Apple_partition_map", "Apple_Free", "Apple_Void"):
            continue
        if not start or start * sector_size >= size:
            problems.append(f"partition {number} lies outside the exhibit")
            continue
        parts.append(Part(start * sector_size, length * sector_size, f"{text} ({label})" if label else text))
    return Parts("apm", sector_size, tuple(parts), tuple(problems), ((0, (1 + min(count, _MOST)) * sector_size),))
