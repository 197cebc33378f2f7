"""Perceptual hashes: PDQ (256 bits) and pHash (64 bits). They lead to look-alikes and decide nothing."""

from functools import lru_cache
from typing import cast

import cv2
import numpy as np

from sakshya.domain.media import Fingerprint
from sakshya.media.limits import HASH_SIDE
from sakshya.media.pixels import Floats, Pixels, shrink

PDQ = "pdq"
PDQ_VERSION = "1"
PHASH = "phash"

_SAMPLES = 64
_WAVES = 16
_WINDOW_DIVISOR = 128
_QUALITY_DIVISOR = 90
_LUMA = np.array([[0.114, 0.587, 0.299]], dtype=np.float32)


def fingerprints(pixels: Pixels, route: str) -> tuple[Fingerprint, ...]:
    """Return the PDQ and pHash of an upright BGR picture; `route` is how it was decoded and is kept beside them."""
    if min(pixels.shape[:2]) > HASH_SIDE:
        pixels, route = shrink(pixels, HASH_SIDE), f"{route}; area {HASH_SIDE}"
    value, quality = pdq(pixels)
    phash, version = _phash(pixels)
    return (
        Fingerprint(PDQ, PDQ_VERSION, value, quality, route),
        Fingerprint(PHASH, version, phash, None, route),
    )


def pdq(pixels: Pixels) -> tuple[str, int]:
    """Return (64 hex digits, quality 0 to 100) of a BGR picture of any size, as published for PDQ version 1.

    A hash of a quality below 50 holds more noise than picture and should not be compared.
    """
    luma = cv2.transform(pixels.astype(np.float32), _LUMA)
    rows, columns = luma.shape[:2]
    down = [weights @ luma[first : first + len(weights)] for first, weights in _bands(rows)]
    sample = cast(Floats, np.stack(down) @ _matrix(columns).T)
    waves = _waves()
    coefficients = (waves @ sample @ waves.T).ravel()
    median = np.partition(coefficients, 127)[127]
    # Bit 0 is the first coefficient, and the published text form begins with bit 255.
    return np.packbits(coefficients[::-1] > median).tobytes().hex(), _quality(sample)


@lru_cache(maxsize=64)
def _bands(side: int) -> tuple[tuple[int, Floats], ...]:
    """Return, for each of the 64 samples along a side, where its band of pixels begins and what each of them weighs.

    The published filter averages twice over a window of a 128th of the side and keeps every sixty-fourth place; the
    two passes and the choice together are one weighted sum for each place, and only those sums are computed. The
    window holds fewer pixels at the edges and, where its width is even, reaches one further ahead than behind.
    """
    window = -(-side // _WINDOW_DIVISOR)
    ahead = (window + 2) // 2
    behind = window - ahead

    def around(place: int) -> slice:
        return slice(max(place - behind, 0), min(place + ahead, side))

    bands = []
    for sample in range(_SAMPLES):
        outer = around(int((sample + 0.5) * side / _SAMPLES))
        first, last = around(outer.start).start, around(outer.stop - 1).stop
        weights = np.zeros(last - first)
        for place in range(outer.start, outer.stop):
            inner = around(place)
            share = 1.0 / ((outer.stop - outer.start) * (inner.stop - inner.start))
            weights[inner.start - first : inner.stop - first] += share
        bands.append((first, weights.astype(np.float32)))
    return tuple(bands)


@lru_cache(maxsize=64)
def _matrix(side: int) -> Floats:
    matrix = np.zeros((_SAMPLES, side), np.float32)
    for row, (first, weights) in zip(matrix, _bands(side), strict=True):
        row[first : first + len(weights)] = weights
    return matrix


@lru_cache(maxsize=1)
def _waves() -> Floats:
    """The rows 1 to 16 of the 64-point discrete cosine transform; the constant one is left out."""
    frequency = np.arange(1, _WAVES + 1)[:, None]
    place = np.arange(_SAMPLES)[None, :]
    scale = np.sqrt(2.0 / _SAMPLES)
    return cast(Floats, (scale * np.cos(np.pi / 2 / _SAMPLES * frequency * (2 * place + 1))).astype(np.float32))


def _quality(sample: Floats) -> int:
    steps = (np.diff(sample, axis=0), np.diff(sample, axis=1))
    total = sum(int(np.abs(np.trunc(step * 100 / 255)).sum()) for step in steps)
    return min(total // _QUALITY_DIVISOR, 100)


def _phash(pixels: Pixels) -> tuple[str, str]:
    # imagehash brings SciPy with it: half a second that a run over known items need not spend.
    import imagehash
    from PIL import Image

    rgb = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)
    return str(imagehash.phash(Image.fromarray(rgb))), f"imagehash {imagehash.__version__}"
