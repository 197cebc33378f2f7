"""Windows' thumbnail caches (`thumbcache_*.db`, Vista and later): entries marked CMMM with a picture each."""

import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from sakshya.domain.entry import EntryKind
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.archive import ArchiveMember
from sakshya.evidence.archives.packed.faults import as_fault
from sakshya.evidence.archives.packed.times import NO_TIMES
from sakshya.evidence.damage import unreadable

MARK = b"CMMM"
_HEAD = 4096
_LARGEST = 256 << 20
_PICTURES = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"BM", "bmp"))


class ThumbnailCache:
    """A cache; a member's number is the offset of its entry, its name the entry's 64-bit key."""

    format = "thumbcache"

    def __init__(self, stream: BinaryIO, size: int, _keys: Sequence[str]) -> None:
        self._stream = stream
        self._size = size
        with as_fault("the thumbnail cache cannot be read"):
            head = self._at(0, 24)
            first = int.from_bytes(head[12:16], "little")
            # Up to Windows 8 the first entry's offset stands at 12, later at 16.
            if self._at(first, 4) != MARK:
                first = int.from_bytes(head[16:20], "little")
        self._first = first

    def members(self) -> Iterator[ArchiveMember]:
        """Yield the pictures in the order of the cache.

        Raises:
            EvidenceFault: an entry makes no sense; what came before stands.
        """
        at = self._first
        while at + 24 <= self._size:
            head = self._at(at, 24)
            if not head.strip(b"\0"):
                return
            length = int.from_bytes(head[4:8], "little")
            if head[:4] != MARK or length < 24:
                raise unreadable(Reason.BAD_METADATA, f"the entry at byte {at} makes no sense")
            found = self._picture(at, length)
            if found is not None:
                key = int.from_bytes(head[8:16], "little")
                start, name = found
                yield ArchiveMember(at, f"{key:016x}.{name}", EntryKind.FILE, at + length - start, NO_TIMES)
            at += length

    def open(self, index: int) -> BinaryIO:
        """Return one picture.

        Raises:
            EvidenceFault: there is no entry there.
        """
        with as_fault(f"the entry at byte {index} cannot be read"):
            length = int.from_bytes(self._at(index + 4, 4), "little")
            found = self._picture(index, length)
            if found is None or length > _LARGEST:
                raise LookupError("it holds no picture")
            return io.BytesIO(self._at(found[0], index + length - found[0]))

    def close(self) -> None:
        """Nothing is held but the stream, which is the caller's."""

    def _picture(self, at: int, length: int) -> tuple[int, str] | None:
        head = self._at(at, min(length, _HEAD))
        # 56 bytes are the shortest header that any version of the cache writes before the data.
        places = [(place, name) for mark, name in _PICTURES if (place := head.find(mark, 48)) >= 0]
        return (at + min(places)[0], min(places)[1]) if places else None

    def _at(self, offset: int, length: int) -> bytes:
        self._stream.seek(offset)
        return self._stream.read(length)


def open_thumbcache(stream: BinaryIO, size: int, keys: Sequence[str]) -> ThumbnailCache:
    """Open a thumbnail cache.

    Raises:
        EvidenceFault: its head makes no sense.
    """
    return ThumbnailCache(stream, size, keys)
