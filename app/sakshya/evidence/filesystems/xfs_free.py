"""An XFS volume's geometry, and its own record of free space: one tree of free extents a group."""

import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.damage import unreadable
from sakshya.evidence.filesystems.allocation import Allocation, Grid

Read = Callable[[int, int], bytes]
Extents = np.ndarray[tuple[int, int], np.dtype[np.int64]]
_MOST_FREE = 4 << 20
_TREES = {b"ABTB": 16, b"AB3B": 56}


@dataclass(frozen=True, slots=True)
class XfsGeometry:
    """What the superblock says; `block` and `sector` in bytes, `group` in blocks."""

    block: int
    sector: int
    blocks: int
    root: int
    group: int
    groups: int
    inode: int
    block_bits: int
    inode_bits: int
    features: int
    has_realtime: bool
    label: str | None

    def real(self, stated: int) -> int:
        """Return where the byte lies that the library states by the block's number, which counts groups apart."""
        number, rest = divmod(stated, self.block)
        group, block = divmod(number, 1 << self.block_bits)
        return (group * self.group + block) * self.block + rest

    def inode_at(self, number: int) -> int:
        """Return where an inode lies, in bytes from the volume's start."""
        group, rest = divmod(number, 1 << (self.block_bits + self.inode_bits))
        block, slot = divmod(rest, 1 << self.inode_bits)
        return (group * self.group + block) * self.block + slot * self.inode


def geometry(raw: bytes) -> XfsGeometry:
    """Return what the superblock says.

    Raises:
        EvidenceFault: it is not one.
    """
    if len(raw) < 264 or raw[:4] != b"XFSB":
        raise unreadable(Reason.BAD_METADATA, "XFS: there is no superblock")
    block, blocks, realtime = struct.unpack_from(">IQQ", raw, 4)
    group, groups = struct.unpack_from(">II", raw, 84)
    version, sector, inode = struct.unpack_from(">HHH", raw, 100)
    if block not in (512 << bits for bits in range(8)) or sector not in (512 << bits for bits in range(7)):
        raise unreadable(Reason.BAD_METADATA, f"XFS: blocks of {block} bytes and sectors of {sector}")
    if raw[123] > 16 or raw[124] > 32 or not group:
        raise unreadable(Reason.BAD_METADATA, "XFS: the superblock states groups that cannot be")
    return XfsGeometry(
        block=block,
        sector=sector,
        blocks=blocks,
        root=struct.unpack_from(">Q", raw, 56)[0],
        group=group,
        groups=groups,
        inode=inode,
        block_bits=raw[124],
        inode_bits=raw[123],
        features=struct.unpack_from(">I", raw, 216)[0] if version & 15 == 5 else 0,
        has_realtime=bool(realtime),
        label=raw[108:120].split(b"\0")[0].decode("utf-8", "replace") or None,
    )


def free_space(read: Read, offset: int, of: XfsGeometry) -> Allocation | None:
    """Return the record of the volume at exhibit `offset`; None where a tree cannot be read."""
    free: list[Extents] = []
    seen: set[int] = set()
    try:
        for group in range(-(-of.blocks // of.group)):
            head = read(group * of.group * of.block + of.sector, 64)
            if len(head) < 64 or head[:4] != b"XAGF":
                return None
            base = group * of.group
            if not _gather(read, of, (base, base + struct.unpack_from(">I", head, 16)[0]), free, seen):
                return None
    except EvidenceFault:
        return None
    joined = np.concatenate(free) if free else np.zeros((0, 2), np.int64)
    joined = joined[np.argsort(joined[:, 0], kind="stable")]
    starts, ends = joined[:, 0], joined.sum(axis=1)
    grid = Grid(offset, of.block, of.blocks)

    def page(first: int, count: int) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
        used = np.ones(count, np.uint8)
        low = int(np.searchsorted(ends, first, "right"))
        high = int(np.searchsorted(starts, first + count))
        for start, end in zip(starts[low:high].tolist(), ends[low:high].tolist(), strict=True):
            used[max(0, start - first) : max(0, end - first)] = 0
        return used

    return Allocation(grid, page)


def _gather(read: Read, of: XfsGeometry, at: tuple[int, int], free: list[Extents], seen: set[int]) -> bool:
    """Add the free extents of the group `at` (its first block, its tree's root), and tell whether all could be read.

    `seen` holds the blocks of every group's tree: none belongs to two.
    """
    base, root = at
    pending = [root]
    gathered = sum(map(len, free))
    while pending:
        block = pending.pop()
        if block in seen:
            return False
        seen.add(block)
        raw = read(block * of.block, of.block)
        header = _TREES.get(raw[:4])
        if header is None or len(raw) < of.block:
            return False
        level, count = struct.unpack_from(">HH", raw, 4)
        most = (of.block - header) // 8
        if level == 0:
            count = min(count, most)
            free.append(np.frombuffer(raw, ">u4", count * 2, header).reshape(-1, 2) + np.array([base, 0], np.int64))
            gathered += count
            if gathered > _MOST_FREE:
                return False
            continue
        # A node holds the first records of the blocks below it, then their numbers, each part as long as it may grow.
        most = (of.block - header) // 12
        below = struct.unpack_from(f">{min(count, most)}I", raw, header + most * 8)
        pending.extend(base + one for one in below)
        if len(pending) > _MOST_FREE:
            return False
    return True
