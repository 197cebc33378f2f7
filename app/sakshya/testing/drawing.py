"""Ordinary pictures drawn by the program: teapots, patterns and landscapes.

Only whole-number arithmetic and `random.Random` are used, so that one seed draws the same pixels on every Python.
"""

from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]

ENCODER = f"OpenCV {cv2.__version__}"


def teapot(rng: Random, width: int, height: int) -> Picture:
    """Draw a teapot with a pattern on a table; `width` and `height` in pixels."""
    return _table_with_teapot(rng, width, height, rng.randint(4, 14))


def plain_teapot(rng: Random, width: int, height: int) -> Picture:
    """Draw a teapot without a pattern on a table; `width` and `height` in pixels."""
    return _table_with_teapot(rng, width, height, 0)


def _table_with_teapot(rng: Random, width: int, height: int, spots: int) -> Picture:
    picture = _backdrop(rng, width, height)
    unit = min(width, height) * rng.randint(28, 40) // 100
    x, y = width * rng.randint(40, 60) // 100, height * rng.randint(56, 66) // 100
    _teapot_at(picture, rng, (x, y, unit), spots)
    return _grain(picture, rng)


def teapot_frame(rng_seed: int, width: int, height: int, step: int) -> Picture:
    """Draw one frame of a teapot that moves to the right, `step` in hundredths of the width."""
    rng = Random(rng_seed)
    picture = _backdrop(rng, width, height)
    _teapot_at(picture, rng, (width * (10 + step) // 100, height * 3 // 5, height // 4), 8)
    return picture


def landscape(rng: Random, width: int, height: int) -> Picture:
    """Draw hills under a sky, with trees or a lake in front."""
    picture = _gradient(_bright(rng), _bright(rng), width, height)
    sun = width * rng.randint(8, 92) // 100, height * rng.randint(8, 35) // 100
    cv2.circle(picture, sun, height * rng.randint(4, 11) // 100, (200, 240, 255), -1, cv2.LINE_AA)
    for _ in range(rng.randint(2, 7)):
        _cloud(picture, rng)
    for layer in range(rng.randint(2, 5)):
        _hills(picture, rng, height * (30 + layer * 13 + rng.randint(0, 12)) // 100)
    if rng.random() < 0.5:
        _lake(picture, rng)
    for _ in range(rng.randint(3, 30)):
        _tree(picture, rng)
    return _grain(picture, rng)


def pattern(rng: Random, width: int, height: int) -> Picture:
    """Draw tiles, stripes, rings, patches or a weave."""
    draw: Callable[[Random, int, int], Picture] = rng.choice([_tiles, _stripes, _rings, _patches, _weave])
    return _grain(draw(rng, width, height), rng)


def smaller(picture: Picture, percent: int) -> Picture:
    """Return the picture scaled down to `percent` of its width and height."""
    height, width = picture.shape[:2]
    size = max(width * percent // 100, 1), max(height * percent // 100, 1)
    return _pixels(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR_EXACT))


def jpeg(picture: Picture, quality: int = 88) -> bytes:
    """Encode a picture as baseline JPEG, `quality` 1 to 100."""
    return _encode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])


def png(picture: Picture) -> bytes:
    """Encode a picture as PNG."""
    return _encode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 4])


def bmp(picture: Picture) -> bytes:
    """Encode a picture as uncompressed BMP."""
    return _encode(".bmp", picture, [])


def _encode(suffix: str, picture: Picture, parameters: list[int]) -> bytes:
    done, encoded = cv2.imencode(suffix, picture, parameters)
    if not done:
        raise ValueError(f"the encoder refused a {suffix} picture of {picture.shape}")
    return encoded.tobytes()


def _pixels(picture: Any) -> Picture:  # noqa: ANN401 - OpenCV's stubs give a wider array type than it returns
    return np.asarray(picture, dtype=np.uint8)


def _bright(rng: Random) -> Colour:
    return rng.randint(120, 255), rng.randint(120, 255), rng.randint(120, 255)


def _any(rng: Random) -> Colour:
    return rng.randint(10, 245), rng.randint(10, 245), rng.randint(10, 245)


def _flat(colour: Colour, width: int, height: int) -> Picture:
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = colour
    return picture


def _gradient(top: Colour, bottom: Colour, width: int, height: int) -> Picture:
    down = np.arange(height, dtype=np.int32)[:, None]
    rows = (np.array(top, np.int32) * (height - down) + np.array(bottom, np.int32) * down) // height
    return _pixels(np.broadcast_to(rows[:, None, :], (height, width, 3)).copy())


def _grain(picture: Picture, rng: Random) -> Picture:
    """Add a little sensor noise, so that the pictures compress like photographs and not like drawings."""
    height, width = picture.shape[:2]
    rows = np.frombuffer(rng.randbytes(height * 64), np.uint8).reshape(height, 64) >> 5
    noise = np.tile(rows, (1, width // 64 + 1))[:, :width, None]
    return _pixels(np.minimum(picture, 248) + noise)


def _backdrop(rng: Random, width: int, height: int) -> Picture:
    wall = rng.choice([_stripes, _tiles, _patches])(rng, width, height) if rng.random() < 0.6 else None
    picture = _gradient(_bright(rng), _any(rng), width, height)
    if wall is not None:
        picture = _pixels(picture // 2 + wall // 2)
    edge = height * rng.randint(55, 72) // 100
    picture[edge:] = _gradient(_any(rng), _any(rng), width, height - edge)
    for _ in range(rng.randint(3, 9)):
        x = rng.randrange(width)
        cv2.line(picture, (x, edge), (x + rng.randint(-width, width) // 3, height), _any(rng), 2, cv2.LINE_AA)
    return picture


def _teapot_at(picture: Picture, rng: Random, place: tuple[int, int, int], spots: int) -> None:
    x, y, unit = place
    glaze, trim, side = _bright(rng), _any(rng), rng.choice([-1, 1])
    ink = (30, 30, 30)
    cv2.ellipse(picture, (x, y + unit * 8 // 10), (unit * 12 // 10, unit // 5), 0, 0, 360, (60, 60, 70), -1)
    cv2.ellipse(picture, (x - side * unit, y), (unit // 2, unit // 2), 0, 0, 360, trim, max(unit // 7, 2), cv2.LINE_AA)
    spout = [(8, 4), (15, -6), (17, -5), (12, 6), (7, 7)]
    points = np.array([[x + side * unit * a // 10, y + unit * b // 10] for a, b in spout], np.int32)
    cv2.fillPoly(picture, [points], glaze, cv2.LINE_AA)
    cv2.polylines(picture, [points], True, ink, 2, cv2.LINE_AA)
    body = unit, unit * 8 // 10
    cv2.ellipse(picture, (x, y), body, 0, 0, 360, glaze, -1, cv2.LINE_AA)
    for _ in range(spots):
        spot = x + rng.randint(-unit, unit) * 6 // 10, y + rng.randint(-unit, unit) // 2
        cv2.circle(picture, spot, max(unit * rng.randint(3, 12) // 100, 1), _any(rng), -1, cv2.LINE_AA)
    cv2.ellipse(picture, (x, y), body, 0, 0, 360, ink, 2, cv2.LINE_AA)
    lid = x, y - unit * 7 // 10
    cv2.ellipse(picture, lid, (unit // 2, unit // 5), 0, 180, 360, trim, -1, cv2.LINE_AA)
    cv2.circle(picture, (x, y - unit * 9 // 10), max(unit // 9, 1), trim, -1, cv2.LINE_AA)


def _cloud(picture: Picture, rng: Random) -> None:
    height, width = picture.shape[:2]
    x, y = rng.randrange(width), height * rng.randint(3, 40) // 100
    for _ in range(4):
        spread = width * rng.randint(3, 9) // 100
        at = x + rng.randint(-spread, spread), y + rng.randint(-spread, spread) // 4
        cv2.ellipse(picture, at, (spread, spread // 3), 0, 0, 360, (235, 235, 235), -1, cv2.LINE_AA)


def _hills(picture: Picture, rng: Random, base: int) -> None:
    height, width = picture.shape[:2]
    heights = [rng.randint(0, height // 3) for _ in range(rng.randint(3, 9))]
    for _ in range(3):
        middles = [(a + b) // 2 + rng.randint(-height, height) // 40 for a, b in pairwise(heights)]
        heights = [h for pair in zip(heights, middles, strict=False) for h in pair] + heights[-1:]
    last = len(heights) - 1
    ridge = [(width * i // last, base + height // 8 - h) for i, h in enumerate(heights)]
    cv2.fillPoly(picture, [np.array([(0, height), *ridge, (width, height)], np.int32)], _any(rng), cv2.LINE_AA)


def _lake(picture: Picture, rng: Random) -> None:
    height, width = picture.shape[:2]
    top = height * rng.randint(70, 85) // 100
    picture[top:] = _gradient(_any(rng), _bright(rng), width, height - top)
    for _ in range(25):
        x, y = rng.randrange(width), rng.randint(top, height - 1)
        cv2.line(picture, (x, y), (x + width // rng.randint(6, 20), y), _bright(rng), 1)


def _tree(picture: Picture, rng: Random) -> None:
    height, width = picture.shape[:2]
    x, y, size = rng.randrange(width), height * rng.randint(65, 98) // 100, height * rng.randint(5, 17) // 100
    cv2.rectangle(picture, (x - size // 12, y - size // 3), (x + size // 12, y), (30, 50, 80), -1)
    green = rng.randint(10, 60), rng.randint(60, 140), rng.randint(10, 60)
    if rng.random() < 0.5:
        points = np.array([(x - size // 3, y - size // 4), (x, y - size), (x + size // 3, y - size // 4)], np.int32)
        cv2.fillPoly(picture, [points], green, cv2.LINE_AA)
    else:
        cv2.circle(picture, (x, y - size // 2), max(size // 3, 1), green, -1, cv2.LINE_AA)


def _tiles(rng: Random, width: int, height: int) -> Picture:
    picture, step = _flat(_any(rng), width, height), max(width // rng.randint(4, 11), 8)
    palette = [_any(rng) for _ in range(3)]
    for y in range(0, height, step):
        for x in range(0, width, step):
            corner = x + step - 3, y + step - 3
            cv2.rectangle(picture, (x, y), corner, rng.choice(palette), -1)
            if rng.random() < 0.4:
                cv2.circle(picture, (x + step // 2, y + step // 2), step // 3, rng.choice(palette), -1, cv2.LINE_AA)
    return picture


def _stripes(rng: Random, width: int, height: int) -> Picture:
    picture, x = _flat(_any(rng), width, height), -height
    lean = rng.randint(-height, height)
    while x < width + height:
        broad = width * rng.randint(2, 13) // 100 + 1
        corners = [(x, 0), (x + broad, 0), (x + broad + lean, height), (x + lean, height)]
        cv2.fillPoly(picture, [np.array(corners, np.int32)], _any(rng), cv2.LINE_AA)
        x += broad
    return picture


def _rings(rng: Random, width: int, height: int) -> Picture:
    picture = _flat(_any(rng), width, height)
    for _ in range(rng.randint(2, 6)):
        centre = rng.randrange(width), rng.randrange(height)
        for radius in range(height * rng.randint(20, 60) // 100, 4, -max(height // rng.randint(10, 26), 3)):
            cv2.circle(picture, centre, radius, _any(rng), -1, cv2.LINE_AA)
    return picture


def _patches(rng: Random, width: int, height: int) -> Picture:
    picture = _flat(_any(rng), width, height)
    for _ in range(rng.randint(12, 40)):
        points = [(rng.randint(-width // 4, width * 5 // 4), rng.randint(-height // 4, height * 5 // 4)) for _ in "abc"]
        cv2.fillPoly(picture, [np.array(points, np.int32)], _any(rng), cv2.LINE_AA)
    return picture


def _weave(rng: Random, width: int, height: int) -> Picture:
    picture = _pixels(_stripes(rng, width, height) // 2 + _stripes(rng, height, width).transpose(1, 0, 2) // 2)
    for _ in range(rng.randint(2, 8)):
        at = rng.randrange(width), rng.randrange(height)
        cv2.rectangle(picture, at, (at[0] + width // 4, at[1] + height // 5), _any(rng), rng.choice([-1, 5]))
    return picture
