"""Bytes of an exhibit in the shape that other libraries read: a file object that cannot write."""

import io
from collections.abc import Callable


class FileObject(io.RawIOBase):
    """A seekable, read-only file object over `read(offset, length)`, `size` bytes long."""

    def __init__(self, read: Callable[[int, int], bytes], size: int) -> None:
        super().__init__()
        self._read = read
        self._size = size
        self._at = 0

    def get_size(self) -> int:
        """Return the length in bytes; the disk libraries ask for it by this name."""
        return self._size

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to `offset` and return where that is."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        """Return up to `size` bytes from the position, all that follow where it is negative.

        Raises:
            EvidenceFault: the exhibit does not give the bytes.
        """
        left = max(0, self._size - self._at)
        length = left if size is None or size < 0 else min(size, left)
        data = self._read(self._at, length) if length else b""
        self._at += len(data)
        return data

    def readall(self) -> bytes:
        """Return all that follows the position."""
        return self.read(-1)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` from the position and return how many bytes that were."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
