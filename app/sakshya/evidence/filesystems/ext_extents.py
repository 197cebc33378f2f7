"""The extent trees of many ext4 inodes at once (kernel documentation, ext4 data structures)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sakshya.evidence.filesystems.census import Flags, Numbers, Runs

Read = Callable[[int, int], bytes]
_Blocks = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Words = np.ndarray[tuple[int, int], np.dtype[np.uint32]]
_MAGIC, _WRITTEN, _IN_INODE, _DEEPEST = 0xF30A, 1 << 15, 4, 5
_MOST_NODES = 1 << 12
_OWN = -1


@dataclass(frozen=True, slots=True)
class ExtPlace:
    """How a volume at exhibit `offset` counts: `blocks` blocks of `block` bytes."""

    block: int
    blocks: int
    offset: int


@dataclass(frozen=True, slots=True)
class _Extents:
    """Extents in blocks, in the order of the content; `before` is where in the content each starts."""

    starts: _Blocks
    lengths: _Blocks
    before: _Blocks


def read_runs(read: Read, nodes: Words, sizes: Numbers, place: ExtPlace) -> tuple[Flags, Runs]:
    """Return which inodes keep their whole content in written extents without a hole, and where those lie.

    `nodes` are the inodes' own 60 bytes of their trees. The blocks of a tree are among its runs, after the content.

    Raises:
        EvidenceFault: a block of a tree cannot be read.
    """
    good, shallow = _within_inodes(nodes, sizes, place)
    counts = (shallow.lengths > 0).sum(axis=1)
    deep: dict[int, tuple[_Extents, list[int]]] = {}
    for slot in np.flatnonzero((nodes[:, 0] & 0xFFFF == _MAGIC) & (nodes[:, 1] >> 16 > 0)).tolist():
        tree = _Tree(read, place)
        extents = tree.extents(nodes[slot], -(-int(sizes[slot]) // place.block))
        if extents is not None:
            good[slot] = True
            deep[slot] = extents, tree.nodes
            counts[slot] = len(extents.starts) + len(tree.nodes)
    of_object = np.concatenate(([0], np.cumsum(counts)))
    starts, lengths, before = (np.zeros(int(of_object[-1]), np.int64) for _ in range(3))
    is_deep = np.repeat(np.isin(np.arange(len(nodes)), list(deep)), counts)
    listed = shallow.lengths > 0
    starts[~is_deep], lengths[~is_deep] = shallow.starts[listed], shallow.lengths[listed]
    before[~is_deep] = shallow.before[listed]
    for slot, (extents, own) in deep.items():
        part = slice(int(of_object[slot]), int(of_object[slot + 1]))
        starts[part] = np.concatenate((extents.starts, own))
        lengths[part] = np.concatenate((extents.lengths, np.ones(len(own), np.int64)))
        before[part] = np.concatenate((extents.before, np.full(len(own), _OWN)))
    whole = lengths * place.block
    is_content = before != _OWN
    used = np.where(is_content, np.minimum(whole, np.repeat(sizes, counts) - before * place.block), whole)
    return good, Runs(of_object, place.offset + starts * place.block, whole, used, is_content)


def _within_inodes(nodes: Words, sizes: Numbers, place: ExtPlace) -> tuple[Flags, _Extents]:
    """Return which inodes hold their whole tree, and their extents (n, 4), of length 0 where there is none."""
    count = (nodes[:, 0] >> 16).astype(np.int64)
    good = (nodes[:, 0] & 0xFFFF == _MAGIC) & (nodes[:, 1] >> 16 == 0) & (count <= _IN_INODE)
    covered = np.zeros(len(nodes), np.int64)
    starts, lengths, before = (np.zeros((len(nodes), _IN_INODE), np.int64) for _ in range(3))
    for at in range(int(count[good].max(initial=0))):
        first, length, start, fits = _leaves(nodes[:, 3 + 3 * at : 6 + 3 * at], place)
        there = good & (count > at)
        good &= ~there | (fits & (first == covered))
        starts[:, at], before[:, at], lengths[:, at] = start, covered, np.where(there, length, 0)
        covered += lengths[:, at]
    good &= covered == -(-sizes // place.block)
    lengths[~good] = 0
    return good, _Extents(starts, lengths, before)


def _leaves(extents: Words, place: ExtPlace) -> tuple[Numbers, Numbers, Numbers, Flags]:
    """Return for each extent its first block of the content, its length, its block, and whether it can be."""
    length = (extents[:, 1] & 0xFFFF).astype(np.int64)
    start = extents[:, 2].astype(np.int64) | (extents[:, 1] >> 16).astype(np.int64) << 32
    fits = (length > 0) & (length <= _WRITTEN) & (start > 0) & (start + length <= place.blocks)
    return extents[:, 0].astype(np.int64), length, start, fits


class _Tree:
    """One inode's extent tree of more than one level; `nodes` are the blocks it was read from."""

    def __init__(self, read: Read, place: ExtPlace) -> None:
        self._read = read
        self._place = place
        self.nodes: list[int] = []

    def extents(self, root: np.ndarray, blocks: int) -> _Extents | None:
        """Return the extents of a content of so many blocks; None where the tree does not hold it plainly."""
        leaves: list[Words] = []
        if not self._gather(root, int(root[1]) >> 16, leaves):
            return None
        first, length, start, fits = _leaves(np.concatenate(leaves), self._place)
        ends = np.cumsum(length)
        if not fits.all() or int(ends[-1]) != blocks or (first != ends - length).any():
            return None
        return _Extents(start, length, first)

    def _gather(self, node: np.ndarray, depth: int, leaves: list[Words]) -> bool:
        count = int(node[0]) >> 16
        sound = int(node[0]) & 0xFFFF == _MAGIC and int(node[1]) >> 16 == depth <= _DEEPEST
        if not sound or not 0 < count <= len(node) // 3 - 1:
            return False
        rows = node[3 : 3 + 3 * count].reshape(count, 3)
        if not depth:
            leaves.append(rows)
            return True
        for low, high in rows[:, 1:].tolist():
            block = (high & 0xFFFF) << 32 | low
            if not 0 < block < self._place.blocks or len(self.nodes) >= _MOST_NODES:
                return False
            self.nodes.append(block)
            raw = self._read(block * self._place.block, self._place.block)
            words = np.frombuffer(raw[: len(raw) // 4 * 4], "<u4")
            if len(words) < 6 or not self._gather(words, depth - 1, leaves):
                return False
        return True
