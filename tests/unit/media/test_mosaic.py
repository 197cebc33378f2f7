import numpy as np
import pytest

from sakshya.media.mosaic import mosaic
from tests.unit.media.generated import quarters, rings


@pytest.mark.parametrize(
    ("width", "height", "columns", "rows"),
    [(4000, 3000, 16, 12), (3000, 4000, 9, 12), (1600, 400, 16, 4), (1, 5000, 1, 12), (5000, 1, 16, 1), (3, 2, 3, 2)],
)
def test_a_mosaic_keeps_the_proportions_within_16_by_12_cells(width: int, height: int, columns: int, rows: int) -> None:
    found = mosaic(np.zeros((height, width, 3), np.uint8))

    assert (found.columns, found.rows) == (columns, rows)


def test_each_cell_is_the_grey_average_of_its_area() -> None:
    found = mosaic(quarters(640, 480))

    assert set(found.cells) == {0, 80, 170, 255}
    assert found.cells[0] == 0
    assert found.cells[-1] == 255


def test_the_same_picture_gives_the_same_mosaic() -> None:
    assert mosaic(rings(900, 700)) == mosaic(rings(900, 700))
