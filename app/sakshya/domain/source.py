"""A stream at a locator that can only be read."""

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from sakshya.domain.locator import Locator


@runtime_checkable
class Source(Protocol):
    """One byte stream of an exhibit; there is no way to write through it."""

    @property
    def locator(self) -> Locator:
        """Where the stream lies."""

    @property
    def size(self) -> int:
        """Length in bytes as the file system states it."""

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`; shorter only at the end.

        Raises:
            EvidenceFault: the bytes could not be read.
        """

    def chunks(self, size: int = 1 << 20) -> Iterator[bytes]:
        """Yield the whole stream once, in order, in pieces of at most `size` bytes.

        Raises:
            EvidenceFault: the bytes could not be read.
        """
