"""What the readers through the libfs* libraries have in common: their errors become faults, short reads too."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.damage import unreadable
from sakshya.evidence.filesystems import times
from sakshya.evidence.filesystems.filesystem import HOLE
from sakshya.evidence.layers.libyal import last_words
from sakshya.evidence.layers.window import Window

_FAILURES = (OSError, RuntimeError, ValueError, OverflowError, MemoryError, SystemError, UnicodeError)
_SPARSE = 1
_MOST_EXTENTS = 1 << 20
_AT_ONCE = 1 << 20
_NANOSECONDS = 1_000_000_000
T = TypeVar("T")


class LibraryEntry(Protocol):
    """A file entry as the libraries give it."""

    number_of_extents: int

    def get_extent(self, extent_index: int) -> tuple[int, int, int]:
        """Return (offset, length, flags)."""

    def read_buffer_at_offset(self, size: int, offset: int) -> bytes:
        """Return up to `size` bytes from `offset`."""


class Library:
    """Calls a library that reads a window, and says why a call failed."""

    def __init__(self, name: str, window: Window) -> None:
        self._name = name
        self._window = window

    def call(self, action: Callable[[], T], where: str) -> T:
        """Return what `action` gives.

        Raises:
            EvidenceFault: the library gave up, or went on over bytes that could not be read.
        """
        self._window.forget()
        try:
            result = action()
        except EvidenceFault:
            raise
        except _FAILURES as error:
            self._rethrow(error)
            raise unreadable(Reason.BAD_METADATA, f"{self._name}: {last_words(error)}", where=where) from error
        self._rethrow(None)
        return result

    def read(self, entry: LibraryEntry, offset: int, length: int, where: str) -> bytes:
        """Return `length` bytes of an entry's content from `offset`.

        Raises:
            EvidenceFault: they cannot all be read.
        """
        parts: list[bytes] = []
        while length > 0:
            size = min(length, _AT_ONCE)
            part = bytes(self.call(lambda at=offset, size=size: entry.read_buffer_at_offset(size, at), where))  # type: ignore[misc]
            if not part:
                raise unreadable(Reason.BAD_METADATA, f"{self._name}: the content ends at byte {offset}", where=where)
            parts.append(part)
            offset, length = offset + len(part), length - len(part)
        return b"".join(parts)

    def _rethrow(self, error: BaseException | None) -> None:
        fault = self._window.fault
        if fault is not None:
            raise EvidenceFault(fault.what, where=fault.where, reason=fault.reason) from error


def extents(entry: LibraryEntry, offset: int) -> tuple[tuple[int, int], ...]:
    """Return an entry's runs as offsets of the exhibit, where the volume starts at `offset`."""
    count = entry.number_of_extents
    if count > _MOST_EXTENTS:
        raise unreadable(Reason.TOO_MANY, f"a file in {count} pieces")
    runs: list[tuple[int, int]] = []
    for index in range(count):
        start, length, flags = entry.get_extent(index)
        runs.append((HOLE if flags & _SPARSE else start + offset, length))
    return tuple(runs)


def is_empty_run(run: tuple[int, int]) -> bool:
    """Tell whether a run is not stored."""
    return run[0] == HOLE


def moment(nanoseconds: int | None, filesystem: str) -> times.Time:
    """Return a time in nanoseconds since 1970; None where the file system has no place for it."""
    if nanoseconds is None:
        return times.not_kept(filesystem)
    return times.utc(*divmod(nanoseconds, _NANOSECONDS))
