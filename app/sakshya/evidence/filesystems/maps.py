"""Finds a file system's own record of what is in use."""

import struct
from collections.abc import Callable

from sakshya.evidence.filesystems.allocation import Allocation, Grid, Order, from_bitmap, from_fat, from_groups
from sakshya.evidence.filesystems.fat_boot import parse_fat_boot
from sakshya.evidence.filesystems.signatures import EXT, FAT, Kind

Read = Callable[[int, int], bytes]


def allocation_of(kind: Kind, read: Read, offset: int, stored_bitmap: Read) -> Allocation | None:
    """Return the record of the volume at exhibit `offset`.

    `read(at, length)` reads the volume, `stored_bitmap(at, length)` the file that holds the bitmap, where there is one.
    """
    if kind in FAT:
        return _fat(read, offset)
    if kind in EXT:
        return _ext(read, offset)
    if kind is Kind.NTFS:
        return _ntfs(read, offset, stored_bitmap)
    if kind is Kind.EXFAT:
        return _exfat(read, offset, stored_bitmap)
    if kind is Kind.HFS_PLUS:
        return _hfs(read, offset, stored_bitmap)
    return None


def _fat(read: Read, offset: int) -> Allocation | None:
    fat = parse_fat_boot(read(0, 512))
    if fat is None:
        return None
    start, length = fat.reserved * fat.sector_size, fat.fat_sectors * fat.sector_size
    grid = Grid(
        offset + fat.first_data_sector * fat.sector_size, fat.sectors_per_cluster * fat.sector_size, fat.clusters
    )
    return from_fat(grid, lambda at, size: read(start + at, max(0, min(size, length - at))), fat.bits)


def _ntfs(read: Read, offset: int, stored_bitmap: Read) -> Allocation | None:
    boot = read(0, 512)
    sector, per_cluster = struct.unpack_from("<HB", boot, 11)
    cluster = sector * (per_cluster if per_cluster <= 128 else 1 << (256 - per_cluster))
    sectors = struct.unpack_from("<Q", boot, 40)[0]
    if not cluster:
        return None
    return from_bitmap(Grid(offset, cluster, sectors * sector // cluster), stored_bitmap)


def _exfat(read: Read, offset: int, stored_bitmap: Read) -> Allocation | None:
    boot = read(0, 512)
    heap, clusters = struct.unpack_from("<II", boot, 88)
    sector, per_cluster = 1 << min(boot[108], 12), 1 << min(boot[109], 25)
    return from_bitmap(Grid(offset + heap * sector, sector * per_cluster, clusters), stored_bitmap)


def _hfs(read: Read, offset: int, stored_bitmap: Read) -> Allocation | None:
    head = read(1024, 512)
    if head[:2] not in (b"H+", b"HX"):
        return None
    block, count = struct.unpack_from(">II", head, 40)
    if not block:
        return None
    return from_bitmap(Grid(offset, block, count), stored_bitmap, Order.HIGH_FIRST)


def _ext(read: Read, offset: int) -> Allocation | None:
    head = read(1024, 1024)
    blocks, first = struct.unpack_from("<I", head, 4)[0], struct.unpack_from("<I", head, 20)[0]
    size = 1024 << min(struct.unpack_from("<I", head, 24)[0], 6)
    per_group = struct.unpack_from("<I", head, 32)[0]
    incompatible, read_only = struct.unpack_from("<II", head, 96)
    wide = bool(incompatible & 0x80)
    step = struct.unpack_from("<H", head, 254)[0] if wide else 32
    if wide:
        blocks |= struct.unpack_from("<I", head, 0x150)[0] << 32
    # Groups of groups keep their descriptors elsewhere, and big clusters count in another unit: not read here.
    if incompatible & 0x10 or read_only & 0x200 or not per_group or per_group % 8 or step < 32:
        return None
    table = (first + 1) * size
    has_flags = bool(read_only & 0x410)

    def bitmap(group: int) -> bytes:
        descriptor = read(table + group * step, step)
        if len(descriptor) < 32 or (has_flags and struct.unpack_from("<H", descriptor, 18)[0] & 0x2):
            return b""
        block = struct.unpack_from("<I", descriptor)[0]
        if wide and step >= 64:
            block |= struct.unpack_from("<I", descriptor, 32)[0] << 32
        return read(block * size, per_group // 8)

    return from_groups(Grid(offset + first * size, size, max(0, blocks - first)), per_group, bitmap)
