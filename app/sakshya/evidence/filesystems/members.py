"""Marks of a disk that is one of a set, or of a pool: it holds parts, and no file system of its own."""

from collections.abc import Callable, Iterator

Read = Callable[[int, int], bytes]

RAID = "Linux RAID member"
DYNAMIC = "Windows dynamic disk"
ZFS = "ZFS"
SPACES = "Windows storage spaces"
SETS = frozenset({RAID, DYNAMIC, ZFS, SPACES})
# What a partition's type says of it, where its bytes say nothing.
_TYPES = (
    ("Windows dynamic disk", DYNAMIC),
    ("Windows storage spaces", SPACES),
    ("Linux RAID", RAID),
)
_RAID_MARK = b"\xfc\x4e\x2b\xa9"
_ZFS_MARKS = (b"\x0c\xb1\xba\x00\x00\x00\x00\x00", b"\x00\x00\x00\x00\x00\xba\xb1\x0c")
_ZFS_LABEL = 1 << 18
_ZFS_RING = 1 << 17
_LDM_FIRST = 6 * 512
_LDM_DATABASE = 1 << 20


def members_of(read: Read, size: int | None) -> Iterator[str]:
    """Yield what sets or pools the stretch is marked as a part of; those at its end only where `size` is known."""
    if any(read(at, 4) in (_RAID_MARK, _RAID_MARK[::-1]) for at in _raid_places(size)):
        yield RAID
    if any(read(at, 8) == b"PRIVHEAD" for at in _dynamic_places(size)):
        yield DYNAMIC
    if any(_is_zfs_label(read, at) for at in _zfs_places(size)):
        yield ZFS


def member_by_type(description: str) -> str | None:
    """Return what set the type of a partition makes it a part of; None where it is an ordinary one."""
    return next((name for start, name in _TYPES if description.startswith(start)), None)


def _raid_places(size: int | None) -> Iterator[int]:
    """Yield where mdadm keeps its superblock: 1.1, 1.2, then 1.0 and 0.90, which lie at the end."""
    yield from (0, 4096)
    if size is not None and size >= 1 << 17:
        yield (size // 512 - 16) // 8 * 8 * 512
        yield size // 65536 * 65536 - 65536


def _dynamic_places(size: int | None) -> Iterator[int]:
    """Yield where Windows keeps the private header: behind the first track's start, and in the database at the end."""
    yield _LDM_FIRST
    if size is not None and size >= _LDM_DATABASE:
        end = size // 512 * 512
        yield from (end - 512, end - 192 * 512)


def _zfs_places(size: int | None) -> Iterator[int]:
    """Yield where the four labels lie, two at either end."""
    yield from (0, _ZFS_LABEL)
    if size is not None and size >= 4 * _ZFS_LABEL:
        end = size // _ZFS_LABEL * _ZFS_LABEL
        yield from (end - 2 * _ZFS_LABEL, end - _ZFS_LABEL)


def _is_zfs_label(read: Read, at: int) -> bool:
    """Tell whether a label's ring of uberblocks holds one."""
    ring = read(at + _ZFS_RING, _ZFS_RING)
    return any(ring[slot : slot + 8] in _ZFS_MARKS for slot in range(0, len(ring), 1024))
