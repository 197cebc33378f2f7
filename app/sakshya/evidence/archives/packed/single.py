"""Compressed files that hold one other file: gzip, bzip2, xz, Zstandard, LZ4."""

import bz2
import gzip
import io
import lzma
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, cast

import lz4.frame
import zstandard

from sakshya.domain.entry import EntryKind
from sakshya.evidence.archives.archive import ArchiveMember
from sakshya.evidence.archives.packed.faults import Checked, as_fault
from sakshya.evidence.archives.packed.times import NO_TIMES, from_posix, only_modified

_LONGEST_NAME = 4096
_NAMED = 8


class _Zstandard(io.RawIOBase):
    """A Zstandard file; going back begins anew, which its library does not do by itself."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self._begin()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        target = offset + (self._at if whence == io.SEEK_CUR else 0)
        if whence == io.SEEK_END or target < 0:
            raise io.UnsupportedOperation("only its end tells how long a compressed file is")
        if target < self._at:
            self._stream.seek(0)
            self._begin()
        while self._at < target and self.read(min(1 << 20, target - self._at)):
            pass
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        view = memoryview(buffer).cast("B")
        data = self._reader.read(len(view))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def _begin(self) -> None:
        decompressor = zstandard.ZstdDecompressor()
        self._reader = decompressor.stream_reader(self._stream, read_across_frames=True, closefd=False)
        self._at = 0


_OPENERS: dict[str, Callable[[BinaryIO], BinaryIO]] = {
    "gz": lambda stream: cast(BinaryIO, gzip.GzipFile(fileobj=stream, mode="rb")),
    "bz2": lambda stream: cast(BinaryIO, bz2.BZ2File(stream)),
    "xz": lambda stream: cast(BinaryIO, lzma.LZMAFile(stream)),  # noqa: SIM115 - the caller closes it
    "zst": lambda stream: cast(BinaryIO, _Zstandard(stream)),
    "lz4": lambda stream: cast(BinaryIO, lz4.frame.LZ4FrameFile(stream)),
}


class CompressedFile:
    """One compressed file over a stream."""

    def __init__(self, format_name: str, stream: BinaryIO) -> None:
        self.format = format_name
        self._stream = stream

    def members(self) -> Iterator[ArchiveMember]:
        """Yield the one member; its length is known only when it has been read."""
        name, times = "content", NO_TIMES
        if self.format == "gz":
            self._stream.seek(0)
            head = self._stream.read(10 + _LONGEST_NAME)
            name = _gzip_name(head) or name
            if seconds := int.from_bytes(head[4:8], "little"):
                times = only_modified(from_posix(seconds))
        yield ArchiveMember(0, name, EntryKind.FILE, None, times)

    def open(self, index: int) -> BinaryIO:
        """Return the content.

        Raises:
            EvidenceFault: it cannot be unpacked.
        """
        self._stream.seek(0)
        with as_fault("the content cannot be unpacked"):
            return cast(BinaryIO, io.BufferedReader(Checked(_OPENERS[self.format](self._stream))))

    def close(self) -> None:
        """Nothing is held but the stream, which is the caller's."""


def opener(format_name: str) -> Callable[[BinaryIO, int, Sequence[str]], CompressedFile]:
    """Return what opens files of one of the formats."""
    return lambda stream, _size, _keys: CompressedFile(format_name, stream)


def _gzip_name(head: bytes) -> str:
    flags = head[3] if len(head) > 10 else 0
    if not flags & _NAMED:
        return ""
    at = 10
    if flags & 4:
        at += 2 + int.from_bytes(head[10:12], "little")
    end = head.find(b"\0", at)
    return head[at:end].decode("latin-1") if end > at else ""


FORMATS = {name: opener(name) for name in _OPENERS}
