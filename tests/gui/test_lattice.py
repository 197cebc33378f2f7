import pytest

from sakshya.gui.review.lattice import Lattice


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_row_at_a_rows_place_is_that_row(mirrored: bool) -> None:
    lattice = Lattice(1_000_003, 1283, 140, 121, mirrored)

    for row in (0, 1, 8, 9, 500_001, 1_000_002):
        x, y = lattice.place(row)
        assert lattice.row_at(x, y) == row
        assert lattice.row_at(x + 139, y + 120) == row


def test_no_row_lies_after_the_last_or_outside() -> None:
    lattice = Lattice(10, 400, 100, 50)

    assert lattice.row_at(250, 120) is None
    assert lattice.row_at(-1, 0) is None
    assert lattice.row_at(400, 0) is None
    assert lattice.rows_between(0, 10_000) == range(10)


def test_a_window_narrower_than_one_tile_still_has_one_column() -> None:
    lattice = Lattice(3, 20, 100, 50)

    assert lattice.columns == 1
    assert lattice.place(2) == (0, 100)
