"""An NTFS volume with one volume shadow copy, written byte by byte around a volume that mkfs made."""

import struct
from datetime import datetime

BLOCK = 1 << 14
_IDENTIFIER = bytes.fromhex("6b87083876c1484eb7ae04046e6cc752")
_STORE = bytes(range(16))
_CATALOG, _HEADER, _LIST, _RANGES, _BITMAP, _DATA = 1 << 22, *((1 << 22) + BLOCK * n for n in range(1, 6))


def with_shadow(volume: bytes, changed_at: int, older: bytes, created: datetime) -> bytes:
    """Return the volume with a shadow copy in which the block at `changed_at` holds `older`, BLOCK bytes."""
    disk = bytearray(volume)
    head = _IDENTIFIER + struct.pack("<IIQQQQQ", 1, 1, 0x1E00, 0, 0, _CATALOG, 0) + b"v" * 16 + b"v" * 16
    disk[0x1E00 : 0x1E00 + len(head)] = head
    stamp = int((created.timestamp() + 11_644_473_600) * 10_000_000)
    about = struct.pack("<QQ16sQQQ", 2, len(volume), _STORE, 1, 0x40, stamp).ljust(128, b"\0")
    where = struct.pack("<QQ16sQQQQQQ", 3, _LIST, _STORE, _HEADER, _RANGES, _BITMAP, 0, BLOCK * 5, 0).ljust(128, b"\0")
    _put(disk, _CATALOG, 2, about + where, 0)
    info = bytes(16) + b"c" * 16 + b"s" * 16 + struct.pack("<IIIIHH", 0x1D, 0, 1, 0, 0, 0)
    _put(disk, _HEADER, 4, info.ljust(256, b"\0"), 1)
    _put(disk, _LIST, 3, struct.pack("<QQQII", changed_at, _DATA - _CATALOG, _DATA, 0, 0), 2)
    _put(disk, _RANGES, 5, struct.pack("<QQQ", _CATALOG, 0, BLOCK * 6), 3)
    # A bit that is set marks a block that was free when the copy was made; none is.
    _put(disk, _BITMAP, 6, b"", 4)
    disk[_DATA : _DATA + BLOCK] = older
    return bytes(disk)


def _put(disk: bytearray, offset: int, kind: int, content: bytes, number: int) -> None:
    head = _IDENTIFIER + struct.pack("<IIQQQ", 1, kind, number * BLOCK, offset, 0)
    disk[offset : offset + BLOCK] = (head.ljust(128, b"\0") + content).ljust(BLOCK, b"\0")
