"""The mosaic: the few grey cells that are all the case keeps of a picture."""

import cv2

from sakshya.domain.media import Mosaic
from sakshya.media.pixels import Pixels

COLUMNS = 16
ROWS = 12


def mosaic(pixels: Pixels) -> Mosaic:
    """Return an upright BGR picture as grey cells, each the average of its area, in the picture's proportions."""
    rows, columns = pixels.shape[:2]
    # No cell is smaller than a pixel: the mosaic of a tiny picture has fewer cells and not invented ones.
    scale = min(COLUMNS / columns, ROWS / rows, 1.0)
    size = min(COLUMNS, max(1, round(columns * scale))), min(ROWS, max(1, round(rows * scale)))
    cells = cv2.resize(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), size, interpolation=cv2.INTER_AREA)
    return Mosaic(size[0], size[1], cells.tobytes())
