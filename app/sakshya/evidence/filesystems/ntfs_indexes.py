"""The directories of NTFS, read many index blocks at a time into columns."""

from dataclasses import dataclass

import numpy as np

from sakshya.evidence.filesystems.census import Flags, Numbers
from sakshya.evidence.filesystems.packed_bytes import Bytes, marks, number

_HEAD, _NAME_HEAD = 16, 66
_LAST, _DOS, _HIGHEST_SPACE = 2, 2, 3
_DIRECTORY = 0x10000000
_MOST = 1 << 12
_UNITS = 1_000_000_000
# The years in which The Sleuth Kit takes the times of what a name left behind for times, in units of 100 seconds.
_EARLIEST, _LATEST = (369 * 365 + 89) * 864, (369 * 365 + 89 + 50 * 365 + 6) * 864


@dataclass(frozen=True, slots=True)
class IndexBlocks:
    """Index blocks, one a row: the directory each is of, where its names begin, where they end, where it ends."""

    data: Bytes
    directories: Numbers
    begins: Numbers
    used: Numbers
    ends: Numbers


@dataclass(frozen=True, slots=True)
class IndexNames:
    """The names in some index blocks, in order: block, first byte and bytes of the name, and what it names."""

    blocks: Numbers
    at: Numbers
    lengths: Numbers
    children: Numbers
    sequences: Numbers
    is_directory: Flags
    marks: Numbers


def read_index(blocks: IndexBlocks, last: int) -> tuple[IndexNames, Flags]:
    """Return the names in the blocks, without the short ones of DOS, and which blocks are out of the ordinary.

    `last` is the highest record number.
    """
    data = blocks.data
    odd = (blocks.begins < 0) | (blocks.begins > blocks.used) | (blocks.used > blocks.ends)
    odd |= blocks.ends > data.shape[1]
    at = blocks.begins.copy()
    going = np.flatnonzero(~odd)
    found: list[tuple[np.ndarray, ...]] = []
    for _ in range(_MOST):
        short = at[going] + _HEAD > blocks.used[going]
        odd[going[short]] = True
        going = going[~short]
        is_last = data[going, at[going] + 12] & _LAST != 0
        going = going[~is_last]
        if not len(going):
            break
        place = at[going]
        length, held = number(data, going, place + 8, 2), number(data, going, place + 10, 2)
        fits = (held >= _NAME_HEAD) & (length >= _HEAD + held) & (length % 8 == 0)
        fits &= place + length <= blocks.used[going]
        odd[going[~fits]] = True
        going, place, length, held = going[fits], place[fits], length[fits], held[fits]
        units, space = data[going, place + 80].astype(np.int64), data[going, place + 81]
        wrong = (number(data, going, place + 16, 6) != blocks.directories[going]) | (space > _HIGHEST_SPACE)
        wrong |= (_NAME_HEAD + 2 * units > held) | (units == 0)
        odd[going[wrong]] = True
        found.append((going, place, length, 2 * units, space))
        at[going] = place + length
    odd[going] = True
    if not found:
        found.append(tuple(np.empty(0, np.int64) for _ in range(5)))
    columns = [np.concatenate(part).astype(np.int64) for part in zip(*found, strict=True)]
    order = np.lexsort((columns[1], columns[0]))
    rows, place, length, size, space = (column[order] for column in columns)
    left = _left_over(blocks, rows * data.shape[1] + place, length, last)
    keep = (space != _DOS) & (place + _HEAD + _NAME_HEAD + size <= data.shape[1])
    names = _names(data, rows[keep], place[keep], size[keep])
    odd[_unlike(blocks, names, left)] = True
    return names, odd


def _names(data: Bytes, rows: Numbers, place: Numbers, size: Numbers) -> IndexNames:
    start = place + _HEAD + _NAME_HEAD
    return IndexNames(
        blocks=rows,
        at=start,
        lengths=size,
        children=number(data, rows, place, 6),
        sequences=number(data, rows, place + 6, 2),
        is_directory=number(data, rows, place + _HEAD + 56, 4) & _DIRECTORY != 0,
        marks=marks(data, rows, start, size // 2),
    )


def _left_over(blocks: IndexBlocks, live: Numbers, lengths: Numbers, last: int) -> tuple[Numbers, Numbers]:
    """Return block and byte of what The Sleuth Kit would take for a deleted name outside the live ones."""
    data = blocks.data
    words = data.view("<u4")
    wide = words.shape[1] - 21
    rows, places = np.nonzero(words[:, 4 : wide + 4] == blocks.directories[:, None])
    first, high, sizes, parent = (words[rows, places + at].astype(np.int64) for at in (0, 1, 2, 5))
    length = sizes & 0xFFFF
    may_be = (first <= last) & (high & 0xFFFF == 0) & (length > sizes >> 16) & (length % 4 == 0)
    may_be &= parent & 0xFFFF == 0
    rows, places = rows[may_be], places[may_be]
    places = places * 4
    keep = (places >= blocks.begins[rows]) & (places < blocks.ends[rows])
    rows, places = rows[keep], places[keep]
    if len(live) and len(rows):
        where = rows * data.shape[1] + places
        before = np.maximum(np.searchsorted(live, where, "right") - 1, 0)
        outside = (where < live[before]) | (where >= live[before] + lengths[before])
        rows, places = rows[outside], places[outside]
    credible = data[rows, places + 81] <= _HIGHEST_SPACE
    for at in (24, 32, 48):
        unit = number(data, rows, places + at, 8) // _UNITS
        credible &= (unit >= _EARLIEST) & (unit <= _LATEST)
    return rows[credible], places[credible]


def _unlike(blocks: IndexBlocks, names: IndexNames, left: tuple[Numbers, Numbers]) -> Numbers:
    """Return the blocks with what is left of a name that no live name of the directory before it equals."""
    rows, places = left
    is_short = blocks.data[rows, places + 81] == _DOS
    rows, places = rows[~is_short], places[~is_short]
    if not len(rows):
        return np.empty(0, np.int64)
    room = np.maximum((blocks.data.shape[1] - places - 82) // 2, 0)
    found_marks = marks(blocks.data, rows, places + 82, np.minimum(blocks.data[rows, places + 80], room))
    children = number(blocks.data, rows, places, 6)
    first = dict[tuple[int, int, int], tuple[int, int]]()
    keys = zip(blocks.directories[names.blocks].tolist(), names.children.tolist(), names.marks.tolist(), strict=True)
    for key, block, at in zip(keys, names.blocks.tolist(), names.at.tolist(), strict=True):
        first.setdefault(key, (block, at))
    found = zip(blocks.directories[rows].tolist(), children.tolist(), found_marks.tolist(), strict=True)
    unlike = [
        first.get(key, (1 << 62, 0)) > (block, at)
        for key, block, at in zip(found, rows.tolist(), places.tolist(), strict=True)
    ]
    result: Numbers = rows[np.array(unlike, bool)]
    return result
