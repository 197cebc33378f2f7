"""Where a physical volume of LVM keeps its name and its metadata text."""

import struct
import zlib
from dataclasses import dataclass

from sakshya.domain.faults import EvidenceFault
from sakshya.evidence.layers.lvm_text import bad
from sakshya.evidence.layers.window import Window

_SECTOR = 512
_LABELS = 4
_MOST_AREAS = 16
_MOST_TEXT = 32 << 20
_AREA_MAGIC = b" LVM2 x[5A%r0N*>"
_FIRST_CRC = 0xF597A6CF
_IGNORED = 1


@dataclass(frozen=True, slots=True)
class PhysicalVolume:
    """The label of one physical volume; `areas` are (offset, length) of its metadata areas in bytes."""

    identifier: str
    areas: tuple[tuple[int, int], ...]


def lvm_crc(data: bytes) -> int:
    """Return the checksum that LVM uses: CRC-32 from a first value of its own, not inverted."""
    return zlib.crc32(data, _FIRST_CRC ^ 0xFFFFFFFF) ^ 0xFFFFFFFF


def read_label(window: Window) -> PhysicalVolume:
    """Return the label, which stands in one of the first four sectors.

    Raises:
        EvidenceFault: there is none that agrees with its checksum.
    """
    for number in range(_LABELS):
        sector = window.read(number * _SECTOR, _SECTOR)
        if len(sector) == _SECTOR and sector.startswith(b"LABELONE") and sector[24:32] == b"LVM2 001":
            crc, start = struct.unpack_from("<II", sector, 16)
            if crc == lvm_crc(sector[20:]) and 32 <= start <= _SECTOR - 40:
                return _volume(sector, start)
    raise bad("the label of the physical volume is not of LVM2 or does not agree with its checksum")


def _volume(sector: bytes, start: int) -> PhysicalVolume:
    identifier = sector[start : start + 32].decode("ascii", "replace")
    at = start + 40
    lists: list[list[tuple[int, int]]] = []
    while len(lists) < 2:
        found: list[tuple[int, int]] = []
        while at + 16 <= _SECTOR:
            offset, length = struct.unpack_from("<QQ", sector, at)
            at += 16
            if not offset:
                break
            found.append((offset, length))
        lists.append(found)
    return PhysicalVolume(identifier, tuple(lists[1][:_MOST_AREAS]))


def read_text(window: Window, volume: PhysicalVolume) -> str:
    """Return the metadata text in force, from whichever area is intact.

    Raises:
        EvidenceFault: none is.
    """
    if not volume.areas:
        raise bad("this physical volume carries no metadata; they are on another one of its group")
    fault: EvidenceFault | None = None
    for offset, length in volume.areas:
        try:
            return _from_area(window, offset, length)
        except EvidenceFault as error:
            fault = error
    assert fault is not None
    raise fault


def _from_area(window: Window, offset: int, length: int) -> str:
    head = window.read(offset, _SECTOR)
    if len(head) < _SECTOR or head[4:20] != _AREA_MAGIC or struct.unpack_from("<I", head)[0] != lvm_crc(head[4:]):
        raise bad("the header of a metadata area is not there or does not agree with its checksum")
    start, size, crc, flags = struct.unpack_from("<QQII", head, 40)
    if not start or flags & _IGNORED:
        raise bad("the metadata area is empty: the physical volume is in no volume group")
    if not (_SECTOR <= start < length and 0 < size <= length - _SECTOR and size <= _MOST_TEXT):
        raise bad("the metadata text does not lie in its area")
    # The area is a ring behind its header.
    first = min(size, length - start)
    text = window.read(offset + start, first) + window.read(offset + _SECTOR, size - first)
    if len(text) < size or lvm_crc(text) != crc:
        raise bad("the metadata text does not agree with its checksum")
    return text.split(b"\0")[0].decode("utf-8", "surrogateescape")
