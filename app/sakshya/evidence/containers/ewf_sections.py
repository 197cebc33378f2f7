"""The sections of an EWF version 1 segment file (E01, S01), read with every checksum checked.

Layout after the published format description of libewf: a 13-byte file header, then a chain of sections, each with a
76-byte descriptor (type, offset of the next one, size, Adler-32).
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from sakshya.evidence.readonly import ReadOnlyFile

SIGNATURE = b"EVF\x09\x0d\x0a\xff\x00"
DESCRIPTOR = struct.Struct("<16sQQ40sI")
FILE_HEADER = struct.Struct("<8sBHH")
_MOST_SECTIONS = 100_000
_MOST_HEADER = 16 << 20


@dataclass(frozen=True, slots=True)
class Section:
    """One section: `offset` of its descriptor, `data` where its content starts, `end` the byte after it."""

    kind: str
    offset: int
    end: int
    next: int
    intact: bool

    @property
    def data(self) -> int:
        """Offset of the section's content in the segment file."""
        return self.offset + DESCRIPTOR.size


@dataclass(frozen=True, slots=True)
class Media:
    """What the volume section says of the exhibit; `sectors` counts them as acquired."""

    chunks: int
    sectors_per_chunk: int
    bytes_per_sector: int
    sectors: int

    @property
    def chunk_size(self) -> int:
        """Bytes of the exhibit in one chunk."""
        return self.sectors_per_chunk * self.bytes_per_sector

    def is_plausible(self) -> bool:
        """Tell whether the figures can be true together."""
        sizes = 1 <= self.sectors_per_chunk <= 1 << 16 and self.bytes_per_sector in _SECTOR_SIZES
        return sizes and self.sectors > 0 and self.chunk_size <= 1 << 27


_SECTOR_SIZES = frozenset({128, 256, 512, 520, 524, 528, 1024, 2048, 2352, 4096, 8192})


def adler(data: bytes) -> int:
    """Return the Adler-32 checksum as EWF stores it."""
    return zlib.adler32(data) & 0xFFFFFFFF


def segment_number(file: ReadOnlyFile) -> int | None:
    """Return the number in the file's EWF header, or None where it is not an EWF version 1 segment."""
    head = file.pread(0, FILE_HEADER.size)
    if len(head) < FILE_HEADER.size or not head.startswith(SIGNATURE):
        return None
    return int(FILE_HEADER.unpack(head)[2])


def sections(file: ReadOnlyFile) -> Iterator[Section]:
    """Yield the sections in file order; stops before the first descriptor that is cut off, damaged or repeated."""
    offset = FILE_HEADER.size
    for _ in range(_MOST_SECTIONS):
        raw = file.pread(offset, DESCRIPTOR.size)
        if len(raw) < DESCRIPTOR.size:
            return
        kind, following, size, _padding, checksum = DESCRIPTOR.unpack(raw)
        intact = adler(raw[:72]) == checksum
        name = kind.rstrip(b"\0").decode("ascii", "replace")
        if not intact and not _is_credible(name, offset, following):
            return
        last = following <= offset or name in ("next", "done")
        # The size field is zero in some tools' last sections, and too small in large ones: the link is the truth.
        end = offset + max(size, DESCRIPTOR.size) if last else following
        yield Section(name, offset, end, 0 if last else following, intact)
        if last:
            return
        offset = following


def _is_credible(name: str, offset: int, following: int) -> bool:
    return name in _KNOWN and (name in ("next", "done") or following > offset)


_KNOWN = frozenset(
    [
        "header",
        "header2",
        "xheader",
        "volume",
        "disk",
        "data",
        "sectors",
        "table",
        "table2",
        "next",
        "done",
        "hash",
        "digest",
        "error2",
        "session",
        "ltree",
        "xhash",
        "incomplete",
    ]
)


def content(file: ReadOnlyFile, section: Section, most: int = _MOST_HEADER) -> bytes:
    """Return the section's content, at most `most` bytes, shorter where the file ends before it."""
    length = min(section.end - section.data, most)
    return file.pread(section.data, length) if length > 0 else b""


def parse_media(raw: bytes) -> Media | None:
    """Read a volume, disk or data section of either length; None where neither reading is plausible."""
    if len(raw) >= 1052:
        # The count of sectors is 64 bits in EnCase 5 and later, and 32 bits with zeros after it before.
        chunks, per_chunk, per_sector, sectors = struct.unpack_from("<IIIQ", raw, 4)
        media = Media(chunks, per_chunk, per_sector, sectors)
        if adler(raw[:1048]) == struct.unpack_from("<I", raw, 1048)[0] or media.is_plausible():
            return media if media.is_plausible() else None
    if len(raw) >= 94:
        chunks, per_chunk, per_sector, sectors = struct.unpack_from("<IIII", raw, 4)
        media = Media(chunks, per_chunk, per_sector, sectors)
        return media if media.is_plausible() else None
    return None


def stored_digests(kind: str, raw: bytes) -> list[tuple[str, str]]:
    """Return (algorithm, hex) pairs of a hash or digest section; zeros mean none was made."""
    if kind == "hash" and len(raw) >= 16:
        found = [("md5", raw[:16])]
    elif kind == "digest" and len(raw) >= 36:
        found = [("md5", raw[:16]), ("sha1", raw[16:36])]
    else:
        return []
    return [(algorithm, value.hex()) for algorithm, value in found if any(value)]


def is_digest_intact(kind: str, raw: bytes) -> bool:
    """Tell whether the section's own checksum agrees."""
    length = {"hash": 32, "digest": 76}.get(kind)
    if length is None or len(raw) < length + 4:
        return False
    return adler(raw[:length]) == int(struct.unpack_from("<I", raw, length)[0])


def bad_sectors(raw: bytes) -> list[tuple[int, int]]:
    """Return (first sector, count) of the sectors that the acquiring tool could not read (error2 section)."""
    if len(raw) < 524:
        return []
    count = struct.unpack_from("<I", raw)[0]
    count = min(count, (len(raw) - 524) // 8)
    return [struct.unpack_from("<II", raw, 520 + 8 * index) for index in range(count)]
