"""Fakes and harmless evidence, for our tests and for everybody who writes an extension.

The practice disk is in `sakshya.testing.practice`; only that module and the drawing need a picture library.
"""

import io
from collections.abc import Mapping
from datetime import datetime

from sakshya.testing.fat16 import FIXED_TIME, DiskFile, RawVolume, State, write_fat16
from sakshya.testing.source import MemorySource, memory_source

__all__ = [
    "FIXED_TIME",
    "DiskFile",
    "MemorySource",
    "RawVolume",
    "State",
    "memory_source",
    "tiny_disk",
    "write_fat16",
]


def tiny_disk(
    files: Mapping[str, bytes], *, deleted: Mapping[str, bytes] | None = None, at: datetime = FIXED_TIME
) -> bytes:
    """Return a raw disk image of about 3 MB or more: MBR, one FAT16 volume at sector 2048, these files in it.

    `deleted` files are written, then deleted, and can be recovered whole. A path that ends with `/` is a directory;
    a deleted directory takes everything in it along.

    Raises:
        ValueError: a path does not fit a FAT name or occurs twice.
    """
    disk = io.BytesIO()
    kept = [DiskFile(path, content, State.KEPT, at) for path, content in files.items()]
    gone = [DiskFile(path, content, State.DELETED, at) for path, content in (deleted or {}).items()]
    write_fat16(disk, [*kept, *gone])
    return disk.getvalue()
