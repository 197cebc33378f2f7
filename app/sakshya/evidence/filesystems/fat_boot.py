"""The boot sector of FAT12, FAT16 and FAT32, checked field by field."""

import struct
from dataclasses import dataclass

_SECTOR_SIZES = frozenset({512, 1024, 2048, 4096})
_MOST_FAT12 = 4084
_MOST_FAT16 = 65524


@dataclass(frozen=True, slots=True)
class FatBoot:
    """Where the parts of the volume lie, in sectors from its first one."""

    bits: int
    sector_size: int
    sectors_per_cluster: int
    reserved: int
    fats: int
    fat_sectors: int
    root_sectors: int
    sectors: int
    root_cluster: int
    label: str

    @property
    def first_data_sector(self) -> int:
        """Return the sector of cluster 2."""
        return self.reserved + self.fats * self.fat_sectors + self.root_sectors

    @property
    def clusters(self) -> int:
        """Return how many clusters there are."""
        return max(0, self.sectors - self.first_data_sector) // self.sectors_per_cluster


def parse_fat_boot(boot: bytes) -> FatBoot | None:
    """Return the boot sector's fields; None where they contradict each other or are no FAT's."""
    if len(boot) < 512 or boot[0] not in (0xEB, 0xE9) or boot[510:512] != b"\x55\xaa":
        return None
    sector_size, per_cluster, reserved, fats, root_entries, small = struct.unpack_from("<HBHBHH", boot, 11)
    media, fat16_sectors = struct.unpack_from("<BH", boot, 21)
    large, fat32_sectors = struct.unpack_from("<II", boot, 32)
    sectors, fat_sectors = small or large, fat16_sectors or fat32_sectors
    if sector_size not in _SECTOR_SIZES or per_cluster == 0 or per_cluster & (per_cluster - 1):
        return None
    if not reserved or fats not in (1, 2, 3, 4) or not sectors or not fat_sectors:
        return None
    if media != 0xF0 and media < 0xF8:
        return None
    root_sectors = -(-root_entries * 32 // sector_size)
    is_fat32 = fat16_sectors == 0 and root_entries == 0
    label = boot[71:82] if is_fat32 else boot[43:54]
    root_cluster = struct.unpack_from("<I", boot, 44)[0] if is_fat32 else 0
    sizes = (sector_size, per_cluster, reserved, fats, fat_sectors, root_sectors, sectors, root_cluster)
    fat = FatBoot(0, *sizes, label.decode("ascii", "replace").strip("\0 "))
    if fat.first_data_sector >= sectors:
        return None
    bits = 32 if is_fat32 else 12 if fat.clusters <= _MOST_FAT12 else 16
    if bits == 16 and fat.clusters > _MOST_FAT16 and not fat16_sectors:
        return None
    return FatBoot(bits, *sizes, fat.label)
