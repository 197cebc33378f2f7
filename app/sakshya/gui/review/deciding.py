"""From a digit key to decisions: which items it is about, where the focus goes next, and taking it back."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, Signal

from sakshya.domain.category import CodeMeaning
from sakshya.domain.item import Status
from sakshya.gui.review.gallery_model import Rows
from sakshya.gui.review.gallery_view import GalleryView
from sakshya.gui.session import Session
from sakshya.gui.texts import tr

ASK_ABOVE = 50
_SETTLED = frozenset({Status.KNOWN, Status.IGNORABLE})
_OPEN = frozenset({Status.UNDECIDED})


class Deciding(QObject):
    """Decides for the current item or the selection, then moves on to the next undecided one."""

    said = Signal(str)

    def __init__(self, session: Session, view: GalleryView, *, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._view = session, view
        self.advance = True
        self.leaves_view: Callable[[Status], bool] = lambda status: False
        self.with_status: Callable[[frozenset[Status]], Rows] = lambda statuses: np.empty(0, dtype=np.int64)
        self.confirm: Callable[[int, CodeMeaning], bool] = lambda count, code: False

    def decide(self, digit: str) -> None:
        """Put the chosen items into the category that this digit stands for, if one does."""
        code = next((one for one in self._session.scheme.codes if one.key == digit), None)
        rows = self._rows()
        if code is None:
            self.said.emit(tr("The key {key} stands for no category of this scheme.", key=digit))
            return
        if not len(rows) or (len(rows) > ASK_ABOVE and not self.confirm(len(rows), code)):
            return
        items = [int(item) for item in self._view.gallery.ids[rows]]
        if self._session.decide(items, code):
            self._after(rows, items)

    def next_undecided(self, step: int = 1) -> None:
        """Go to the next undecided item after the current one, or before it where `step` is -1."""
        row = self._find(self._view.current_row() + step, step)
        if row is None:
            self.said.emit(tr("No further undecided item in this view."))
        else:
            self._view.go_to(row)

    def _rows(self) -> Rows:
        spans = self._view.selected_ranges()
        rows = np.concatenate([np.arange(span.start, span.stop) for span in spans]) if spans else np.empty(0)
        current = self._view.current_row()
        if len(rows) <= 1:
            return np.array([current] if current >= 0 else [], dtype=np.int64)
        return self._without_settled(np.sort(rows).astype(np.int64))

    def _without_settled(self, rows: Rows) -> Rows:
        """Many at once never takes known items along unseen; one by one they can be decided."""
        settled = np.isin(self._view.gallery.ids[rows], self.with_status(_SETTLED))
        if settled.any():
            self.said.emit(tr("{count} known items in the selection were left as they are.", count=int(settled.sum())))
        return rows[~settled]

    def _after(self, rows: Rows, items: list[int]) -> None:
        model, first = self._view.gallery, int(rows[0])
        if not self.leaves_view(Status.DECIDED):
            model.refresh(items)
            self._view.viewport().update()
            if self.advance:
                row = self._find(int(rows[-1]) + 1, 1)
                if row is not None:
                    self._view.go_to(row)
            return
        if len(rows) == 1:
            model.drop(first)
        else:
            model.set_ids(np.delete(model.ids, rows))
        row = self._find(first, 1) if self.advance else first
        self._view.go_to(first if row is None else row)

    def _find(self, start: int, step: int) -> int | None:
        """Return the nearest undecided row from `start` on; what is loaded is tried before the case is asked."""
        model = self._view.gallery
        stop = len(model.ids) if step > 0 else -1
        for row in range(max(start, -1) if step > 0 else min(start, len(model.ids) - 1), stop, step):
            tile = model.loaded(row)
            if tile is None:
                return self._find_in_case(row, step)
            if tile.status is Status.UNDECIDED:
                return row
        return None

    def _find_in_case(self, row: int, step: int) -> int | None:
        ids = self._view.gallery.ids
        rest = ids[row:] if step > 0 else ids[: row + 1]
        found = np.flatnonzero(np.isin(rest, self.with_status(_OPEN)))
        if not len(found):
            return None
        return row + int(found[0]) if step > 0 else int(found[-1])
