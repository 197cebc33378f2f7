"""E01 and S01 exhibits, one segment or many, with the checksum of every chunk checked."""

import contextlib
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from isal import isal_zlib
from isal.igzip_lib import IsalError

from sakshya.domain.exhibit import ContainerFacts, Damage
from sakshya.domain.locator import Run
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import PieceByPiece
from sakshya.evidence.containers.ewf_index import Index, open_index
from sakshya.evidence.containers.ewf_sections import adler
from sakshya.evidence.containers.ewf_tables import ChunkMap, Place
from sakshya.evidence.damage import damaged
from sakshya.evidence.readonly import ReadOnlyFile

_KEPT_BYTES = 8 << 20


class EwfContainer(PieceByPiece):
    """The bytes of an EWF exhibit; a chunk whose checksum does not agree is damage, never data."""

    def __init__(self, files: Sequence[ReadOnlyFile], index: Index, facts: ContainerFacts) -> None:
        super().__init__(facts)
        self._files = files
        self._map = ChunkMap(files, index.tables)
        self._lost = index.lost
        self._chunk_size = index.media.chunk_size
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._most_kept = max(2, min(256, _KEPT_BYTES // self._chunk_size))

    def _piece(self, offset: int, length: int) -> bytes | Damage:
        number, inside = divmod(offset, self._chunk_size)
        chunk = self._kept.get(number)
        if chunk is None:
            got = self._read(number)
            if isinstance(got, Damage):
                return got
            chunk = self._kept[number] = got
            if len(self._kept) > self._most_kept:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(number)
        return chunk if not inside and length >= len(chunk) else chunk[inside : inside + length]

    def _read(self, number: int) -> bytes | Damage:
        place = self._map.find(number)
        if place is None:
            return self._missing(number)
        run = self._run(number)
        if isinstance(place, str):
            return damaged(Reason.DAMAGED_CHUNK, run, f"chunk {number}: {place}")
        file = self._files[place.segment]
        if place.offset >= file.size:
            return damaged(Reason.MISSING_SEGMENT, run, f"chunk {number} lies beyond the end of {file.path.name}")
        try:
            raw = file.pread(place.offset, min(place.length, 2 * self._chunk_size + 1024))
        except OSError as error:
            return damaged(Reason.READ_ERROR, run, f"chunk {number} in {file.path.name} ({error.strerror})")
        try:
            return _unpack(raw, place, run.length)
        except ValueError as error:
            return damaged(Reason.DAMAGED_CHUNK, run, f"chunk {number} in {file.path.name} ({error})")

    def _missing(self, number: int) -> Damage:
        """Return the whole stretch without chunks: one line for a lost segment, however large it was."""
        first, after = self._map.gap(number)
        start = first * self._chunk_size
        end = self.size if after is None else min(after * self._chunk_size, self.size)
        last = (end - 1) // self._chunk_size
        chunks = f"chunk {first} is" if first == last else f"chunks {first} to {last} are"
        return damaged(Reason.MISSING_SEGMENT, Run(start, end - start), f"{chunks} not there ({self._lost})")

    def _run(self, number: int) -> Run:
        start = number * self._chunk_size
        return Run(start, min(self._chunk_size, self.size - start))

    def close(self) -> None:
        """Close the segment files."""
        for file in self._files:
            file.close()


def _unpack(raw: bytes, place: Place, expected: int) -> bytes:
    """Return the chunk's content.

    Raises:
        ValueError: the checksum does not agree or the content is not of the expected length.
    """
    if not place.compressed:
        if len(raw) < expected + 4:
            raise ValueError("cut short")
        data = raw[:expected]
        # Tools store the last chunk either at its own length or filled up to a whole chunk.
        if adler(data) == int.from_bytes(raw[expected : expected + 4], "little"):
            return data
        if adler(raw[: place.length - 4]) == int.from_bytes(raw[place.length - 4 : place.length], "little"):
            return data
        raise ValueError("checksum does not agree")
    unpacker = isal_zlib.decompressobj()
    try:
        data = unpacker.decompress(raw, expected + (1 << 16))
        data += unpacker.flush() if len(data) <= expected and not unpacker.eof else b""
    except IsalError as error:  # type: ignore[misc]
        raise ValueError(str(error).removeprefix("Error ")) from error
    if not unpacker.eof and len(data) <= expected:
        raise ValueError("cut short")
    if len(data) < expected:
        raise ValueError(f"{len(data)} bytes in place of {expected}")
    return data[:expected]


def open_ewf(files: Sequence[Path]) -> EwfContainer:
    """Open an E01 or S01 exhibit; of many segments the first is enough.

    A segment that is missing or cut short is named in the facts' `problems`, and its bytes are damage.

    Raises:
        OperatorFault: a named file does not exist.
        EvidenceFault: the exhibit cannot be opened at all.
    """
    with contextlib.ExitStack() as stack:
        opened, index = open_index(files, stack)
        media = index.media
        facts = ContainerFacts(
            format="E01" if not index.smart else "S01",
            size=media.sectors * media.bytes_per_sector,
            sector_size=media.bytes_per_sector,
            segments=tuple(str(file.path) for file in opened),
            stored=index.stored,
            acquisition=index.acquisition,
            problems=index.problems,
        )
        container = EwfContainer(opened, index, facts)
        stack.pop_all()
    return container
