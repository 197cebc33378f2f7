"""Arrays of pixels: blue, green, red, one byte each, rows from the top."""

from typing import Any, cast

import cv2
import numpy as np

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
Floats = np.ndarray[Any, np.dtype[np.float32]]

_SAME_TONE = 2
_FILLED = 0.995

# One picture at a time in a worker process; more threads would only fight over the cores.
cv2.setNumThreads(1)


def shrink(pixels: Pixels, short_side: int) -> Pixels:
    """Return the picture with its shorter side at most `short_side`, averaged over areas; never enlarged."""
    return _scale(pixels, short_side / min(pixels.shape[:2]))


def fit(pixels: Pixels, long_side: int) -> Pixels:
    """Return the picture with its longer side at most `long_side`, averaged over areas; never enlarged."""
    return _scale(pixels, long_side / max(pixels.shape[:2]))


def _scale(pixels: Pixels, factor: float) -> Pixels:
    if factor >= 1:
        return pixels
    rows, columns = pixels.shape[:2]
    size = max(1, round(columns * factor)), max(1, round(rows * factor))
    return cast(Pixels, cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


def is_filling(pixels: Pixels) -> bool:
    """Tell whether all but a few pixels are the tone with which a decoder fills what it could not read."""
    fill = pixels[-1, -1].astype(np.int16)
    alike = (np.abs(pixels.astype(np.int16) - fill) <= _SAME_TONE).all(axis=2)
    return bool(alike.mean() >= _FILLED)


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """Return the picture as its EXIF orientation (1 to 8) asks for it to be shown."""
    match orientation:
        case 2:
            turned = pixels[:, ::-1]
        case 3:
            turned = pixels[::-1, ::-1]
        case 4:
            turned = pixels[::-1]
        case 5:
            turned = pixels.transpose(1, 0, 2)
        case 6:
            turned = pixels[::-1].transpose(1, 0, 2)
        case 7:
            turned = pixels[::-1, ::-1].transpose(1, 0, 2)
        case 8:
            turned = pixels[:, ::-1].transpose(1, 0, 2)
        case _:
            return pixels
    return np.ascontiguousarray(turned)
