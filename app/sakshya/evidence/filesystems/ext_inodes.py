"""The inode tables of ext4, read group by group into columns (kernel documentation, ext4 data structures)."""

import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sakshya.evidence.filesystems.census import Flags, Objects
from sakshya.evidence.filesystems.ext_extents import ExtPlace, read_runs

Read = Callable[[int, int], bytes]
Words = np.ndarray[tuple[int, int], np.dtype[np.uint32]]
_MOST = 4 << 20
_REGULAR, _DIRECTORY = 0x8000, 0x4000
_FILE_TYPE, _EXTENTS, _META_GROUPS, _WIDE, _INLINE_DATA, _ENCRYPTED = 0x2, 0x40, 0x10, 0x80, 0x8000, 0x10000
_CHECKSUMMED, _BIG_CLUSTERS = 0x410, 0x200
_READABLE = _FILE_TYPE | 0x4 | _EXTENTS | _WIDE | 0x200 | 0x2000 | 0x4000 | 0x400
_USES_EXTENTS, _ORDINARY = 0x80000, 0x80000 | 0x1000 | 0xFF | 0x40000 | 0x20000000
_NEVER_USED = 0x1
_INODE_WORDS = 40


@dataclass(frozen=True, slots=True)
class ExtLayout:
    """Where an ext4 volume keeps its inodes: sizes in bytes, the tables and bitmaps as volume offsets by group."""

    block: int
    blocks: int
    inode: int
    per_group: int
    inodes: int
    tables: tuple[int, ...]
    bitmaps: tuple[int, ...]
    empty: tuple[bool, ...]


def ext_layout(read: Read) -> ExtLayout | None:
    """Return the layout; None where the volume has a feature that is not read here, or is too large to keep."""
    head = read(1024, 1024)
    inodes, blocks, _reserved, _free, free_inodes, first = struct.unpack_from("<6I", head)
    block, per_block_group, per_group = 1024 << min(head[24], 6), *struct.unpack_from("<I4xI", head, 32)
    incompatible, read_only = struct.unpack_from("<II", head, 96)
    size, step = struct.unpack_from("<H", head, 88)[0], struct.unpack_from("<H", head, 254)[0]
    step = step if incompatible & _WIDE else 32
    if incompatible & _WIDE:
        blocks |= struct.unpack_from("<I", head, 0x150)[0] << 32
    odd = incompatible & ~_READABLE or read_only & _BIG_CLUSTERS or not incompatible & _FILE_TYPE
    sane = size in (256, 512, 1024) and per_group and per_group % 8 == 0 and per_group <= 8 * block and step >= 32
    if odd or not sane or not per_block_group or not inodes or inodes - free_inodes > _MOST:
        return None
    groups = -(-inodes // per_group)
    if groups != -(-(blocks - first) // per_block_group) or groups * step > 64 << 20:
        return None
    raw = read((first + 1) * block, groups * step)
    if len(raw) < groups * step:
        return None
    table, bitmap, empty = [], [], []
    for at in range(0, groups * step, step):
        used_blocks, maps, inode_table = struct.unpack_from("<III", raw, at)
        flags = struct.unpack_from("<H", raw, at + 18)[0]
        if step >= 64:
            high_blocks, high_map, high_table = struct.unpack_from("<III", raw, at + 32)
            used_blocks |= high_blocks << 32
            maps, inode_table = high_map << 32 | maps, high_table << 32 | inode_table
        if max(used_blocks, maps, inode_table) >= blocks:
            return None
        bitmap.append(maps * block)
        table.append(inode_table * block)
        empty.append(bool(read_only & _CHECKSUMMED and flags & _NEVER_USED))
    return ExtLayout(block, blocks, size, per_group, inodes, tuple(table), tuple(bitmap), tuple(empty))


def read_objects(read: Read, layout: ExtLayout, offset: int) -> Objects | None:
    """Return the objects in use of the volume at exhibit `offset`; None where its tables do not reach so far.

    Raises:
        EvidenceFault: a table cannot be read.
    """
    addresses: list[np.ndarray] = []
    records: list[Words] = []
    lost: dict[int, bool] = {}
    for group, table in enumerate(layout.tables):
        count = min(layout.per_group, layout.inodes - group * layout.per_group)
        raw = np.frombuffer(read(table, count * layout.inode), np.uint8)
        used = _in_use(read, layout, group, count)
        if len(raw) < count * layout.inode or len(used) < count:
            return None
        words = raw.reshape(count, layout.inode)[:, : _INODE_WORDS * 4].view("<u4")
        numbers = np.flatnonzero(used)
        addresses.append(numbers + group * layout.per_group + 1)
        records.append(words[numbers])
        # A record out of use that was ever changed is one of a deleted object.
        for number in np.flatnonzero(~used & (words[:, 3] != 0)).tolist():
            lost[group * layout.per_group + 1 + number] = int(words[number, 0]) & 0xF000 != _DIRECTORY
    return _columns(
        read,
        np.concatenate(addresses),
        np.concatenate(records),
        ExtPlace(layout.block, layout.blocks, offset),
        lost,
    )


def _in_use(read: Read, layout: ExtLayout, group: int, count: int) -> Flags:
    if layout.empty[group]:
        return np.zeros(count, bool)
    bits = np.frombuffer(read(layout.bitmaps[group], layout.per_group // 8), np.uint8)
    return np.unpackbits(bits, bitorder="little")[:count].astype(bool)


def _columns(read: Read, addresses: np.ndarray, words: Words, place: ExtPlace, lost: dict[int, bool]) -> Objects:
    mode = words[:, 0] & 0xF000
    is_directory = mode == _DIRECTORY
    sizes = words[:, 1].astype(np.int64) | words[:, 27].astype(np.int64) << 32
    extra = words[:, 32] & 0xFFFF
    kept = np.stack([words[:, 4], words[:, 2], words[:, 3], words[:, 36]], axis=1)
    finer = np.stack([words[:, 34], words[:, 35], words[:, 33], words[:, 37]], axis=1)
    is_plain = (
        ((mode == _REGULAR) | (is_directory & (words[:, 27] == 0)))
        & (words[:, 8] & _USES_EXTENTS != 0)
        & (words[:, 8] & ~np.uint32(_ORDINARY) == 0)
        & (words[:, 6] >> 16 != 0)
        & (extra >= 24)
        & (kept < 1 << 31).all(axis=1)
        & (finer & 3 == 0).all(axis=1)
    )
    has_runs, runs = read_runs(read, words[:, 10:25], sizes, place)
    times = kept.astype(np.int64) * 1_000_000_000 + (finer >> 2)
    first_bytes = np.where(np.diff(runs.of_object) > 0, np.append(runs.starts, -1)[runs.of_object[:-1]], -1)
    return Objects(
        addresses=addresses,
        is_directory=is_directory,
        is_plain=is_plain & has_runs,
        sizes=sizes,
        times=times,
        first_bytes=first_bytes,
        keys=np.full(len(addresses), -1, np.int64),
        runs=runs,
        lost=lost,
    )
