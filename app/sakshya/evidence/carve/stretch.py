"""Free space as one stream of bytes, and parts of it put together."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

from sakshya.domain.locator import Run

_BLOCK = 1 << 18
_BLOCKS = 48
Part = tuple[int, int]


class Broken(Exception):
    """The bytes stop being this format: at the latest at `at`, at the earliest after `low` when that is known."""

    def __init__(self, at: int, low: int | None = None) -> None:
        super().__init__(at)
        self.at = at
        self.low = low


class Stretch:
    """Runs of free space, one after the other; what lies between two of them is allocated and passed over."""

    def __init__(self, read: Callable[[int, int], bytes], runs: Iterable[Run], grain: int) -> None:
        trimmed = [Run(run.offset, run.length - run.length % grain) for run in runs]
        self._runs = [run for run in trimmed if run.length > 0]
        self._starts = [0, *accumulate(run.length for run in self._runs)]
        self._read = read
        self.size = self._starts[-1]
        self._block = lru_cache(_BLOCKS)(self._load)

    def read(self, offset: int, length: int) -> bytes:
        """Return the bytes there; fewer only at the end."""
        length = min(length, self.size - offset)
        if length <= 0:
            return b""
        first, last = offset // _BLOCK, (offset + length - 1) // _BLOCK
        start = offset - first * _BLOCK
        if first == last:
            return self._block(first)[start : start + length]
        joined = b"".join(self._block(index) for index in range(first, last + 1))
        return joined[start : start + length]

    def runs(self, offset: int, length: int) -> list[Run]:
        """Return where those bytes lie in the exhibit."""
        found: list[Run] = []
        index = bisect_right(self._starts, offset) - 1
        while length > 0 and index < len(self._runs):
            within = offset - self._starts[index]
            taken = min(length, self._runs[index].length - within)
            found.append(Run(self._runs[index].offset + within, taken))
            offset, length, index = offset + taken, length - taken, index + 1
        return found

    def place(self, run: int) -> int | None:
        """Return where a byte of the exhibit lies in this stretch."""
        index = bisect_right(self._runs, run, key=lambda one: one.offset) - 1
        if index < 0 or run >= self._runs[index].offset + self._runs[index].length:
            return None
        return self._starts[index] + run - self._runs[index].offset

    def without(self, claimed: Sequence[Run], grain: int) -> "Stretch":
        """Return what is left when these runs are taken out, each rounded up to whole clusters."""
        left: list[Run] = []
        taken = sorted((run.offset, run.offset + -(-run.length // grain) * grain) for run in claimed)
        ends = [end for _, end in taken]
        for run in sorted(self._runs, key=lambda one: one.offset):
            start, stop = run.offset, run.offset + run.length
            for index in range(bisect_right(ends, start), len(taken)):
                low, high = taken[index]
                if low >= stop:
                    break
                if low > start:
                    left.append(Run(start, low - start))
                start = max(start, high)
            if start < stop:
                left.append(Run(start, stop - start))
        return Stretch(self._read, left, grain)

    def _load(self, index: int) -> bytes:
        offset = index * _BLOCK
        wanted = self.runs(offset, min(_BLOCK, self.size - offset))
        return b"".join(self._read(run.offset, run.length).ljust(run.length, b"\0") for run in wanted)


class Source:
    """The bytes that may be a file: parts of a stretch, read as if they lay together.

    `kept` is what was learnt from the first part; sources whose first parts begin at the same place may share it, as
    long as nothing is kept, or used, that depends on bytes from `sure` on.
    """

    def __init__(self, stretch: Stretch, parts: Sequence[Part], kept: dict[Any, Any] | None = None) -> None:
        self.stretch = stretch
        self.kept: dict[Any, Any] = {} if kept is None else kept
        self.is_joined = kept is not None
        self.parts = [part for part in parts if part[1] > 0]
        self._starts = [0, *accumulate(length for _, length in self.parts)]
        self.size = self._starts[-1]
        self.sure = self.parts[0][1] if self.is_joined else 0

    def read(self, offset: int, length: int) -> bytes:
        """Return the bytes there; fewer only at the end."""
        pieces: list[bytes] = []
        index = bisect_right(self._starts, offset) - 1
        while length > 0 and index < len(self.parts):
            start, available = self.parts[index]
            within = offset - self._starts[index]
            piece = self.stretch.read(start + within, min(length, available - within))
            pieces.append(piece)
            offset, length, index = offset + len(piece), length - len(piece), index + 1
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def stretch_place(self, offset: int) -> int:
        """Return where a byte of this source lies in its stretch."""
        index = min(bisect_right(self._starts, offset) - 1, len(self.parts) - 1)
        return self.parts[index][0] + offset - self._starts[index]

    def need(self, offset: int, length: int) -> bytes:
        """Return exactly that many bytes.

        Raises:
            Broken: they are not there.
        """
        found = self.read(offset, length)
        if len(found) < length:
            raise Broken(offset)
        return found

    def runs(self, size: int) -> tuple[Run, ...]:
        """Return where the first `size` bytes lie in the exhibit, joined where they touch."""
        found: list[Run] = []
        for start, length in self.parts:
            for run in self.stretch.runs(start, min(length, size)):
                if found and found[-1].offset + found[-1].length == run.offset:
                    found[-1] = Run(found[-1].offset, found[-1].length + run.length)
                else:
                    found.append(run)
            size -= min(length, size)
        return tuple(found)
