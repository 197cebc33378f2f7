"""Where each tile of a gallery lies, by arithmetic alone, so that a million rows cost what ten cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lattice:
    """Equal cells in equal columns, filled line by line; all lengths in logical pixels.

    `width` is the width of the viewport; cells spread over it evenly. `mirrored` fills from the right.
    """

    count: int
    width: int
    cell_width: int
    cell_height: int
    mirrored: bool = False

    @property
    def columns(self) -> int:
        """Number of cells side by side, at least one."""
        return max(1, self.width // self.cell_width)

    @property
    def lines(self) -> int:
        """Number of lines needed for all cells."""
        return -(-self.count // self.columns)

    @property
    def height(self) -> int:
        """Height of all lines together."""
        return self.lines * self.cell_height

    @property
    def pitch(self) -> int:
        """Distance from one column to the next; what is left over is spread between them."""
        return max(self.cell_width, self.width // self.columns)

    def place(self, row: int) -> tuple[int, int]:
        """Return the left and top of a row's cell, measured from the first line's top."""
        line, column = divmod(row, self.columns)
        if self.mirrored:
            column = self.columns - 1 - column
        return column * self.pitch, line * self.cell_height

    def row_at(self, x: int, y: int) -> int | None:
        """Return the row whose cell covers a point, or None."""
        if x < 0 or y < 0:
            return None
        column, line = x // self.pitch, y // self.cell_height
        if column >= self.columns:
            return None
        if self.mirrored:
            column = self.columns - 1 - column
        row = line * self.columns + column
        return row if row < self.count else None

    def rows_between(self, top: int, bottom: int) -> range:
        """Return the rows whose lines touch the span from `top` up to but without `bottom`."""
        first = max(0, top // self.cell_height) * self.columns
        last = max(0, -(-bottom // self.cell_height)) * self.columns
        return range(min(first, self.count), min(last, self.count))
