"""A source in memory, for tests of whatever reads one stream."""

from collections.abc import Iterator
from dataclasses import dataclass

from sakshya.domain.locator import Locator


@dataclass(frozen=True, slots=True)
class MemorySource:
    """A stream of given bytes that keeps the promises of `domain.source.Source`."""

    content: bytes
    locator: Locator

    @property
    def size(self) -> int:
        """Length in bytes."""
        return len(self.content)

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`; shorter only at the end."""
        return self.content[offset : offset + length]

    def chunks(self, size: int = 1 << 20) -> Iterator[bytes]:
        """Yield the whole stream once, in order, in pieces of at most `size` bytes."""
        for offset in range(0, self.size, size):
            yield self.read_at(offset, size)


def memory_source(content: bytes, *, path: str = "/memory.bin", exhibit: str = "EX-1") -> MemorySource:
    """Return a source of `content` that says it lies at `path` in volume 1 of `exhibit`."""
    return MemorySource(content, Locator(exhibit, 1, 1 << 20, 1, path))
