"""The directory blocks of ext4, read many at a time into columns."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from sakshya.evidence.filesystems.census import Flags, Names, Objects
from sakshya.evidence.filesystems.ext_inodes import ExtLayout

Read = Callable[[int, int], bytes]
Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
_AT_ONCE = 16 << 20
_LONGEST = 64 << 20
_HEAD, _LEAST = 8, 12
_REGULAR, _DIRECTORY = 1, 2
_DOT = 0x2E
_RESTYLED = np.array([byte < 0x20 or byte in b"^/\x7f" for byte in range(256)])


@dataclass(frozen=True, slots=True)
class _Rows:
    """The names in some blocks, in order: the block each stands in, its first byte, the inode and the kind it names."""

    blocks: Numbers
    names: Numbers
    inodes: Numbers
    kinds: Numbers
    lengths: Numbers


def read_names(read: Read, layout: ExtLayout, objects: Objects, root: int) -> Names:
    """Return the names in all plain directories but the root; `read` reads the exhibit.

    Raises:
        EvidenceFault: a directory cannot be read.
    """
    of: dict[int, tuple[int, int, int, int]] = {}
    slots: list[Numbers] = []
    texts: list[bytes] = []
    row = byte = 0
    for directories, counts, data in _pieces(read, layout, objects, root):
        rows, odd = _parse(data, layout)
        children = objects.slots(rows.inodes)
        odd[rows.blocks[_is_odd(children, rows.kinds, objects)]] = True
        text, ends, strange = _text(data, rows)
        odd[rows.blocks[strange]] = True
        edges = np.concatenate(([0], np.cumsum(counts)))
        row_edges = np.searchsorted(rows.blocks, edges)
        byte_edges = np.concatenate(([0], ends))[row_edges]
        odd_before = np.concatenate(([0], np.cumsum(odd)))
        is_odd = odd_before[edges[1:]] != odd_before[edges[:-1]]
        parts = zip(
            directories.tolist(),
            *(row_edges[part] + row for part in (slice(-1), slice(1, None))),
            *(byte_edges[part] + byte for part in (slice(-1), slice(1, None))),
            is_odd.tolist(),
            strict=True,
        )
        of.update((one, (int(a), int(b), int(c), int(d))) for one, a, b, c, d, left in parts if not left)
        slots.append(children)
        texts.append(text)
        row, byte = row + len(children), byte + len(text)
    return Names(of, np.concatenate(slots) if slots else np.empty(0, np.int64), b"".join(texts), "utf-8", 1)


def _pieces(
    read: Read, layout: ExtLayout, objects: Objects, root: int
) -> Iterator[tuple[Numbers, Numbers, np.ndarray]]:
    """Yield the addresses of directories, how many blocks each has, and the blocks: 16 MiB or one directory."""
    wanted = objects.is_directory & objects.is_plain & (objects.addresses != root)
    wanted &= (objects.sizes > 0) & (objects.sizes <= _LONGEST)
    slots = np.flatnonzero(wanted)
    piece: list[int] = []
    gathered = 0
    for slot, size in zip(slots.tolist(), objects.sizes[slots].tolist(), strict=True):
        if piece and gathered + size > _AT_ONCE:
            yield _piece(read, layout, objects, piece)
            piece, gathered = [], 0
        piece.append(slot)
        gathered += size
    if piece:
        yield _piece(read, layout, objects, piece)


def _piece(read: Read, layout: ExtLayout, objects: Objects, slots: list[int]) -> tuple[Numbers, Numbers, np.ndarray]:
    places = np.array(slots)
    runs = objects.runs.of(places)
    parts: list[bytes] = []
    start, length = -1, 0
    for low, size in zip(*(part[runs.is_content].tolist() for part in (runs.starts, runs.lengths)), strict=True):
        if low == start + length:
            length += size
            continue
        if length:
            parts.append(read(start, length))
        start, length = low, size
    parts.append(read(start, length))
    data = np.frombuffer(b"".join(parts), np.uint8).reshape(-1, layout.block)
    return objects.addresses[places], -(-objects.sizes[places] // layout.block), data


def _parse(data: np.ndarray, layout: ExtLayout) -> tuple[_Rows, np.ndarray]:
    """Follow the names of all blocks at once, one name of each block a step.

    Also returns which blocks are out of the ordinary: a chain that breaks, or between the names anything that may be
    left of a deleted one.
    """
    block, count = layout.block, len(data)
    words, halves = data.view("<u4"), data.view("<u2")
    odd = np.zeros(count, bool)
    at = np.zeros(count, np.int64)
    going = np.arange(count)
    found: list[tuple[np.ndarray, ...]] = []
    while len(going):
        position = at[going]
        inode = words[going, position // 4].astype(np.int64)
        step = halves[going, position // 2 + 2].astype(np.int64)
        length = data[going, position + 6].astype(np.int64)
        broken = (step < _HEAD) | (step % 4 != 0) | (position + step > block)
        wrong = (length == 0) | (step < _needed(length)) | (inode > layout.inodes)
        odd[going[broken | ((inode > 0) & wrong)]] = True
        named = (inode > 0) & ~broken & ~wrong
        found.append((going[named], position[named], inode[named], length[named]))
        at[going] = position + step
        going = going[~broken]
        going = going[at[going] <= block - _LEAST]
    columns = [np.concatenate(part).astype(np.int64) for part in zip(*found, strict=True)]
    order = np.lexsort((columns[1], columns[0]))
    blocks, position, inodes, lengths = (column[order] for column in columns)
    odd[_left_over(data, layout, blocks * block + position, lengths)] = True
    return _without_dots(data, blocks, position, inodes, lengths), odd


def _needed(lengths: Numbers) -> Numbers:
    return (_HEAD + lengths + 3) & ~3


def _left_over(data: np.ndarray, layout: ExtLayout, live: Numbers, lengths: Numbers) -> Numbers:
    """Return the blocks that hold, outside the `live` names, bytes that The Sleuth Kit would take for a deleted one."""
    words = data.view("<u4")
    inode, rest = words[:, :-2], words[:, 1:-1]
    step, length = rest & 0xFFFF, rest >> 16 & 0xFF
    room = layout.block - 4 * np.arange(words.shape[1] - 2, dtype=np.uint32)
    may_be = (length != 0) & (inode <= layout.inodes + 1) & (step & 3 == 0) & (step >= _HEAD + length) & (step <= room)
    blocks, places = np.nonzero(may_be)
    candidates = blocks * layout.block + places * 4
    if not len(live):
        return blocks
    before = np.maximum(np.searchsorted(live, candidates, "right") - 1, 0)
    inside = (candidates >= live[before]) & (candidates < live[before] + _needed(lengths[before]))
    return blocks[~inside]


def _without_dots(data: np.ndarray, blocks: Numbers, at: Numbers, inodes: Numbers, lengths: Numbers) -> _Rows:
    flat = data.reshape(-1)
    name = blocks * data.shape[1] + at + _HEAD
    is_dot = (lengths == 1) & (flat[name] == _DOT)
    is_dot |= (lengths == 2) & (flat[name] == _DOT) & (flat[np.minimum(name + 1, len(flat) - 1)] == _DOT)
    keep = ~is_dot
    kinds = flat[name - 1][keep].astype(np.int64)
    return _Rows(blocks[keep], name[keep], inodes[keep], kinds, lengths[keep])


def _is_odd(children: Numbers, kinds: Numbers, objects: Objects) -> Flags:
    """Tell which names are of an object that is not plain, or is of another kind than the name says."""
    plain: Flags = (children >= 0) & objects.is_plain[children]
    plain &= np.where(objects.is_directory[children], kinds == _DIRECTORY, kinds == _REGULAR)
    return ~plain


def _text(data: np.ndarray, rows: _Rows) -> tuple[bytes, Numbers, np.ndarray]:
    """Return all names, each with a NUL after it, where each then ends, and which hold bytes the library restyles."""
    ends = np.cumsum(rows.lengths + 1)
    flat = np.append(data.reshape(-1), np.uint8(0))
    flat[rows.names + rows.lengths] = 0
    edges = np.zeros(len(flat) + 1, np.int8)
    edges[rows.names] = 1
    edges[rows.names + rows.lengths + 1] = -1
    text = flat[np.cumsum(edges[:-1], dtype=np.int8).astype(bool)]
    is_end = np.zeros(len(text), bool)
    is_end[ends - 1] = True
    strange = np.flatnonzero(_RESTYLED[text] & ~is_end)
    return text.tobytes(), ends, np.searchsorted(ends, strange, "right")
