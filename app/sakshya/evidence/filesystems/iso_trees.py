"""Every directory tree of an ISO 9660 volume: each volume descriptor has its own, and they need not agree.

The Sleuth Kit names the files of one tree; a file that only another tree names would be seen without its name.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_SECTOR = 2048
_FIRST_DESCRIPTOR = 16
_MOST_DESCRIPTORS = 64
_MOST_RECORDS = 1_000_000
_MOST_DIRECTORY = 64 << 20
_DIRECTORY, _MORE = 0x02, 0x80
_JOLIET = (b"%/@", b"%/C", b"%/E")
Read = Callable[[int, int], bytes]


@dataclass(frozen=True, slots=True)
class IsoFile:
    """One file that a tree names; `extents` are (byte of the volume, length)."""

    path: str
    extents: tuple[tuple[int, int], ...]


def iso_files(read: Read) -> Iterator[IsoFile]:
    """Yield the files of every tree, primary descriptor first; never more than a million records, each folder once."""
    seen: set[int] = set()
    budget = [_MOST_RECORDS]
    for number in range(_FIRST_DESCRIPTOR, _FIRST_DESCRIPTOR + _MOST_DESCRIPTORS):
        descriptor = read(number * _SECTOR, _SECTOR)
        if len(descriptor) < _SECTOR or descriptor[1:6] != b"CD001" or descriptor[0] == 255:
            return
        if descriptor[0] in (1, 2):
            block = struct.unpack_from("<H", descriptor, 128)[0] or _SECTOR
            start, size = struct.unpack_from("<I4xI", descriptor, 158)
            wide = descriptor[0] == 2 and descriptor[88:91] in _JOLIET
            yield from _tree(_Tree(read, block, wide, seen, budget), start, size)


@dataclass(frozen=True, slots=True)
class _Tree:
    read: Read
    block: int
    wide: bool
    seen: set[int]
    budget: list[int]


def _tree(tree: _Tree, start: int, size: int) -> Iterator[IsoFile]:
    pending = [(start, size, "")]
    while pending:
        at, length, path = pending.pop()
        if at in tree.seen:
            continue
        tree.seen.add(at)
        extents: tuple[tuple[int, int], ...] = ()
        for record in _records(tree, at * tree.block, min(length, _MOST_DIRECTORY)):
            first, count = struct.unpack_from("<I4xI", record, 2)
            name = f"{path}/{_name(record, wide=tree.wide)}"
            if record[25] & _DIRECTORY:
                pending.append((first, count, name))
                continue
            extents = (*extents, (first * tree.block, count))
            if not record[25] & _MORE:
                yield IsoFile(name, extents)
                extents = ()


def _records(tree: _Tree, offset: int, length: int) -> Iterator[bytes]:
    for sector in range(offset, offset + length, _SECTOR):
        raw = tree.read(sector, _SECTOR)
        at = 0
        while at + 34 <= len(raw) and raw[at] >= 34 and tree.budget[0] > 0:
            tree.budget[0] -= 1
            record = raw[at : at + raw[at]]
            at += raw[at]
            is_itself_or_parent = record[32] == 1 and record[33] in (0, 1)
            if len(record) >= 33 + record[32] and not is_itself_or_parent:
                yield record


def _name(record: bytes, *, wide: bool) -> str:
    raw = record[33 : 33 + record[32]]
    name = raw.decode("utf-16-be", "surrogatepass") if wide and len(raw) % 2 == 0 else raw.decode("latin-1")
    stem, _, version = name.rpartition(";")
    return (stem if stem and version.isdigit() else name).rstrip(".")
