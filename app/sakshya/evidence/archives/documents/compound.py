"""Compound files (OLE2, [MS-CFB]) through olefile: their streams, bounded."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.offered import Offer
from sakshya.evidence.archives.packed.faults import as_fault
from sakshya.evidence.damage import unreadable

STREAM_LIMIT = 512 << 20
Path = tuple[str, ...]


class Compound:
    """A compound file over a stream; a stream in it is held in memory whole while it is read."""

    def __init__(self, stream: BinaryIO) -> None:
        import olefile

        with as_fault("the compound file cannot be read"):
            self._ole: Any = olefile.OleFileIO(stream)
            self.paths: list[Path] = [tuple(path) for path in self._ole.listdir(streams=True, storages=False)]
        # The library reads as many sectors as a stream states, round and round where their chain is a circle.
        self._most = len(self._ole.fat) * self._ole.sector_size
        self._ole.num_mini_fat_sectors = min(self._ole.num_mini_fat_sectors, len(self._ole.fat))
        self._ole.root.size = min(self._ole.root.size, self._most)
        self._sizes: dict[Path, int] = {path: int(self._ole.get_size(list(path))) for path in self.paths}

    def has(self, *path: str) -> bool:
        """Tell whether there is a stream of that path."""
        return path in self._sizes

    def size(self, path: Path) -> int:
        """Return the length in bytes that the directory states."""
        return self._sizes[path]

    def read(self, path: Path, length: int = -1) -> bytes:
        """Return a stream's first `length` bytes, all where it is negative.

        Raises:
            EvidenceFault: its sectors cannot be followed, or it states more than the file has.
        """
        if self._sizes[path] > self._most:
            raise unreadable(Reason.BAD_METADATA, f"a stream of {self._sizes[path]} bytes in a smaller file")
        with as_fault("/".join(path)):
            return bytes(self._ole.openstream(list(path)).read(length))

    def offer(self, path: Path, name: str = "") -> Offer:
        """Return the offer of a whole stream."""
        barrier = ""
        if self._sizes[path] > STREAM_LIMIT:
            barrier = f"{Reason.TOO_LARGE.value}: a stream of {self._sizes[path]} bytes"
        shown = name or "/".join(part.replace("\x01", "[1]").replace("\x05", "[5]") for part in path)
        return Offer(shown, lambda: self.read(path), self._sizes[path], barrier=barrier)

    def readable(self) -> Iterator[Path]:
        """Yield the paths of the streams that are not longer than is held in memory."""
        return (path for path in self.paths if 0 < self._sizes[path] <= STREAM_LIMIT)

    def close(self) -> None:
        """Let go of the stream."""
        self._ole.close()
