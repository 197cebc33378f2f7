"""Archives and compressed files."""

from collections.abc import Callable, Sequence
from typing import BinaryIO

from sakshya.evidence.archives.archive import Archive
from sakshya.evidence.archives.packed.rars import RarArchive
from sakshya.evidence.archives.packed.refused import REFUSED, detect_refused
from sakshya.evidence.archives.packed.seven import SevenZipArchive
from sakshya.evidence.archives.packed.single import FORMATS as _SINGLE
from sakshya.evidence.archives.packed.tars import TarArchive
from sakshya.evidence.archives.packed.zips import ZipArchive

FORMATS: dict[str, Callable[[BinaryIO, int, Sequence[str]], Archive]] = {
    "zip": ZipArchive,
    "tar": TarArchive,
    "7z": SevenZipArchive,
    "rar": RarArchive,
    **_SINGLE,
    **REFUSED,
}
_MARKS = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PK\x07\x08", "zip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x1f\x8b\x08", "gz"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"\x04\x22\x4d\x18", "lz4"),
)


def detect(head: bytes, _name: str, _size: int) -> str | None:
    """Return the format of an archive or a compressed file, told by its first bytes."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if head.startswith(b"BZh") and head[3:4].isdigit() and head[4:10] == b"1AY&SY":
        return "bz2"
    return "tar" if _is_tar(head) else detect_refused(head)


def _is_tar(head: bytes) -> bool:
    """The first header's own checksum tells, with the old archives too, that have no mark."""
    block = head[:512]
    if len(block) < 512 or not block[0]:
        return False
    try:
        stated = int(block[148:156].strip(b" \0") or b"x", 8)
    except ValueError:
        return False
    return stated == sum(block) - sum(block[148:156]) + 8 * 0x20
