"""A source as a seekable raw stream, for decoders that read where they like."""

import io

from sakshya.domain.source import Source


class SourceStream(io.RawIOBase):
    """Reads from `source`; never writes. Wrap it in `io.BufferedReader` for small reads."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source
        self._at = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be positioned."""
        return True

    def tell(self) -> int:
        """Return the position in bytes."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to `offset` bytes from the start, the position or the end; positions before the start are the start."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._source.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` from the position; 0 at the end."""
        view = memoryview(buffer).cast("B")
        want = min(len(view), max(0, self._source.size - self._at))
        data = self._source.read_at(self._at, want) if want else b""
        view[: len(data)] = data
        self._at += len(data)
        return len(data)
