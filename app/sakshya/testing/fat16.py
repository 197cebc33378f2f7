"""A small FAT16 writer: disk images for tests and practice, without any tool of the operating system.

Long names in every script, deleted files that can be recovered, and times that are arguments: the same input gives
the same bytes everywhere. Layout after Microsoft's FAT specification 1.03; the MBR is hand-written.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import BinaryIO

SECTOR = 512
FIRST_SECTOR = 2048
FIXED_TIME = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)

_RESERVED = 4
_FATS = 2
_MIN_CLUSTERS, _MAX_CLUSTERS = 4085, 65524
_DIRECTORY, _ARCHIVE, _LABEL, _LONG_NAME = 0x10, 0x20, 0x08, 0x0F
_UNITS = 13
_DELETED = b"\xe5"


class State(StrEnum):
    """What became of a file after it was written."""

    KEPT = "kept"
    DELETED = "deleted"
    OVERWRITTEN = "overwritten"


@dataclass(frozen=True, slots=True)
class DiskFile:
    """One file to be written; a `path` that ends with `/` is a directory without content.

    `at` gives all four times; FAT keeps wall-clock digits without a zone, so its zone is not looked at. A deleted
    directory takes everything in it along. An overwritten file's name is left, while its clusters belong to the file
    written before it.
    """

    path: str
    content: bytes = b""
    state: State = State.KEPT
    at: datetime = FIXED_TIME


@dataclass(frozen=True, slots=True)
class RawVolume:
    """A second volume with any bytes, `kind` the partition type of the MBR entry."""

    content: bytes
    kind: int = 0xDA


@dataclass(slots=True)
class _Node:
    name: str
    file: DiskFile | None
    state: State = State.KEPT
    at: datetime = FIXED_TIME
    children: dict[str, "_Node"] = field(default_factory=dict)
    cluster: int = 0

    @property
    def size(self) -> int:
        if self.file is not None:
            return len(self.file.content)
        return 32 * (2 + sum(_record_count(child.name) for child in self.children.values()))


@dataclass(frozen=True, slots=True)
class _Layout:
    sectors_per_cluster: int
    clusters: int
    root_entries: int

    @property
    def cluster_bytes(self) -> int:
        return self.sectors_per_cluster * SECTOR

    @property
    def fat_sectors(self) -> int:
        return -(-(self.clusters + 2) * 2 // SECTOR)

    @property
    def total_sectors(self) -> int:
        head = _RESERVED + _FATS * self.fat_sectors + self.root_entries * 32 // SECTOR
        return head + self.clusters * self.sectors_per_cluster


def write_fat16(
    to: BinaryIO,
    files: Iterable[DiskFile],
    *,
    label: str = "PRACTICE",
    spare: int = 0,
    cluster: int = SECTOR,
    second: RawVolume | None = None,
) -> int:
    """Write a disk with one FAT16 volume at sector 2048 and return its length in bytes.

    `spare` is the free space left in the volume and `cluster` the size of a cluster, in bytes at least. Files are laid
    out in path order, each in one run.

    Raises:
        ValueError: a path does not fit a FAT name, occurs twice, or the files are too many for FAT16.
    """
    root = _tree(files)
    layout = _plan(root, spare, cluster)
    table = [0] * (layout.clusters + 2)
    table[0:2] = [0xFFF8, 0xFFFF]
    order = list(_allocate(root, layout, table))
    extra = b"" if second is None else second.content.ljust(-(-len(second.content) // SECTOR) * SECTOR, b"\0")
    to.write(_mbr(layout, second.kind if second else 0, len(extra) // SECTOR).ljust(FIRST_SECTOR * SECTOR, b"\0"))
    to.write(_boot_sector(layout, label).ljust(_RESERVED * SECTOR, b"\0"))
    to.write(struct.pack(f"<{len(table)}H", *table).ljust(layout.fat_sectors * SECTOR, b"\0") * _FATS)
    to.write(_root_records(root, label).ljust(layout.root_entries * 32, b"\0"))
    written = 0
    for node, parent in order:
        content = node.file.content if node.file is not None else _directory(node, parent)
        padded = -(-len(content) // layout.cluster_bytes) * layout.cluster_bytes
        to.write(content.ljust(padded, b"\0"))
        written += padded
    to.write(bytes(layout.clusters * layout.cluster_bytes - written))
    to.write(extra)
    return (FIRST_SECTOR + layout.total_sectors) * SECTOR + len(extra)


def _tree(files: Iterable[DiskFile]) -> _Node:
    root = _Node("", None)
    for file in sorted(files, key=lambda one: one.path):
        *folders, name = [part for part in file.path.split("/") if part] or [""]
        here = root
        for folder in folders:
            here = here.children.setdefault(folder, _Node(folder, None, here.state, file.at))
        _check_name(name, here, file.path)
        state = here.state if file.state is State.KEPT else file.state
        here.children[name] = _Node(name, None if file.path.endswith("/") else file, state, file.at)
    return root


def _check_name(name: str, folder: _Node, path: str) -> None:
    if not 1 <= _units(name) <= 255:
        raise ValueError(f"a FAT name has 1 to 255 UTF-16 units: {path!r}")
    if folder.file is not None or name in folder.children:
        raise ValueError(f"the path occurs twice: {path!r}")


def _plan(root: _Node, spare: int, smallest: int) -> _Layout:
    root_entries = -(-(1 + sum(_record_count(child.name) for child in root.children.values())) // 64) * 64
    sizes = [node.size for node in _descend(root)]
    for power in range(7):
        cluster = SECTOR << power
        if cluster < smallest:
            continue
        needed = sum(-(-size // cluster) for size in sizes) + -(-spare // cluster)
        if needed <= _MAX_CLUSTERS:
            # A margin above the FAT12 limit: some readers round it.
            return _Layout(1 << power, max(needed, _MIN_CLUSTERS + 16), max(512, root_entries))
    raise ValueError("the files are too large for one FAT16 volume")


def _descend(node: _Node) -> Iterator[_Node]:
    for child in node.children.values():
        yield child
        yield from _descend(child)


def _allocate(root: _Node, layout: _Layout, table: list[int]) -> Iterator[tuple[_Node, _Node]]:
    """Hand out clusters in order, a directory's before its children's; yield what has bytes of its own."""
    free, last_kept = 2, 0
    for node, parent in _with_parents(root):
        if node.state is State.OVERWRITTEN and node.file is not None:
            node.cluster = last_kept
            continue
        count = -(-node.size // layout.cluster_bytes)
        if not count:
            continue
        node.cluster = free
        if node.state is State.KEPT:
            table[free : free + count] = [*range(free + 1, free + count), 0xFFFF]
            last_kept = free if node.file is not None else last_kept
        free += count
        yield node, parent


def _with_parents(parent: _Node) -> Iterator[tuple[_Node, _Node]]:
    for child in parent.children.values():
        yield child, parent
        yield from _with_parents(child)


def _root_records(root: _Node, label: str) -> bytes:
    return _record(_short_label(label), _LABEL, FIXED_TIME, 0, 0) + _children(root)


def _directory(node: _Node, parent: _Node) -> bytes:
    own = _record(b".".ljust(11), _DIRECTORY, node.at, node.cluster, 0)
    return own + _record(b"..".ljust(11), _DIRECTORY, node.at, parent.cluster, 0) + _children(node)


def _children(node: _Node) -> bytes:
    return b"".join(_named_records(child, number) for number, child in enumerate(node.children.values(), 1))


def _named_records(node: _Node, number: int) -> bytes:
    short = _short_name(node.name, number)
    attribute = _DIRECTORY if node.file is None else _ARCHIVE
    size = 0 if node.file is None else node.size
    records = [*_long_name(node.name, short), _record(short, attribute, node.at, node.cluster, size)]
    if node.state is not State.KEPT:
        records = [_DELETED + record[1:] for record in records]
    return b"".join(records)


def _long_name(name: str, short: bytes) -> Iterator[bytes]:
    encoded = name.encode("utf-16-le", "surrogatepass")
    count = -(-_units(name) // _UNITS)
    if _units(name) % _UNITS:
        encoded += b"\0\0"
    encoded = encoded.ljust(count * _UNITS * 2, b"\xff")
    checksum = _checksum(short)
    for index in reversed(range(count)):
        part = encoded[index * _UNITS * 2 : (index + 1) * _UNITS * 2]
        sequence = index + 1 | (0x40 if index == count - 1 else 0)
        head = struct.pack("<B10sBBB", sequence, part[:10], _LONG_NAME, 0, checksum)
        yield head + part[10:22] + b"\0\0" + part[22:]


def _record(short: bytes, attribute: int, at: datetime, cluster: int, size: int) -> bytes:
    date = (at.year - 1980) << 9 | at.month << 5 | at.day
    time = at.hour << 11 | at.minute << 5 | at.second // 2
    tenths = at.second % 2 * 100 + at.microsecond // 10_000
    return struct.pack("<11sBBBHHHHHHHI", short, attribute, 0, tenths, time, date, date, 0, time, date, cluster, size)


def _short_name(name: str, number: int) -> bytes:
    # Digits only, so that a deleted record, which loses its first letter, still looks like one to a reader.
    _, dot, extension = name.rpartition(".")
    letters = "".join(character for character in extension.upper() if character.isascii() and character.isalnum())
    return f"{number:06d}~1{letters[:3] if dot else '':<3}".encode("ascii")


def _short_label(label: str) -> bytes:
    return label.upper().encode("ascii")[:11].ljust(11)


def _checksum(short: bytes) -> int:
    total = 0
    for byte in short:
        total = ((total & 1) << 7) + (total >> 1) + byte & 0xFF
    return total


def _units(name: str) -> int:
    return len(name.encode("utf-16-le", "surrogatepass")) // 2


def _record_count(name: str) -> int:
    return 1 + -(-_units(name) // _UNITS)


def _boot_sector(layout: _Layout, label: str) -> bytes:
    total = layout.total_sectors
    small, large = (total, 0) if total < 0x10000 else (0, total)
    parameters = struct.pack(
        "<3s8sHBHBHHBHHHIIBBBI11s8s",
        *(b"\xeb\x3c\x90", b"MSDOS5.0", SECTOR, layout.sectors_per_cluster, _RESERVED, _FATS, layout.root_entries),
        *(small, 0xF8, layout.fat_sectors, 63, 255, FIRST_SECTOR, large),
        *(0x80, 0, 0x29, 0x5341_4B53, _short_label(label), b"FAT16   "),
    )
    return parameters.ljust(510, b"\0") + b"\x55\xaa"


def _mbr(layout: _Layout, second_kind: int, second_sectors: int) -> bytes:
    far = b"\xfe\xff\xff"
    volumes: Sequence[tuple[int, int, int]] = [(0x0E, FIRST_SECTOR, layout.total_sectors)]
    if second_sectors:
        volumes = [*volumes, (second_kind, FIRST_SECTOR + layout.total_sectors, second_sectors)]
    entries = b"".join(struct.pack("<B3sB3sII", 0, far, kind, far, *extent) for kind, *extent in volumes)
    return (bytes(440) + struct.pack("<IH", 0x5341_4B53, 0) + entries).ljust(510, b"\0") + b"\x55\xaa"
