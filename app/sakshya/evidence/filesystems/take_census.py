"""Reads a whole file system at one go, where there is a reader for it that does."""

import struct

from sakshya.domain.faults import EvidenceFault
from sakshya.evidence.containers.container import Container
from sakshya.evidence.filesystems.census import Census, Lost
from sakshya.evidence.filesystems.ext_directories import read_names
from sakshya.evidence.filesystems.ext_inodes import ext_layout, read_objects
from sakshya.evidence.filesystems.filesystem import FileSystem
from sakshya.evidence.filesystems.ntfs_census import ntfs_census
from sakshya.evidence.filesystems.ntfs_records import MOST_RECORDS, NtfsLayout
from sakshya.evidence.filesystems.signatures import Kind
from sakshya.evidence.filesystems.tsk import TskFileSystem

_SECTOR, _MOST_SECTORS = 512, 128


def take_census(fs: FileSystem, container: Container, offset: int) -> Census | None:
    """Return the census of the file system at `offset` of the container.

    None where it is of another kind, has anything in it that is not read this way, or lies on damage.
    """
    takers = {Kind.EXT4: _of_ext, Kind.NTFS: _of_ntfs}
    taker = takers.get(fs.kind) if fs.kind else None
    try:
        return taker(fs, container, offset) if taker and isinstance(fs, TskFileSystem) else None
    except (EvidenceFault, IndexError, ValueError):
        return None


def _of_ext(fs: TskFileSystem, container: Container, offset: int) -> Census | None:
    def read(at: int, length: int) -> bytes:
        return container.read_at(offset + at, length)

    layout = ext_layout(read)
    objects = read_objects(read, layout, offset) if layout else None
    if layout is None or objects is None:
        return None
    return Census(objects, read_names(container.read_at, layout, objects, fs.root), _lost(fs))


def _of_ntfs(fs: TskFileSystem, container: Container, offset: int) -> Census | None:
    boot = container.read_at(offset, 512)
    sector, per_cluster = struct.unpack_from("<HB", boot, 11)
    if sector != _SECTOR or not 0 < per_cluster <= _MOST_SECTORS:
        return None
    cluster = sector * per_cluster
    record, index = (_size(boot[at], cluster) for at in (64, 68))
    table = fs.streams(0)[0]
    runs = tuple(table.stored_runs())
    sane = record in (1024, 2048, 4096) and record <= cluster and sum(length for _, length in runs) >= table.size
    if not sane or table.size // record > MOST_RECORDS or any(length % record for _, length in runs):
        return None
    sectors = struct.unpack_from("<Q", boot, 40)[0]
    layout = NtfsLayout(offset, cluster, sectors // per_cluster, record, index, runs, table.size)
    read = ntfs_census(container.read_at, layout, fs.root)
    return None if read is None else Census(*read, _lost(fs))


def _lost(fs: TskFileSystem) -> Lost:
    return Lost(fs.lost_directory, fs.lost, is_sure=fs.kind is not Kind.NTFS)


def _size(code: int, cluster: int) -> int:
    """Return the bytes of a record: a count of clusters, or above 127 a negative power of two."""
    return code * cluster if code < 128 else 1 << (256 - code)
