"""One sorted, memory-mapped file of digests: its form and its look-up.

The file is a 64-byte header, the records, all equally wide and in byte order, and a directory. A record is the
digest, the number of its code (big-endian, 2 bytes, 0 for none) and, where the set states sizes, the size in bytes
(big-endian, 8 bytes, 0 for none). The highest bit of the code says that the source's record had a stronger digest too.
Directory entry n is the position of the first record whose leading bits are n or
more, so that a look-up searches a handful of records.
"""

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sakshya.domain.faults import VerificationFault

MAGIC = b"SAKSHYA INDEX 1\n"
HEADER = struct.Struct("<16s8sHHIQ24x")
WIDTHS = {"md5": 16, "sha1": 20, "sha256": 32}
CODE_BYTES = 2
SIZE_BYTES = 8
STRONGER_STATED = 0x8000
MOST_BITS = 20
_ENTRY = struct.Struct("<QQ")
_FIRST = HEADER.size


@dataclass(frozen=True, slots=True)
class Shape:
    """How the records of an index are laid out; lengths in bytes, `bits` the leading bits the directory sorts by."""

    algorithm: str
    sized: bool
    bits: int
    count: int

    @property
    def width(self) -> int:
        """Length of a digest."""
        return WIDTHS[self.algorithm]

    @property
    def stride(self) -> int:
        """Length of a record."""
        return self.width + CODE_BYTES + (SIZE_BYTES if self.sized else 0)

    @property
    def directory_at(self) -> int:
        """Where the directory begins, right behind the last record."""
        return HEADER.size + self.count * self.stride

    @property
    def length(self) -> int:
        """Length of the whole file."""
        return self.directory_at + 8 * ((1 << self.bits) + 1)

    def header(self) -> bytes:
        """Return the file's first 64 bytes."""
        return HEADER.pack(MAGIC, self.algorithm.encode("ascii"), self.width, self.stride, self.bits, self.count)

    @classmethod
    def read(cls, header: bytes) -> "Shape":
        """Return the shape a header states.

        Raises:
            ValueError: these are not the first bytes of an index.
        """
        if len(header) < HEADER.size:
            raise ValueError("shorter than an index header")
        magic, name, width, stride, bits, count = HEADER.unpack_from(header)
        algorithm = name.rstrip(b"\0").decode("ascii", "replace")
        if magic != MAGIC or WIDTHS.get(algorithm) != width or bits > MOST_BITS:
            raise ValueError("not an index header")
        shape = cls(algorithm, stride == width + CODE_BYTES + SIZE_BYTES, bits, count)
        if shape.stride != stride:
            raise ValueError("not an index header")
        return shape


class DigestIndex:
    """Looks digests up in one mapped file; the pages are shared by every process that maps it."""

    __slots__ = ("_directory_at", "_map", "_shift", "_stride", "_width", "shape")

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self.shape = Shape.read(self._map[: HEADER.size])
        except (OSError, ValueError) as error:
            raise _damaged(path, str(error)) from error
        if self.shape.length != len(self._map):
            raise _damaged(path, f"{len(self._map)} bytes long where its header states {self.shape.length}")
        self._directory_at = self.shape.directory_at
        self._stride = self.shape.stride
        self._width = self.shape.width
        self._shift = 32 - self.shape.bits

    def find(self, digest: bytes) -> tuple[tuple[int, int], ...]:
        """Return (code number, size or 0) of every record of this digest, in stored order."""
        records, stride, width = self._map, self._stride, self._width
        at = _FIRST + self._lower(digest) * stride
        found = []
        while at < self._directory_at and records[at : at + width] == digest:
            code_ends = at + width + CODE_BYTES
            code = int.from_bytes(records[at + width : code_ends], "big")
            found.append((code, int.from_bytes(records[code_ends : at + stride], "big")))
            at += stride
        return tuple(found)

    def _lower(self, digest: bytes) -> int:
        """Return the position of the first record that is not before this digest."""
        records, stride, width = self._map, self._stride, self._width
        bucket = int.from_bytes(digest[:4], "big") >> self._shift
        low, high = _ENTRY.unpack_from(records, self._directory_at + 8 * bucket)
        while low < high:
            middle = (low + high) >> 1
            at = _FIRST + middle * stride
            if records[at : at + width] < digest:
                low = middle + 1
            else:
                high = middle
        return int(low)

    def positions(self, digests: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
        """Return the position of the first record of each digest, -1 where it is not held.

        `digests` has one row a digest, as wide as the index's. Any order will do; a sorted one touches each page once.
        """
        count = self.shape.count
        if not count:
            return np.full(len(digests), -1, dtype=np.int64)
        wanted = np.ascontiguousarray(digests[:, :8]).view(">u8").ravel().astype(np.uint64)
        keys: npt.NDArray[np.uint64] = np.ndarray((count,), ">u8", self._map, _FIRST, (self._stride,))
        held: npt.NDArray[np.uint8] = np.ndarray((count, self._width), np.uint8, self._map, _FIRST, (self._stride, 1))
        at = np.minimum(self._first_of(wanted, keys), count - 1)
        same = (held[at] == digests).all(axis=1)
        found = np.where(same, at, -1)
        # Two digests may begin with the same eight bytes; then only the whole digest leads to the record.
        for row in np.flatnonzero((keys[at] == wanted) & ~same):
            digest = digests[row].tobytes()
            low = self._lower(digest)
            if low < count and held[low].tobytes() == digest:
                found[row] = low
        return found

    def digests(self, first: int, count: int) -> npt.NDArray[np.uint8]:
        """Return a copy of the digests of at most `count` records from position `first` on, one row each."""
        count = max(0, min(count, self.shape.count - first))
        rows: npt.NDArray[np.uint8] = np.ndarray(
            (count, self._width), np.uint8, self._map, _FIRST + first * self._stride, (self._stride, 1)
        )
        return rows.copy()

    def _first_of(self, wanted: npt.NDArray[np.uint64], keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """Return for each eight-byte beginning the first position whose record begins with it or comes behind it."""
        directory = np.frombuffer(self._map, "<u8", (1 << self.shape.bits) + 1, self._directory_at)
        bucket = (wanted >> np.uint64(32)) >> np.uint64(self._shift)
        low: npt.NDArray[np.int64] = directory[bucket].astype(np.int64)
        high: npt.NDArray[np.int64] = directory[bucket + np.uint64(1)].astype(np.int64)
        last = len(keys) - 1
        while (low < high).any():
            middle = (low + high) >> 1
            open_, less = low < high, keys[np.minimum(middle, last)] < wanted
            low, high = np.where(open_ & less, middle + 1, low), np.where(open_ & ~less, middle, high)
        return low

    def close(self) -> None:
        """Give the mapping back."""
        self._map.close()


def _damaged(path: Path, detail: str) -> VerificationFault:
    return VerificationFault(
        f"a known-set index is damaged: {detail}", where=str(path), advice="remove the set and import it again"
    )
