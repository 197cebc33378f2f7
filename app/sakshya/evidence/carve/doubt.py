"""Signs of foreign clusters in files whose format checks no content."""

import numpy as np
from numpy.typing import NDArray

from sakshya.evidence.carve.stretch import Broken, Source

_JPEG = 0xFFD8FF
_CHUNK = 4 << 20
_HEADS = np.array([0x89504E47, 0x47494638, 0x49492A00, 0x4D4D002A, 0x1A45DFA3])
_SMOOTH = 60
_NOISE = (79, 92)
_DARK = 12
_EDGE = 48
_STEP = 3


class Doubtful(Broken):
    """The bytes would pass, but from `at` on, `length` bytes seem to belong to something else."""

    def __init__(self, at: int, length: int) -> None:
        super().__init__(at)
        self.length = length


def check(source: Source, size: int, grain: int) -> None:
    """Look for clusters of zeros after a bright edge, of noise in a smooth picture, or that begin another file.

    Raises:
        Doubtful: there are such clusters.
    """
    step = _CHUNK - _CHUNK % grain or grain
    for start in range(0, size, step):
        piece = source.read(start, min(step, size - start))
        rows = np.frombuffer(piece, np.uint8, len(piece) // grain * grain).reshape(-1, grain)
        if not len(rows):
            return
        doubtful = _foreign(rows)
        doubtful[0] &= start > 0
        if doubtful.any():
            first = int(np.argmax(doubtful))
            after = np.nonzero(~doubtful[first:])[0]
            raise Doubtful(start + first * grain, grain * int(after[0] if len(after) else len(rows) - first))


def _foreign(rows: NDArray[np.uint8]) -> NDArray[np.bool_]:
    first = rows[:, :4].copy().view(">u4").reshape(-1)
    begins = np.isin(first, _HEADS) | (first >> 8 == _JPEG)
    empty: NDArray[np.bool_] = np.array(~rows.any(axis=1), np.bool_)
    edges = np.concatenate(([255.0], rows[:-1, -_EDGE:].mean(axis=1)))
    for index in np.nonzero(empty)[0].tolist():
        empty[index] = empty[index - 1] if index and not rows[index - 1].any() else edges[index] > _DARK
    rough = np.abs(rows[:, _STEP:].astype(np.int16) - rows[:, :-_STEP]).mean(axis=1)
    noisy = (rough > _NOISE[0]) & (rough < _NOISE[1]) & (np.median(rough) < _SMOOTH)
    doubtful: NDArray[np.bool_] = begins | empty | noisy
    return doubtful
