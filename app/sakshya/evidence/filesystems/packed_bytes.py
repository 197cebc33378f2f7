"""Numbers and marks taken from many rows of bytes at once."""

import numpy as np

from sakshya.evidence.filesystems.census import Flags, Numbers

Bytes = np.ndarray[tuple[int, int], np.dtype[np.uint8]]
_STRIDE = 512
_PRIME = np.uint64(0x100000001B3)


def number(data: Bytes, rows: Numbers, at: Numbers, width: int) -> Numbers:
    """Return the little-endian numbers of 1, 2, 4, 6 or 8 bytes at byte `at` of each of some rows.

    Raises:
        IndexError: one lies after the last byte of all; those that stand where such a number would not are cut short.
    """
    start = rows * data.shape[1] + at
    flat = data.reshape(-1)
    if width == 6:
        return number(data, rows, at, 8) & ((1 << 48) - 1)
    if not (start & (width - 1)).any():
        aligned: Numbers = flat.view(f"<u{width}")[start // width].astype(np.int64)
        return aligned
    result = np.zeros(len(rows), np.uint64)
    for place in range(width):
        result |= flat[np.minimum(start + place, len(flat) - 1)].astype(np.uint64) << np.uint64(8 * place)
    return result.view(np.int64)


def marks(data: Bytes, rows: Numbers, at: Numbers, units: Numbers) -> Numbers:
    """Return a mark of so many 16-bit units at the even byte `at` of each row: equal ones have equal marks.

    Different ones may share one, about once in 2^64 pairs that nobody chose.
    """
    flat, each = data.reshape(-1).view("<u2"), data.shape[1] // 2
    ends = np.cumsum(units)
    begins = ends - units
    inside = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(begins, units)
    values = flat[np.repeat(rows * each + at // 2, units) + inside].astype(np.uint64) + np.uint64(1)
    weights = _PRIME ** np.arange(1, int(units.max(initial=0)) + 1, dtype=np.uint64)
    sums = np.concatenate(([np.uint64(0)], np.cumsum(values * weights[inside])))
    result: Numbers = (sums[ends] - sums[begins]).view(np.int64) ^ units
    return result


def repaired(data: Bytes, wanted: Flags) -> Flags:
    """Put back, in place, the last two bytes of each sector of NTFS records; return which of `wanted` were sound.

    NTFS keeps these bytes in the record's head and a check value in their stead.
    """
    halves, sectors = data.view("<u2"), data.shape[1] // _STRIDE
    at, count = halves[:, 2].astype(np.int64), halves[:, 3]
    sound: Flags = wanted & (count == sectors + 1) & (at % 2 == 0) & (at + 2 * sectors + 2 <= _STRIDE - 2)
    rows = np.flatnonzero(sound)
    head = at[rows] // 2
    check = halves[rows, head]
    for sector in range(1, sectors + 1):
        last = sector * _STRIDE // 2 - 1
        sound[rows] &= halves[rows, last] == check
    rows, head = rows[sound[rows]], head[sound[rows]]
    for sector in range(1, sectors + 1):
        halves[rows, sector * _STRIDE // 2 - 1] = halves[rows, head + sector]
    return sound
