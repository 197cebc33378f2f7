"""VirtualBox disks (VDI), fixed or growing.

Layout after the text: version at 0x44, header at 0x48 with type, offsets of the block map and of the data, and from
0x170 size of the disk, size of a block, blocks in all, blocks that are stored. A map entry is the number of a stored
block; -1 was never written and -2 was given back: both read as zeros.
"""

import struct
from collections.abc import Sequence
from pathlib import Path

from sakshya.domain.exhibit import ContainerFacts, Damage
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Run
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import PieceByPiece
from sakshya.evidence.containers.virtual_disk import NO_CHECKSUMS
from sakshya.evidence.damage import damaged
from sakshya.evidence.readonly import ReadOnlyFile, open_exhibit_file

MARK = b"\x7f\x10\xda\xbe"
_NEVER_WRITTEN = 0xFFFFFFFE
_KINDS = {1: "growing", 2: "fixed"}


class VdiContainer(PieceByPiece):
    """The bytes of a VDI disk."""

    def __init__(self, file: ReadOnlyFile, facts: ContainerFacts, layout: tuple[int, int, int]) -> None:
        super().__init__(facts)
        self._file = file
        self._map_at, self._data_at, self._block = layout

    def _piece(self, offset: int, length: int) -> bytes | Damage:
        block, inside = divmod(offset, self._block)
        length = min(length, self._block - inside)
        try:
            entry = self._file.pread(self._map_at + 4 * block, 4)
            if len(entry) < 4:
                return damaged(Reason.CUT_SHORT, Run(offset, length), "its entry in the block map is missing")
            place = int.from_bytes(entry, "little")
            if place >= _NEVER_WRITTEN:
                return bytes(length)
            data = self._file.pread(self._data_at + place * self._block + inside, length)
        except (OSError, OverflowError) as error:
            return damaged(Reason.READ_ERROR, Run(offset, length), str(error))
        return data or damaged(Reason.CUT_SHORT, Run(offset, length), f"block {place} lies beyond the end of the file")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def open_vdi(paths: Sequence[Path]) -> VdiContainer:
    """Open a VirtualBox disk.

    Raises:
        OperatorFault: the file does not exist.
        EvidenceFault: its header makes no sense, or it holds only changes to another disk.
    """
    file = open_exhibit_file(paths[0])
    try:
        size, layout = _layout(file.pread(0, 512), str(paths[0]))
    except BaseException:
        file.close()
        raise
    facts = ContainerFacts("VDI", size, 512, (str(paths[0]),), problems=(NO_CHECKSUMS,))
    return VdiContainer(file, facts, layout)


def _layout(head: bytes, where: str) -> tuple[int, tuple[int, int, int]]:
    if len(head) < 512 or head[64:68] != MARK:
        raise EvidenceFault("the VDI header is not readable", where=where, advice="copy it again from its source")
    (kind,) = struct.unpack_from("<I", head, 0x4C)
    map_at, data_at = struct.unpack_from("<II", head, 0x154)
    size, block = struct.unpack_from("<QI", head, 0x170)
    if kind not in _KINDS:
        advice = "merge it with the disk it builds on, in the program that made it"
        raise EvidenceFault("the VDI disk holds only changes to another disk", where=where, advice=advice)
    if not 0 < size < 1 << 56 or not 4096 <= block <= 1 << 30:
        what = f"the VDI header states {size} bytes in blocks of {block}"
        raise EvidenceFault(what, where=where, advice="copy it again from its source")
    return size, (map_at, data_at, block)
