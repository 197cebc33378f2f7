"""Contents that lie on the disk as they are: these are read from the exhibit itself, without a library between.

A library copies each byte twice more on its way; for a whole disk that is a quarter of the time hashing takes.
"""

import struct
from collections.abc import Callable

from sakshya.evidence.containers.container import Container
from sakshya.evidence.filesystems.filesystem import HOLE, Stream
from sakshya.evidence.filesystems.signatures import EXT, FAT, Kind

_RECORD, _SECTOR = 1024, 512
_END, _KNOWN_BYTES = 0xFFFFFFFF, 56


class DirectReader:
    """Tells which streams lie plainly in the exhibit, and reads them; `place_of` is where an NTFS record lies."""

    def __init__(self, kind: Kind, container: Container, place_of: Callable[[int], int | None] | None) -> None:
        self._kind = kind
        self._container = container
        self._place_of = place_of
        self._last: tuple[int, tuple[int, int] | None, bool] | None = None

    def reads(self, address: int, stream: Stream) -> bool:
        """Tell whether the stream of the object at `address` lies plainly in the exhibit."""
        if self._last is None or self._last[:2] != (address, stream.attribute):
            self._last = address, stream.attribute, self._is_plain(address, stream)
        return self._last[2]

    def read(self, stream: Stream, offset: int, length: int) -> bytes:
        """Return `length` bytes of a stream that it `reads`.

        Raises:
            EvidenceFault: they are damaged.
        """
        read = self._container.read_at
        parts = [read(start, size) for start, size in stream.runs_within(offset, length)]
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _is_plain(self, address: int, stream: Stream) -> bool:
        if stream.is_resident or stream.is_compressed or stream.barrier or not stream.runs:
            return False
        end = self._container.size
        if any(start == HOLE or start + length > end for start, length in stream.runs):
            return False
        if sum(length for _, length in stream.runs) < stream.size:
            return False
        if self._kind is Kind.NTFS:
            return self._is_written(address, stream)
        return self._kind in EXT or self._kind in FAT

    def _is_written(self, address: int, stream: Stream) -> bool:
        """NTFS gives zeros for what lies after the last byte that was ever written, whatever stands on the disk."""
        at = self._place_of(address) if self._place_of else None
        if at is None or stream.attribute is None:
            return False
        record = self._container.read_at(at, _RECORD)
        if not record.startswith(b"FILE") or len(record) < _RECORD:
            return False
        place: int = struct.unpack_from("<H", record, 20)[0]
        while place + _KNOWN_BYTES + 8 <= _RECORD:
            kind, length = struct.unpack_from("<II", record, place)
            if kind == _END or length < 24:
                return False
            if (kind, struct.unpack_from("<H", record, place + 14)[0]) == stream.attribute:
                known = place + _KNOWN_BYTES
                # The last two bytes of each sector stand elsewhere in the record.
                is_whole = known % _SECTOR <= _SECTOR - 2 - 8
                return is_whole and struct.unpack_from("<Q", record, known)[0] >= stream.size
            place += length
        return False
