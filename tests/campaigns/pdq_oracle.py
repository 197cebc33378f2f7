"""Our PDQ against the `pdqhash` package, where it is installed, at quality 50 and above.

Equal but for rounding: a coefficient that equals the median to the last bit may fall on either side of it, which has
been seen about once in 5,000 drawings and then in two bits.
"""

import importlib
import random
import time
from pathlib import Path

from sakshya.media.fingerprint import pdq
from sakshya.testing import drawing


def run(folder: Path, seconds: float, rng: random.Random) -> str:
    """Compare random drawings for `seconds`."""
    try:
        oracle = importlib.import_module("pdqhash")
        cv2 = importlib.import_module("cv2")
    except ImportError:
        return "left out, the pdqhash package is not installed here"
    until, compared, differing, farthest = time.monotonic() + seconds, 0, 0, 0
    while time.monotonic() < until:
        how = rng.choice((drawing.teapot, drawing.landscape, drawing.pattern))
        picture = how(rng, rng.randrange(64, 513), rng.randrange(64, 513))
        bits, quality = oracle.compute(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
        expected = "".join(f"{int(''.join(map(str, bits[at : at + 4])), 2):x}" for at in range(0, 256, 4))
        value, own_quality = pdq(picture)
        if quality >= 50:
            compared += 1
            distance = (int(value, 16) ^ int(expected, 16)).bit_count()
            differing += distance > 0
            farthest = max(farthest, distance)
            assert own_quality == quality, f"quality {own_quality}, the package says {quality}"
    assert farthest <= 2, f"a picture differs by {farthest} bits"
    assert differing <= 1 + compared // 1000, f"{differing} of {compared} differ"
    return f"{compared} pictures, {differing} differ, by at most {farthest} bits"
