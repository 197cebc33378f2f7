"""Huffman codes of a JPEG, as tables that take 16 bits at once."""

from functools import lru_cache

import numpy as np

RUN = 64
_END_OF_BLOCK = 128
_NO_CODE = 1 << 20


@lru_cache(256)
def direct_steps(counts: bytes, symbols: bytes) -> list[int]:
    """Return for the next 16 bits of a DC code: the bits it takes with its value; 0 for no code."""
    return _lookup(counts, [length + symbol if symbol < 16 else 0 for length, symbol in _codes(counts, symbols)], 0)


@lru_cache(256)
def alternating_steps(counts: bytes, symbols: bytes) -> list[int]:
    """Return for the next 16 bits of an AC code: bits taken + RUN * coefficients passed."""
    values = []
    for length, symbol in _codes(counts, symbols):
        run, size = symbol >> 4, symbol & 15
        passed = run + 1 if size or run == 15 else _END_OF_BLOCK
        values.append(passed * RUN + length + size)
    return _lookup(counts, values, _NO_CODE * RUN)


@lru_cache(64)
def plain_symbols(counts: bytes, symbols: bytes) -> list[int]:
    """Return for the next 16 bits: length of the code + 32 * its symbol; 0 for no code."""
    return _lookup(counts, [length + 32 * symbol for length, symbol in _codes(counts, symbols)], 0)


def is_possible(counts: bytes) -> bool:
    """Tell whether there can be a code with so many words of each length."""
    return sum(count << (16 - length) for length, count in enumerate(counts, 1)) <= 1 << 16


def _codes(counts: bytes, symbols: bytes) -> list[tuple[int, int]]:
    lengths = [length for length, count in enumerate(counts, 1) for _ in range(count)]
    return list(zip(lengths, symbols, strict=True))


def _lookup(counts: bytes, values: list[int], missing: int) -> list[int]:
    lengths = [length for length, count in enumerate(counts, 1) for _ in range(count)]
    spans = [1 << (16 - length) for length in lengths]
    filled = np.repeat(np.array(values, np.int64), spans)
    rest = np.full((1 << 16) - len(filled), missing, np.int64)
    table: list[int] = np.concatenate((filled, rest)).tolist()
    return table
