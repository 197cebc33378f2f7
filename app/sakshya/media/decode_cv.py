"""The fast decoder: OpenCV, strict, reduced while decoding where the format allows it."""

from typing import cast

import cv2
import numpy as np

from sakshya.media.failure import out_of_memory
from sakshya.media.limits import CHUNKS
from sakshya.media.pixels import Pixels

CV_FAST = frozenset({"jpeg", "png", "webp", "bmp"})
"""Formats that OpenCV is asked first for."""

CV_SECOND = frozenset({"hdr", "pnm", "sun", "jp2", "j2k"})
"""Formats that OpenCV is asked for where Pillow has no decoder or refused."""

_REDUCED = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}
_NO_MEMORY = -4


def chunks_fit(data: bytes) -> bool:
    """Tell whether every chunk of a PNG lies within it.

    OpenCV makes room for a chunk of any length it reads before it looks for its bytes: up to 4 GB, filled with zeros.
    """
    at = 8
    for _ in range(CHUNKS):
        if at + 12 > len(data):
            return False
        if data[at + 4 : at + 8] == b"IEND":
            return True
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return False


def cv_decode(data: bytes, denominator: int) -> Pixels | None:
    """Return the picture as BGR at 1/denominator, not turned; None where OpenCV does not decode it.

    Raises:
        UndecodableError: the memory limit was met.
    """
    # OpenCV raises on an empty buffer and returns nothing on a broken one.
    if not data:
        return None
    flags = _REDUCED[denominator] | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        if error.code == _NO_MEMORY:
            raise out_of_memory() from None
        return None
    if pixels is None or pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:
        return None
    return cast(Pixels, pixels)
