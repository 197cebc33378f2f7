"""Tells what a stretch of an exhibit holds by its own marks, without opening it."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sakshya.domain.unexamined import Reason
from sakshya.evidence.filesystems.fat_boot import FatBoot, parse_fat_boot
from sakshya.evidence.filesystems.members import members_of

Read = Callable[[int, int], bytes]


class Kind(StrEnum):
    """The file systems that are read."""

    NTFS = "NTFS"
    FAT12 = "FAT12"
    FAT16 = "FAT16"
    FAT32 = "FAT32"
    EXFAT = "exFAT"
    EXT2 = "ext2"
    EXT3 = "ext3"
    EXT4 = "ext4"
    HFS_PLUS = "HFS+"
    ISO9660 = "ISO 9660"
    UFS = "UFS"
    XFS = "XFS"
    APFS = "APFS"
    UDF = "UDF"


FAT = frozenset({Kind.FAT12, Kind.FAT16, Kind.FAT32})
EXT = frozenset({Kind.EXT2, Kind.EXT3, Kind.EXT4})
_IN_FIRST_SECTOR = frozenset({Kind.NTFS, Kind.EXFAT, *FAT})


@dataclass(frozen=True, slots=True)
class Signature:
    """What was recognised: a file system that is read (`kind`), or one that is named and not read (`reason`)."""

    name: str
    kind: Kind | None = None
    reason: Reason = Reason.UNSUPPORTED_FILE_SYSTEM
    label: str | None = None

    @property
    def owns_first_sector(self) -> bool:
        """Tell whether the mark stands in the first sector, where a partition table would be."""
        return self.kind in _IN_FIRST_SECTOR or self.reason is Reason.ENCRYPTED


# (offset, mark, name, reason) of what is recognised and not read.
_MARKS: tuple[tuple[int, bytes, str, Reason], ...] = (
    (3, b"-FVE-FS-", "BitLocker", Reason.ENCRYPTED),
    (0, b"LUKS\xba\xbe", "LUKS", Reason.ENCRYPTED),
    (3, b"ReFS\0", "ReFS", Reason.UNSUPPORTED_FILE_SYSTEM),
    (1024, b"\x10\x20\xf5\xf2", "F2FS", Reason.UNSUPPORTED_FILE_SYSTEM),
    (5120, b"\x10\x20\xf5\xf2", "F2FS", Reason.UNSUPPORTED_FILE_SYSTEM),
    (4120, bytes.fromhex("c68573f64e1a45ca8265f57f48ba6d81"), "bcache", Reason.UNSUPPORTED_FILE_SYSTEM),
    (4120, bytes.fromhex("c68573f666ce90a9d96a60cf803df7ef"), "bcachefs", Reason.UNSUPPORTED_FILE_SYSTEM),
    (1024, b"\xe2\xe1\xf5\xe0", "EROFS", Reason.UNSUPPORTED_FILE_SYSTEM),
    (1030, b"\x34\x34", "NILFS2", Reason.UNSUPPORTED_FILE_SYSTEM),
    (0, b"hsqs", "SquashFS", Reason.UNSUPPORTED_FILE_SYSTEM),
    (0, b"\x45\x3d\xcd\x28", "cramfs", Reason.UNSUPPORTED_FILE_SYSTEM),
    (0x10040, b"_BHRfS_M", "Btrfs", Reason.UNSUPPORTED_FILE_SYSTEM),
    (0x10034, b"ReIsEr", "ReiserFS", Reason.UNSUPPORTED_FILE_SYSTEM),
    (0x8000, b"JFS1", "JFS", Reason.UNSUPPORTED_FILE_SYSTEM),
    (512, b"LABELONE", "LVM", Reason.UNSUPPORTED_FILE_SYSTEM),
    (0, b"LABELONE", "LVM", Reason.UNSUPPORTED_FILE_SYSTEM),
    (4086, b"SWAPSPACE2", "Linux swap", Reason.UNSUPPORTED_FILE_SYSTEM),
    (4086, b"SWAP-SPACE", "Linux swap", Reason.UNSUPPORTED_FILE_SYSTEM),
    (0x100000, b"\x0d\xd0\x01\xc0", "VMFS", Reason.UNSUPPORTED_FILE_SYSTEM),
    (0x200000, b"\x5e\xf1\xab\x2f", "VMFS", Reason.UNSUPPORTED_FILE_SYSTEM),
    (0, b"SPACEDB ", "Windows storage spaces", Reason.UNSUPPORTED_FILE_SYSTEM),
    (512, b"EncrCore", "Apple Core Storage", Reason.ENCRYPTED),
    (88, b"CS", "Apple Core Storage", Reason.ENCRYPTED),
)
_BITLOCKER_TO_GO = bytes.fromhex("3bd67a49292ed84a8399f6a339e3d001")
_MOST_RECOGNISED = 64
_ISO_BLOCKS = ((32768, 0), (16 * 2352, 16), (16 * 2352, 24), (16 * 2336, 8))


# What is one volume under two names by design, and no conflict.
_TOGETHER = (frozenset({"ISO 9660", "UDF"}),)


def identify(read: Read, size: int | None = None) -> Signature | None:
    """Return what lies behind `read(offset, length)`, whose offset 0 is the volume's first byte; None if unknown.

    Marks at the end of a volume are looked for where its `size` is given.
    """
    return next(_claims(read, size), None)


def identify_all(read: Read, size: int | None = None) -> list[Signature]:
    """Return everything that claims the volume, the most credible first; more than one is a conflict to be stated."""
    found: list[Signature] = []
    for claim in _claims(read, size):
        names = [one.name for one in found]
        if claim.name not in names and not any({claim.name, name} == pair for name in names for pair in _TOGETHER):
            found.append(claim)
    return found


def _claims(read: Read, size: int | None) -> Iterator[Signature]:
    boot = read(0, 4096)
    if len(boot) < 512:
        return
    for probe in (_boot_sector, _superblock, _iso, _other, _marked):
        if found := probe(read, boot):
            yield found
    yield from (Signature(name) for name in members_of(read, size))


def _boot_sector(_read: Read, boot: bytes) -> Signature | None:
    if boot[3:11] == b"-FVE-FS-" or boot[424:440] == _BITLOCKER_TO_GO:
        return Signature("BitLocker", reason=Reason.ENCRYPTED)
    if boot[3:11] == b"NTFS    ":
        return Signature(Kind.NTFS.value, Kind.NTFS)
    if boot[3:11] == b"EXFAT   ":
        return Signature(Kind.EXFAT.value, Kind.EXFAT)
    fat = parse_fat_boot(boot)
    return None if fat is None else Signature(f"FAT{fat.bits}", Kind(f"FAT{fat.bits}"), label=_fat_label(fat))


def _fat_label(fat: FatBoot) -> str | None:
    return fat.label if fat.label and fat.label != "NO NAME" else None


def _superblock(read: Read, boot: bytes) -> Signature | None:
    if len(boot) >= 2048 and boot[1080:1082] == b"\x53\xef" and _is_ext(boot[1024:2048]):
        return _ext(boot[1024:2048])
    if boot[1024:1026] in (b"H+", b"HX"):
        return Signature(Kind.HFS_PLUS.value, Kind.HFS_PLUS)
    if boot[1024:1026] == b"BD":
        # A wrapper of the old HFS holds an HFS+ volume; an old HFS volume alone is not read.
        if boot[1148:1150] in (b"H+", b"HX"):
            return Signature(Kind.HFS_PLUS.value, Kind.HFS_PLUS)
        return Signature("HFS (before HFS+)")
    if boot[:4] == b"XFSB":
        return Signature(Kind.XFS.value, Kind.XFS)
    if boot[32:36] == b"NXSB":
        return Signature(Kind.APFS.value, Kind.APFS)
    for offset in (8192, 65536, 0, 262144):
        if read(offset + 1372, 4) in _UFS:
            return Signature(Kind.UFS.value, Kind.UFS)
    return None


_UFS = frozenset({b"\x54\x19\x01\x00", b"\x00\x01\x19\x54", b"\x19\x01\x54\x19", b"\x19\x54\x01\x19"})


def _is_ext(superblock: bytes) -> bool:
    inodes, blocks = struct.unpack_from("<II", superblock)
    log_size = struct.unpack_from("<I", superblock, 24)[0]
    return bool(inodes and blocks and log_size <= 6)


def _ext(superblock: bytes) -> Signature:
    compatible, incompatible, read_only = struct.unpack_from("<III", superblock, 92)
    label = superblock[120:136].split(b"\0")[0].decode("utf-8", "replace") or None
    # Extents, 64-bit, flex groups, inline data and the like came with ext4; a journal alone makes ext3.
    if incompatible & 0x3C0 or incompatible & 0x1F000 or read_only & 0x7F8:
        kind = Kind.EXT4
    else:
        kind = Kind.EXT3 if compatible & 0x4 else Kind.EXT2
    if incompatible & 0x8:
        return Signature("ext journal device")
    return Signature(kind.value, kind, label=label)


def _iso(read: Read, _boot: bytes) -> Signature | None:
    for offset, skip in _ISO_BLOCKS:
        block = read(offset + skip, 80)
        if block[1:6] == b"CD001":
            label = block[40:72].decode("ascii", "replace").strip("\0 ") or None
            return Signature(Kind.ISO9660.value, Kind.ISO9660, label=label)
    return Signature(Kind.UDF.value, Kind.UDF) if has_udf(read) else None


def has_udf(read: Read) -> bool:
    """Tell whether the volume recognition sequence names UDF, alone or beside ISO 9660."""
    for step in (2048, 4096):
        for at in range(32768, 32768 + _MOST_RECOGNISED * step, step):
            mark = read(at + 1, 5)
            if mark in (b"NSR02", b"NSR03"):
                return True
            if mark not in (b"CD001", b"BEA01", b"BOOT2", b"CDW02"):
                break
    return False


def _other(_read: Read, boot: bytes) -> Signature | None:
    if boot[:4] == b"XFSB":
        return Signature(Kind.XFS.value, Kind.XFS)
    return Signature(Kind.APFS.value, Kind.APFS) if boot[32:36] == b"NXSB" else None


def _marked(read: Read, boot: bytes) -> Signature | None:
    for offset, mark, name, reason in _MARKS:
        here = boot[offset : offset + len(mark)] if offset + len(mark) <= len(boot) else read(offset, len(mark))
        if here == mark and _is_plausible(name, boot):
            return Signature(name, reason=reason)
    return None


def _is_plausible(name: str, boot: bytes) -> bool:
    """A two-byte mark alone is chance; Core Storage also has a version and a block size."""
    if name == "Apple Core Storage" and boot[88:90] == b"CS":
        return int(struct.unpack_from("<I", boot, 0x60)[0]) in (512, 4096)
    if name == "NILFS2":
        return int(struct.unpack_from("<I", boot, 1024)[0]) in (1, 2)
    return True


def describe_unknown(read: Read, size: int | None = None) -> tuple[Reason, str]:
    """Return what can be said of a stretch without a known mark: the reason to list it under, and why.

    It is called encrypted only if it looks random at its start and, where its `size` is given, further in as well.
    """
    sample = read(0, _SAMPLE)
    if not sample.strip(b"\0"):
        detail = f"no known signature; the first {len(sample)} bytes are zeros"
        return Reason.UNKNOWN_FILE_SYSTEM, detail
    further = [size // 7 * part for part in (1, 3, 5)] if size is not None and size >= 16 * _SAMPLE else []
    if all(len(one) >= 1 << 14 and _looks_random(one) for one in (sample, *(read(at, _SAMPLE) for at in further))):
        detail = "no known signature; the content looks random, it may be encrypted (as by VeraCrypt) or wiped"
        return Reason.ENCRYPTED, detail
    return Reason.UNKNOWN_FILE_SYSTEM, "no known signature"


_SAMPLE = 1 << 16


def _looks_random(sample: bytes) -> bool:
    """Chi-square over the byte values: 255 degrees of freedom, so that 350 is passed by chance once in 10,000."""
    expected = len(sample) / 256
    counts = [0] * 256
    for value in sample:
        counts[value] += 1
    return sum((count - expected) ** 2 for count in counts) / expected < 350
