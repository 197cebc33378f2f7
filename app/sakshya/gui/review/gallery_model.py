"""The rows of the gallery: a flat array of item numbers, with tiles loaded for the rows near the window only."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from sakshya.domain.item import Status, Tile
from sakshya.gui.review.tile_words import spoken

Rows = NDArray[np.int64]
_ROOT = QModelIndex()
_KEPT_TILES = 20_000


class TileSource(Protocol):
    """Where tiles come from: the open case."""

    def tiles(self, ids: Sequence[int]) -> Sequence[Tile]:
        """Return the tiles of these items, in any order; an item that is gone is left out."""
        ...


class GalleryModel(QAbstractListModel):
    """All rows at once, their content by window; nothing here ever holds more of a picture than its mosaic."""

    def __init__(self, source: TileSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self.meanings: Mapping[str, str] = {}
        self._ids: Rows = np.empty(0, dtype=np.int64)
        self._tiles: dict[int, Tile] = {}

    @property
    def ids(self) -> Rows:
        """The item numbers in row order; not to be changed in place."""
        return self._ids

    def set_ids(self, ids: Sequence[int] | Rows) -> None:
        """Show these items from now on, in this order."""
        self.beginResetModel()
        self._ids = np.asarray(ids, dtype=np.int64)
        self._tiles.clear()
        self.endResetModel()

    def update_ids(self, ids: Sequence[int] | Rows) -> bool:
        """Show these items; rows that only came in at the end are added without disturbing the others.

        Tells whether the rows were replaced, so that the current row is lost.
        """
        new, had = np.asarray(ids, dtype=np.int64), len(self._ids)
        if len(new) < had or not np.array_equal(new[:had], self._ids):
            self.set_ids(new)
            return True
        if len(new) > had:
            self.beginInsertRows(_ROOT, had, len(new) - 1)
            self._ids = new
            self.endInsertRows()
        return False

    def drop(self, row: int) -> None:
        """Take one row out."""
        self.beginRemoveRows(_ROOT, row, row)
        self._tiles.pop(int(self._ids[row]), None)
        self._ids = np.delete(self._ids, row)
        self.endRemoveRows()

    def item_at(self, row: int) -> int | None:
        """Return the number of the item in a row, or None where there is no such row."""
        return int(self._ids[row]) if 0 <= row < len(self._ids) else None

    def row_of(self, item: int) -> int | None:
        """Return the row of an item, or None where it is not shown."""
        found = np.flatnonzero(self._ids == item)
        return int(found[0]) if len(found) else None

    def loaded(self, row: int) -> Tile | None:
        """Return a row's tile if it has been loaded; never reads the case."""
        return self._tiles.get(int(self._ids[row])) if 0 <= row < len(self._ids) else None

    def tile(self, row: int) -> Tile | None:
        """Return a row's tile, reading it from the case where it has not been loaded."""
        if self.loaded(row) is None:
            self.load(range(row, row + 1))
        return self.loaded(row)

    def load(self, rows: range) -> bool:
        """Read the tiles of these rows that are not there yet, in one query; tell whether any was read."""
        wanted = [int(one) for one in self._ids[max(0, rows.start) : rows.stop] if int(one) not in self._tiles]
        if not wanted:
            return False
        if len(self._tiles) > _KEPT_TILES:
            self._tiles.clear()
            wanted = [int(one) for one in self._ids[max(0, rows.start) : rows.stop]]
        for tile in self._source.tiles(wanted):
            self._tiles[int(tile.id)] = tile
        return True

    def refresh_blank(self) -> None:
        """Read anew the tiles of undecided items that nothing could be drawn of, as long as they wait to be decoded."""
        self.refresh([item for item, tile in self._tiles.items() if _is_blank(tile)])

    def blank(self, rows: range) -> list[int]:
        """Return the items of these rows that wait to be decoded."""
        return [int(tile.id) for row in rows if (tile := self.loaded(row)) is not None and _is_blank(tile)]

    def refresh(self, items: Sequence[int]) -> None:
        """Read these items' tiles anew where they are loaded, as after a decision."""
        stale = [item for item in items if item in self._tiles]
        for tile in self._source.tiles(stale) if stale else ():
            self._tiles[int(tile.id)] = tile

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """Return the number of items shown."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return a row's words for screen readers; the view paints without asking."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        tile = self.tile(index.row())
        return None if tile is None else spoken(tile, row=index.row(), total=len(self._ids), meanings=self.meanings)


def _is_blank(tile: Tile) -> bool:
    return tile.cells is None and tile.status is Status.UNDECIDED
