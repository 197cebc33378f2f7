"""The scans of a progressive JPEG, decoded as far as tells whether they are whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sakshya.evidence.carve.jpeg_baseline import windows
from sakshya.evidence.carve.jpeg_codes import RUN

_LONGEST_CODE = 32


@dataclass(frozen=True, slots=True)
class Band:
    """The coefficients a scan gives: from, to, and whether it refines what an earlier scan gave."""

    first: int
    last: int
    refines: bool


class Interval:
    """The bits between two restarts."""

    def __init__(self, data: bytes) -> None:
        self.window = windows(data)
        self.end = len(data) * 8
        self.bit = 0
        self.run = 0

    def direct(self, tables: Iterable[list[int]], band: Band) -> bool:
        """Read the first coefficient of blocks; tell whether it went well."""
        for table in tables:
            step = 1 if band.refines else table[self._next()]
            self.bit += step
            if not step or self.bit > self.end:
                return False
        return True

    def first(self, table: list[int], band: Band, blocks: Iterator[int], masks: list[int]) -> bool:
        """Read a band of coefficients of each block for the first time."""
        for block in blocks:
            if self.run:
                self.run -= 1
                continue
            index, mask = band.first, 0
            while index <= band.last:
                run, size = self._symbol(table)
                if run < 0:
                    return False
                if size:
                    index += run
                    mask |= 1 << index
                    self.bit += size
                elif run < 15:
                    self.run = self._more(run) - 1
                    break
                else:
                    index += 15
                index += 1
            if index > band.last + 1 or self.bit > self.end:
                return False
            masks[block] |= mask
        return True

    def refine(self, table: list[int], band: Band, blocks: Iterator[int], masks: list[int]) -> bool:
        """Read one more bit of a band of coefficients of each block."""
        for block in blocks:
            index, before, mask = band.first, masks[block], 0
            while not self.run and index <= band.last:
                run, size = self._symbol(table)
                if run < 0 or size > 1:
                    return False
                self.bit += size
                if not size and run < 15:
                    self.run = self._more(run)
                    break
                index = self._passed(index, band.last, run, before)
                if size:
                    mask |= 1 << index
                index += 1
            if index > band.last + 1 or self.bit > self.end:
                return False
            if self.run:
                self.run -= 1
                if index <= band.last:
                    self.bit += (before >> index & ((2 << band.last - index) - 1)).bit_count()
            masks[block] |= mask
        return self.bit <= self.end

    def is_spent(self) -> bool:
        """Tell whether no bits and no promised empty blocks are left."""
        return not self.run and 0 <= self.end - self.bit < 16

    def _passed(self, index: int, last: int, run: int, before: int) -> int:
        while index <= last:
            if before >> index & 1:
                self.bit += 1
            elif run == 0:
                break
            else:
                run -= 1
            index += 1
        return index

    def _next(self) -> int:
        bit = self.bit
        return 0 if bit > self.end else (self.window[bit >> 3] >> (16 - (bit & 7))) & 0xFFFF

    def _symbol(self, table: list[int]) -> tuple[int, int]:
        value = table[self._next()]
        self.bit += value % 32
        symbol = value // 32
        return (symbol >> 4, symbol & 15) if value and self.bit <= self.end else (-1, 0)

    def _more(self, width: int) -> int:
        value = (1 << width) + (self._next() >> (16 - width))
        self.bit += width
        return value


class Kept:
    """How far the certain bits of an interval were decoded by the last try, and what was known then.

    `bits` is how many of its bits are certain; the last ones are left out, as a code may reach over the end.
    """

    def __init__(self, kept: dict[Any, Any], key: tuple[int, int, int], sure: int) -> None:
        self.bits = sure * 8 - _LONGEST_CODE
        self._kept = kept
        self._key = key
        self._is_known = False

    def restore(self, interval: Interval, blocks: range, masks: list[int]) -> int:
        """Put the interval and the masks as they were, and return the block to go on with."""
        found = self._kept.get(self._key) if self.bits > 0 else None
        if found is None:
            return blocks.start
        self._is_known = True
        block, interval.bit, interval.run, known = found
        masks[blocks.start : blocks.stop] = known
        return int(block)

    def note(self, interval: Interval, block: int, masks: list[int], blocks: range) -> None:
        """Keep the state before `block`, as long as no more than certain bits led to it."""
        if self.bits > 0 and not self._is_known and interval.bit <= self.bits:
            self._kept[self._key] = (block, interval.bit, interval.run, masks[blocks.start : blocks.stop])


assert RUN > 32
