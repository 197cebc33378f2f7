"""One folder of a 7z archive, a run of members packed as one stream, unpacked forward and no further than is read."""

import io
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.packed.faults import as_fault
from sakshya.evidence.damage import unreadable
from sakshya.evidence.file_object import FileObject

if TYPE_CHECKING:
    import py7zr

_PIECE = 1 << 20
# The library takes in so much with each answer, whether it needs it or not, and keeps what it does not need.
_INPUT = 1 << 15
# Some coders take in before they give; so many empty answers in a row mean that nothing will come.
_EMPTY_ANSWERS = 64


class Folder:
    """The stream of one folder; `at` bytes of it were given."""

    def __init__(self, archive: "py7zr.SevenZipFile", stream: BinaryIO, number: int) -> None:
        from py7zr.compressor import SevenZipDecompressor

        streams: Any = archive.header.main_streams
        folder = streams.unpackinfo.folders[number]
        first = sum(len(one.packed_indices) or 1 for one in streams.unpackinfo.folders[:number])
        start = archive.afterheader + streams.packinfo.packpositions[first]
        length = streams.packinfo.packpositions[first + 1] - streams.packinfo.packpositions[first]

        def read(offset: int, wanted: int) -> bytes:
            stream.seek(start + offset)
            return stream.read(wanted)

        self.number = number
        self.at = 0
        self._packed = FileObject(read, length)
        self._left = b""
        self._decompressor = SevenZipDecompressor(
            folder.coders, length, folder.unpacksizes, folder.crc, folder.password, _INPUT
        )

    def read(self, most: int) -> bytes:
        """Return up to `most` bytes, none where nothing more can be had."""
        if not self._left:
            self._left = self._next()
        part, self._left = self._left[:most], self._left[most:]
        self.at += len(part)
        return part

    def _next(self) -> bytes:
        for _ in range(_EMPTY_ANSWERS):
            if data := bytes(self._decompressor.decompress(self._packed, _PIECE)):
                return data
        return b""

    def skip(self, count: int) -> None:
        """Unpack `count` bytes and forget them."""
        while count > 0:
            data = self.read(count)
            if not data:
                raise unreadable(Reason.CUT_SHORT, f"the solid block ends after {self.at} bytes")
            count -= len(data)


class FolderMember(io.RawIOBase):
    """`size` bytes of a folder from where it stands; its CRC-32 is compared at the end where one is stated."""

    def __init__(self, folder: Folder, size: int, checked: int | None) -> None:
        super().__init__()
        self._folder = folder
        self._place = folder.at
        self._size = size
        self._checked = checked
        self._done = 0
        self._crc = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` as far as the member goes.

        Raises:
            EvidenceFault: the content is broken, or another member was opened meanwhile.
        """
        view = memoryview(buffer).cast("B")
        wanted = min(len(view), self._size - self._done)
        if not wanted:
            return 0
        if self._folder.at != self._place + self._done:
            raise unreadable(Reason.READ_ERROR, "another member of the solid block was opened meanwhile")
        with as_fault(f"after {self._done} bytes"):
            data = self._folder.read(wanted)
        if not data:
            raise unreadable(Reason.CUT_SHORT, f"{self._size} bytes are stated, {self._done} can be read")
        view[: len(data)] = data
        self._done += len(data)
        self._crc = zlib.crc32(data, self._crc)
        if self._done == self._size and self._checked is not None and self._crc != self._checked:
            raise unreadable(Reason.DIFFERS, f"CRC-32 {self._checked:08x} is stated, {self._crc:08x} was found")
        return len(data)


def as_stream(member: FolderMember) -> BinaryIO:
    """Return the member as a stream that fills what it is asked for."""
    return cast(BinaryIO, io.BufferedReader(member, 1 << 16))
