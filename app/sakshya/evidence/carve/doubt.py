"""Signs of foreign clusters in files whose format checks no content."""

import numpy as np

from sakshya.evidence.carve.stretch import Source

_JPEG = 0xFFD8FF
_CHUNK = 4 << 20
_HEADS = np.array([0x89504E47, 0x47494638, 0x49492A00, 0x4D4D002A, 0x1A45DFA3])


def first_doubt(source: Source, size: int, grain: int) -> int | None:
    """Return the first border after which another file begins or a cluster of zeros lies, or None."""
    step = _CHUNK - _CHUNK % grain or grain
    for start in range(0, size, step):
        piece = source.read(start, min(step, size - start))
        rows = np.frombuffer(piece, np.uint8, len(piece) // grain * grain).reshape(-1, grain)
        first = rows[:, :4].copy().view(">u4").reshape(-1)
        doubtful = np.isin(first, _HEADS) | (first >> 8 == _JPEG) | ~rows.any(axis=1)
        doubtful[:1] &= start > 0
        if doubtful.any():
            return start + int(np.argmax(doubtful)) * grain
    return None
