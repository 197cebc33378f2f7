"""AFF4 disk exhibits: one zip volume that describes a disk and keeps its chunks (AFF4 standard 1.0)."""

import re
import struct
from collections.abc import Sequence
from pathlib import Path

from sakshya.domain.exhibit import ContainerFacts, Damage, StatedDigest
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.aff4_streams import (
    MAP_ENTRY,
    UNPACK,
    Filled,
    ImageStream,
    MapStream,
    Stream,
    as_piece,
)
from sakshya.evidence.containers.aff4_volume import TURTLE, Aff4Volume
from sakshya.evidence.containers.container import PieceByPiece
from sakshya.evidence.containers.turtle import SCHEMA, A, Things, parse
from sakshya.evidence.readonly import open_exhibit_file

_MOST_TURTLE = 16 << 20
_MOST_MAP = 2_000_000 * MAP_ENTRY
_LARGEST = 1 << 56
_LARGEST_CHUNK = 64 << 20
_MOST_STREAMS = 100
_DISKS = ("DiskImage", "ContiguousImage", "DiscontiguousImage", "MemoryImage", "Image")
_DIGITS = {"md5": 32, "sha1": 40, "sha256": 64}
_SYMBOL = re.compile(re.escape(SCHEMA) + r"SymbolicStream([0-9A-Fa-f]{2})")
_LOST = {
    f"{SCHEMA}UnknownData": (Reason.READ_ERROR, "these bytes were not acquired"),
    f"{SCHEMA}UnreadableData": (Reason.READ_ERROR, "these bytes could not be read when the disk was acquired"),
}
_SAID = ("diskDeviceName", "diskMake", "diskModel", "diskSerial", "diskInterfaceType", "caseNumber", "examiner")


class Aff4Container(PieceByPiece):
    """The bytes of the disk that an AFF4 volume describes."""

    def __init__(self, volume: Aff4Volume, facts: ContainerFacts, disk: Stream) -> None:
        super().__init__(facts)
        self._volume = volume
        self._disk = disk

    def _piece(self, offset: int, length: int) -> bytes | Damage:
        return as_piece(self._disk.piece(offset, length), offset)

    def close(self) -> None:
        """Close the file."""
        self._volume.close()


def open_aff4(paths: Sequence[Path]) -> Aff4Container:
    """Open the disk of an AFF4 volume.

    Raises:
        OperatorFault: the file does not exist.
        EvidenceFault: its description makes no sense, or it holds files and no disk.
    """
    file = open_exhibit_file(paths[0])
    try:
        volume = Aff4Volume(file)
        text = volume.whole(TURTLE, _MOST_TURTLE).decode("utf-8", "replace")
        things = parse(text, volume.where)
        urn, others = _disk(things, volume)
        data = _one(things, urn, "dataStream") or urn
        streams = _Streams(volume, things)
        disk = streams.open(data)
        size = _size(volume, _one(things, urn, "size"), disk)
        facts = _facts(things, (urn, data), volume.where, size, streams.problems + others)
    except BaseException:
        file.close()
        raise
    return Aff4Container(volume, facts, disk)


def _size(volume: Aff4Volume, stated: str, disk: Stream) -> int:
    size = _number(stated) or disk.size
    if not 0 < size <= min(disk.size, _LARGEST):
        raise volume.fault(f"it states {size} bytes")
    return size


def _disk(things: Things, volume: Aff4Volume) -> tuple[str, list[str]]:
    for kind in _DISKS:
        named = [urn for urn, said in things.items() if SCHEMA + kind in said.get(A, [])]
        if named:
            others = [f"{len(named) - 1} further disks in the file are not read"] if len(named) > 1 else []
            return named[0], others
    advice = "export its files to a folder or a zip file with the program it was made with, and attach that"
    raise EvidenceFault("the AFF4 file describes neither a disk nor files", where=volume.where, advice=advice)


class _Streams:
    """Opens the streams of a volume by their names."""

    def __init__(self, volume: Aff4Volume, things: Things) -> None:
        self._volume = volume
        self._things = things
        self._opened: dict[str, Stream | None] = {}
        self.problems: list[str] = []

    def open(self, urn: str) -> Stream:
        """Return the stream `urn`; one that lies in no file at hand gives the reason for every byte."""
        if urn not in self._opened:
            self._opened[urn] = None
            self._opened[urn] = self._open(urn)
        stream = self._opened[urn]
        if stream is None or len(self._opened) > _MOST_STREAMS:
            raise self._volume.fault("its maps point at each other, or at too many streams")
        return stream

    def _open(self, urn: str) -> Stream:
        if urn in _LOST:
            return Filled(0, _LOST[urn])
        if urn == f"{SCHEMA}Zero":
            return Filled(0)
        if match := _SYMBOL.fullmatch(urn):
            return Filled(int(match[1], 16))
        kinds = self._things.get(urn, {}).get(A, [])
        if f"{SCHEMA}Map" in kinds:
            return self._map(urn)
        if f"{SCHEMA}ImageStream" in kinds:
            return self._image(urn)
        self.problems.append(f"stream {urn} is not in this file: the disk is spread over several, or cut")
        return Filled(0, (Reason.MISSING_SEGMENT, f"stream {urn} is not in this file"))

    def _image(self, urn: str) -> ImageStream:
        size, chunk = self._stated(urn, "size"), self._stated(urn, "chunkSize")
        in_bevy = self._stated(urn, "chunksInSegment")
        method = _one(self._things, urn, "compressionMethod")
        if not 0 <= size < _LARGEST or not 512 <= chunk <= _LARGEST_CHUNK or not 0 < in_bevy < 1 << 32:
            raise self._volume.fault(f"stream {urn} states {size} bytes in chunks of {chunk}, {in_bevy} together")
        if method not in UNPACK:
            raise self._volume.fault(f"its compression {method} is not known")
        return ImageStream(self._volume, self._volume.name(urn), size, (chunk, in_bevy), method)

    def _map(self, urn: str) -> MapStream:
        name = self._volume.name(urn)
        lines = self._volume.whole(f"{name}/idx", _MOST_TURTLE).decode("utf-8", "replace").split("\n")
        data = self._volume.whole(f"{name}/map", _MOST_MAP)
        names = [line.strip() for line in lines if line.strip()]
        entries = sorted(struct.iter_unpack("<QQQI", data[: len(data) // MAP_ENTRY * MAP_ENTRY]))
        end = 0
        for start, length, _, target in entries:
            if start < end or target >= len(names):
                raise self._volume.fault("its map has overlapping stretches, or names a stream that is not listed")
            end = start + length
        size = self._stated(urn, "size") if _one(self._things, urn, "size") else end
        if len(data) % MAP_ENTRY or not max(end, 1) <= size < _LARGEST:
            raise self._volume.fault(f"its map is cut short or larger than the {size} bytes stated")
        gap = _one(self._things, urn, "mapGapDefaultStream") or f"{SCHEMA}Zero"
        return MapStream(size, entries, [self.open(one) for one in names], self.open(gap))

    def _stated(self, urn: str, name: str) -> int:
        # Volumes from before the standard write some names in another way.
        old = {"chunkSize": "chunk_size", "chunksInSegment": "chunks_per_segment"}.get(name, name)
        value = _number(_one(self._things, urn, name) or _one(self._things, urn, old))
        if value is None:
            raise self._volume.fault(f"stream {urn} does not state its {name}")
        return value


def _one(things: Things, urn: str, name: str) -> str:
    return next(iter(things.get(urn, {}).get(SCHEMA + name, [])), "")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _facts(things: Things, names: tuple[str, str], where: str, size: int, problems: Sequence[str]) -> ContainerFacts:
    """Only digests of the disk as a whole count; those of the parts are of bytes in another order."""
    values = dict.fromkeys(value for name in names for value in things.get(name, {}).get(f"{SCHEMA}hash", []))
    stored = tuple(
        StatedDigest(algorithm, value.lower(), "container")
        for value in values
        for algorithm, digits in _DIGITS.items()
        if len(value) == digits and re.fullmatch(r"[0-9A-Fa-f]+", value)
    )
    sector = _number(_one(things, names[0], "blockSize")) or 512
    said = tuple((name, value) for name in _SAID if (value := _one(things, names[0], name)))
    told = tuple(dict.fromkeys(problems))
    return ContainerFacts("AFF4", size, sector, (where,), stored, said, told)
