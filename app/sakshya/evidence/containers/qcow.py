"""QEMU disks of versions 2 and 3, plain or compressed, alone or built on another disk (QEMU docs/interop/qcow2).

A table of tables (L1) names tables (L2) whose entries say where each cluster lies. What was never written comes from
the disk below, if there is one, else it reads as zeros.
"""

import struct
import zlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import zstandard

from sakshya.domain.exhibit import ContainerFacts, Damage
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Run
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import Container, PieceByPiece
from sakshya.evidence.containers.virtual_disk import NO_CHECKSUMS, beside
from sakshya.evidence.damage import damaged
from sakshya.evidence.readonly import ReadOnlyFile, open_exhibit_file

_OFFSET = 0x00FFFFFFFFFFFE00
_COMPRESSED, _ZEROS = 1 << 62, 1
_EXTERNAL_DATA, _EXTENDED_L2 = 4, 16
_DIRTY_OR_CORRUPT, _COMPRESSION = 3, 8
_TABLES = 64
_DEEPEST = 16


@dataclass(frozen=True, slots=True)
class Header:
    """What of the header is needed; sizes and offsets in bytes, `cluster_bits` 9 to 21."""

    version: int
    size: int
    cluster_bits: int
    l1_at: int
    l1_count: int
    backing: str
    incompatible: int
    uses_zstd: bool
    snapshots: int


class QcowContainer(PieceByPiece):
    """The bytes of a QCOW2 disk."""

    def __init__(self, file: ReadOnlyFile, facts: ContainerFacts, header: Header, below: Container | None) -> None:
        super().__init__(facts)
        self._file = file
        self._header = header
        self._below = below
        self._cluster = 1 << header.cluster_bits
        self._tables: OrderedDict[int, bytes] = OrderedDict()
        self._unpacked: tuple[int, bytes] = (-1, b"")

    def _piece(self, offset: int, length: int) -> bytes | Damage:
        cluster, inside = divmod(offset, self._cluster)
        length = min(length, self._cluster - inside)
        run = Run(offset, length)
        try:
            entry = self._entry(cluster)
            if entry & _COMPRESSED:
                return self._compressed(cluster, entry)[inside : inside + length]
            if entry & _ZEROS and self._header.version > 2:
                return bytes(length)
            if not entry & _OFFSET:
                return self._from_below(offset, length)
            data = self._file.pread((entry & _OFFSET) + inside, length)
        except (ValueError, zlib.error, zstandard.ZstdError) as error:
            return damaged(Reason.DAMAGED_CHUNK, run, f"cluster {cluster}: {error}")
        except (OSError, OverflowError) as error:
            return damaged(Reason.READ_ERROR, run, f"cluster {cluster}: {error}")
        return data or damaged(Reason.CUT_SHORT, run, f"cluster {cluster} lies beyond the end of the file")

    def _entry(self, cluster: int) -> int:
        table, slot = divmod(cluster, self._cluster // 8)
        if table >= self._header.l1_count:
            raise ValueError("the first table is too short")
        at = int.from_bytes(self._exactly(self._header.l1_at + 8 * table, 8), "big") & _OFFSET
        if not at:
            return 0
        if at not in self._tables:
            self._tables[at] = self._exactly(at, self._cluster)
            if len(self._tables) > _TABLES:
                self._tables.popitem(last=False)
        self._tables.move_to_end(at)
        return int(struct.unpack_from(">Q", self._tables[at], 8 * slot)[0])

    def _exactly(self, at: int, length: int) -> bytes:
        data = self._file.pread(at, length)
        if len(data) < length:
            raise ValueError("a table lies beyond the end of the file")
        return data

    def _compressed(self, cluster: int, entry: int) -> bytes:
        if self._unpacked[0] == cluster:
            return self._unpacked[1]
        bits = 62 - (self._header.cluster_bits - 8)
        at = entry & ((1 << bits) - 1)
        sectors = (entry >> bits) & ((1 << (62 - bits)) - 1)
        packed = self._file.pread(at, (sectors + 1) * 512 - (at & 511))
        if self._header.uses_zstd:
            data = zstandard.ZstdDecompressor().stream_reader(packed).read(self._cluster)
        else:
            data = zlib.decompressobj(-15).decompress(packed, self._cluster)
        if len(data) < self._cluster:
            raise ValueError("its compressed bytes are cut short")
        self._unpacked = (cluster, data)
        return data

    def _from_below(self, offset: int, length: int) -> bytes:
        if self._below is None or offset >= self._below.size:
            return bytes(length)
        data = self._below.read_at(offset, length)
        return data + bytes(length - len(data))

    def close(self) -> None:
        """Close the file, and the disk below."""
        self._file.close()
        if self._below is not None:
            self._below.close()


def open_qcow2(paths: Sequence[Path], open_below: Callable[[Path], Container], depth: int = 0) -> QcowContainer:
    """Open a QCOW2 disk and what it builds on.

    Raises:
        OperatorFault: the file does not exist.
        EvidenceFault: its header makes no sense, it is encrypted, or the disk it builds on is missing.
    """
    path, file = paths[0], open_exhibit_file(paths[0])
    below: Container | None = None
    try:
        header = _header(file, str(path))
        if header.backing:
            below = _below(path, header.backing, open_below, depth)
    except BaseException:
        file.close()
        raise
    problems: tuple[str, ...] = (NO_CHECKSUMS,)
    if header.incompatible & _DIRTY_OR_CORRUPT:
        problems += ("the disk was in use or marked as damaged when it was last closed",)
    if header.snapshots:
        problems += (f"{header.snapshots} inner snapshots are not read, only the current state",)
    segments = (str(path), *(below.facts.segments if below else ()))
    facts = ContainerFacts("QCOW2", header.size, 512, tuple(dict.fromkeys(segments)), problems=problems)
    return QcowContainer(file, facts, header, below)


def _below(path: Path, backing: str, open_below: Callable[[Path], Container], depth: int) -> Container:
    found = beside(path, backing, "the disk it builds on")
    if found == path or depth >= _DEEPEST:
        raise EvidenceFault("the disk builds on itself", where=str(path), advice="copy it again from its source")
    return open_below(found)


def _header(file: ReadOnlyFile, where: str) -> Header:
    head = file.pread(0, 112).ljust(112, b"\0")
    version, backing_at, backing_length, bits, size, crypt, l1_count, l1_at = struct.unpack_from(">IQIIQIIQ", head, 4)
    snapshots = struct.unpack_from(">I", head, 60)[0]
    incompatible = struct.unpack_from(">Q", head, 72)[0] if version > 2 else 0
    if crypt:
        advice = "convert it to raw with the program and the passphrase it was made with"
        raise EvidenceFault("the QCOW2 disk is encrypted", where=where, advice=advice)
    if not 9 <= bits <= 21 or not 0 < size < 1 << 56 or backing_length > 1023 or backing_at >= file.size:
        advice = "copy it again from its source"
        raise EvidenceFault("the QCOW2 header makes no sense", where=where, advice=advice)
    if incompatible & (_EXTERNAL_DATA | _EXTENDED_L2) or incompatible >> 5:
        advice = "convert it to raw and attach that"
        raise EvidenceFault("the QCOW2 disk uses a feature that is not read", where=where, advice=advice)
    name = file.pread(backing_at, backing_length).decode("utf-8", "replace") if backing_at else ""
    uses_zstd = bool(incompatible & _COMPRESSION) and head[104] == 1
    return Header(version, size, bits, l1_at, l1_count, name, incompatible, uses_zstd, snapshots)
