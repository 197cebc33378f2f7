"""Our PDQ against the `pdqhash` package, where it is installed: bit-equal at quality 50 and above."""

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
    until, compared, differing = time.monotonic() + seconds, 0, 0
    while time.monotonic() < until:
        how = rng.choice((drawing.teapot, drawing.landscape, drawing.pattern))
        picture = how(rng, rng.randrange(64, 513), rng.randrange(64, 513))
        bits, quality = oracle.compute(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
        expected = "".join(f"{int(''.join(map(str, bits[at : at + 4])), 2):x}" for at in range(0, 256, 4))
        value, own_quality = pdq(picture)
        if quality >= 50:
            compared += 1
            differing += value != expected or own_quality != quality
    assert not differing, f"{differing} of {compared} differ"
    return f"{compared} pictures, all equal"
