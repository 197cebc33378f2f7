"""Where files begin."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from sakshya.evidence.carve import bmp, ebml, gif, isobmff, jpeg, png, riff, tiff
from sakshya.evidence.carve.stretch import Source, Stretch

_PIECE = 4 << 20
_JPEG = 0xFFD8FF
_FIRST = {
    0x89504E47: (png.measure, False),
    0x47494638: (gif.measure, False),
    0x52494646: (riff.measure, True),
    0x49492A00: (tiff.measure, True),
    0x4D4D002A: (tiff.measure, True),
    0x1A45DFA3: (ebml.measure, True),
}
_FTYP = 0x66747970
_BMP = 0x424D
Measure = Callable[[Source], tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Head:
    """A file's first bytes, how such a file is measured, and whether its content is not checked by that."""

    at: int
    measure: Measure
    weak: bool


def heads(stretch: Stretch, step: int) -> Iterator[Head | int]:
    """Yield the heads that stand at multiples of `step`, and how far the search has come."""
    for start in range(0, stretch.size, _PIECE):
        piece = stretch.read(start, _PIECE)
        words = np.frombuffer(piece, ">u4", len(piece) // 4).reshape(-1, step // 4)[:, :2]
        first, second = words[:, 0], words[:, 1]
        hits = np.isin(first, list(_FIRST)) | (first >> 8 == _JPEG) | (second == _FTYP) | (first >> 16 == _BMP)
        for index in np.nonzero(hits)[0].tolist():
            yield _head(start + index * step, int(first[index]), int(second[index]))
        yield start + len(piece)


def is_head(word: int) -> bool:
    """Tell whether the first four bytes are a head that hardly occurs by chance."""
    return word in _FIRST or word >> 8 == _JPEG


def _head(at: int, first: int, second: int) -> Head:
    if first in _FIRST:
        return Head(at, *_FIRST[first])
    if first >> 8 == _JPEG:
        return Head(at, jpeg.measure, False)
    return Head(at, isobmff.measure, True) if second == _FTYP else Head(at, bmp.measure, True)
