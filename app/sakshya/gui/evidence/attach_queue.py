"""Attaches many exhibits one after the other, hashing each in the background, and says how each came out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from sakshya.gui.background import Job
from sakshya.gui.texts import isolated, tr
from sakshya.triage.events import Finished, Progress
from sakshya.workbench import AttachRequest

_ROOT = QModelIndex()
Start = Callable[[AttachRequest], Job | None]


class Stand(Enum):
    """How far one of them is."""

    WAITING = "waiting"
    HASHING = "hashing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(slots=True, eq=False)
class Queued:
    """One exhibit to attach."""

    request: AttachRequest
    stand: Stand = Stand.WAITING
    said: str = ""


class AttachQueue(QAbstractTableModel):
    """Columns: exhibit, file, state. `finished` comes when nothing waits any more."""

    finished = Signal()
    attached = Signal()

    def __init__(self, start: Start, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._start = start
        self._items: list[Queued] = []
        self._now: Queued | None = None
        self._job: Job | None = None

    @property
    def running(self) -> bool:
        """True while one is being hashed."""
        return self._now is not None

    @property
    def items(self) -> Sequence[Queued]:
        """All of them, in order."""
        return tuple(self._items)

    def add(self, requests: Sequence[AttachRequest]) -> None:
        """Put exhibits at the end of the queue and begin if nothing runs."""
        first = len(self._items)
        self.beginInsertRows(_ROOT, first, first + len(requests) - 1)
        self._items += [Queued(request) for request in requests]
        self.endInsertRows()
        self.next()

    def next(self) -> None:
        """Begin with the next that waits, unless one runs or the case is busy with something else."""
        if self._now is not None:
            return
        waiting = next((one for one in self._items if one.stand is Stand.WAITING), None)
        if waiting is None:
            return
        job = self._start(waiting.request)
        if job is None:
            return
        self._now, self._job = waiting, job
        self._set(waiting, Stand.HASHING, "")
        job.happened.connect(self._on_events)
        job.done.connect(self._on_done)
        job.failed.connect(self._on_failed)
        job.ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    def cancel(self, rows: Sequence[int]) -> None:
        """Take some out that wait, and stop the one that is being hashed if it is among them."""
        for row in rows:
            one = self._items[row]
            if one.stand is Stand.WAITING:
                self._set(one, Stand.CANCELLED, "")
            elif one.stand is Stand.HASHING and self._job is not None:
                self._job.cancel()

    def clear_ended(self) -> None:
        """Forget those that ended."""
        self.beginResetModel()
        self._items = [one for one in self._items if one.stand in (Stand.WAITING, Stand.HASHING)]
        self.endResetModel()

    # Qt's questions

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """Return how many there are."""
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """Return the number of columns."""
        return 3

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """Return a column's title."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return (tr("Exhibit"), tr("File"), tr("State"))[section]

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return a cell's words."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        one = self._items[index.row()]
        said = f"{stand_words(one.stand)}: {one.said}" if one.said else stand_words(one.stand)
        return (one.request.number, isolated("; ".join(one.request.files)), said)[index.column()]

    # The job

    def _on_events(self, events: list[object]) -> None:
        steps = [event for event in events if isinstance(event, Progress)]
        if steps and self._now is not None and steps[-1].total:
            self._set(self._now, Stand.HASHING, f"{100 * steps[-1].done // steps[-1].total} %")

    def _on_done(self, last: object) -> None:
        if self._now is not None:
            self._set(self._now, Stand.DONE, last.text if isinstance(last, Finished) else "")

    def _on_failed(self, fault: object) -> None:
        if self._now is not None:
            stopped = self._job is not None and self._job.cancelled
            self._set(self._now, Stand.CANCELLED if stopped else Stand.FAILED, "" if stopped else str(fault))

    def _on_ended(self) -> None:
        self._now = self._job = None
        self.attached.emit()
        self.next()
        if self._now is None:
            self.finished.emit()

    def _set(self, one: Queued, stand: Stand, said: str) -> None:
        one.stand, one.said = stand, said
        row = self._items.index(one)
        self.dataChanged.emit(self.index(row, 0), self.index(row, 2))


def stand_words(stand: Stand) -> str:
    """Return how far one is, in words."""
    return {
        Stand.WAITING: tr("waiting"),
        Stand.HASHING: tr("computing digests"),
        Stand.DONE: tr("attached"),
        Stand.FAILED: tr("NOT attached"),
        Stand.CANCELLED: tr("cancelled"),
    }[stand]
