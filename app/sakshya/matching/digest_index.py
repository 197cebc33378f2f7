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
        bucket = int.from_bytes(digest[:4], "big") >> self._shift
        low, high = _ENTRY.unpack_from(records, self._directory_at + 8 * bucket)
        while low < high:
            middle = (low + high) >> 1
            at = _FIRST + middle * stride
            if records[at : at + width] < digest:
                low = middle + 1
            else:
                high = middle
        at = _FIRST + low * stride
        found = []
        while at < self._directory_at and records[at : at + width] == digest:
            code_ends = at + width + CODE_BYTES
            code = int.from_bytes(records[at + width : code_ends], "big")
            found.append((code, int.from_bytes(records[code_ends : at + stride], "big")))
            at += stride
        return tuple(found)

    def close(self) -> None:
        """Give the mapping back."""
        self._map.close()


def _damaged(path: Path, detail: str) -> VerificationFault:
    return VerificationFault(
        f"a known-set index is damaged: {detail}", where=str(path), advice="remove the set and import it again"
    )
