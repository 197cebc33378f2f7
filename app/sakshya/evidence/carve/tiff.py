"""TIFF: the file ends where the last thing its directories point to ends."""

import struct
from collections.abc import Iterator

from sakshya.evidence.carve.stretch import Broken, Source

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_FORMATS = {1: "B", 3: "H", 4: "I", 13: "I"}
_STARTS = {273: 279, 324: 325, 288: 289, 513: 514}
_DIRECTORIES = {330, 34665, 34853, 40965}
_MOST_DIRECTORIES = 200
_LARGEST = 1 << 32
Fields = dict[int, tuple[int, ...]]


def measure(source: Source) -> tuple[str, int]:
    """Return the format and size of the TIFF there.

    Raises:
        Broken: a directory is none, or points beyond what is there.
    """
    order = "<" if source.need(0, 2) == b"II" else ">"
    pending, seen, end, pictures = [struct.unpack(order + "4xI", source.need(0, 8))[0]], set[int](), 8, 0
    while pending:
        at = pending.pop()
        if not at or at in seen:
            continue
        seen.add(at)
        if len(seen) > _MOST_DIRECTORIES:
            raise Broken(at)
        fields, after, reach = _directory(source, at, order)
        end = max(end, reach, *_data_ends(fields))
        pending += [after, *(value for tag in _DIRECTORIES for value in fields.get(tag, ()))]
        pictures += 256 in fields and 257 in fields and bool(_STARTS.keys() & fields.keys())
    if not pictures or end > min(source.size, _LARGEST):
        raise Broken(min(end, source.size))
    return "tiff", end


def _directory(source: Source, at: int, order: str) -> tuple[Fields, int, int]:
    count = struct.unpack(order + "H", source.need(at, 2))[0]
    if not 0 < count < 1000:
        raise Broken(at)
    body = source.need(at + 2, count * 12 + 4)
    reach, fields = at + 6 + count * 12, Fields()
    for index in range(count):
        tag, kind, amount = struct.unpack_from(order + "HHI", body, index * 12)
        if kind not in _SIZES:
            raise Broken(at)
        length = _SIZES[kind] * amount
        place = at + 2 + index * 12 + 8
        if length > 4:
            place = struct.unpack_from(order + "I", body, index * 12 + 8)[0]
            reach = max(reach, place + length)
            if place + length > source.size:
                raise Broken(at)
        if tag in _STARTS or tag in _STARTS.values() or tag in _DIRECTORIES or tag in (256, 257):
            if kind not in _FORMATS or amount > 1 << 20:
                raise Broken(at)
            fields[tag] = struct.unpack(f"{order}{amount}{_FORMATS[kind]}", source.need(place, length))
    return fields, struct.unpack_from(order + "I", body, count * 12)[0], reach


def _data_ends(fields: Fields) -> Iterator[int]:
    yield 0
    for starts, lengths in _STARTS.items():
        for start, length in zip(fields.get(starts, ()), fields.get(lengths, ()), strict=False):
            yield start + length
