"""Holding a key to look: asks for the pixels, shows them while the key is down, and writes down for how long.

Releasing the key, losing the focus, leaving the window, Escape, a movement, or twenty seconds end the look at once.
"""

from dataclasses import dataclass
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from sakshya.domain.item import Status, Tile
from sakshya.gui.background import Clerk
from sakshya.gui.clear import Clear
from sakshya.gui.review.look_pane import LookPane
from sakshya.gui.texts import tr

LONGEST_SECONDS = 20
_LONG_SIDE = 1600


@dataclass(slots=True)
class _Hold:
    """One press of the key: which item, which answer is awaited, since when it is in clear."""

    item: int
    ticket: int
    reason: str
    since: float | None = None


class Looker(QObject):
    """Runs one look at a time. `looked` says that an item was opened in clear."""

    refused = Signal(str)
    looked = Signal(int)

    def __init__(self, pane: LookPane, clerk: Clerk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shut = ""
        self._pane = pane
        self._clerk = clerk
        self._hold: _Hold | None = None
        self._armed: tuple[int, str] | None = None
        self._longest = QTimer(self)
        self._longest.setSingleShot(True)
        self._longest.setInterval(LONGEST_SECONDS * 1000)
        self._longest.timeout.connect(self.end)
        clerk.answered.connect(self._on_answer)
        clerk.failed.connect(self._on_fault)

    @property
    def holding(self) -> bool:
        """True while the key is down, whether or not the pixels have come."""
        return self._hold is not None

    def arm(self, item: int, reason: str) -> None:
        """Let the next hold open this known item, for a stated reason. Another look or item takes that back."""
        self._armed = (item, reason)

    def disarm(self) -> None:
        """Take back what `arm` allowed."""
        self._armed = None

    def begin(self, tile: Tile, second: float | None = None) -> None:
        """Start a look; a known item without a stated reason is not opened, and that is said.

        Nothing is opened where `shut` gives a reason: a look that cannot be written into the ledger does not happen.
        """
        self.end()
        if self.shut:
            self.refused.emit(self.shut)
            return
        known = tile.status in (Status.KNOWN, Status.IGNORABLE)
        allowed = self._armed if self._armed is not None and self._armed[0] == int(tile.id) else None
        if known and allowed is None:
            self.refused.emit(
                tr("Known items stay closed. To open one for a reason: Review menu, Look at a known item.")
            )
            return
        reason = allowed[1] if allowed is not None and known else ""
        self._pane.open(tile)
        self._longest.start()
        self._hold = _Hold(int(tile.id), self._ask(int(tile.id), reason, second), reason)

    def step(self, second: float) -> None:
        """While a video is held open, ask for the frame at another second."""
        if self._hold is not None:
            self._hold.ticket = self._ask(self._hold.item, self._hold.reason, second)

    def end(self) -> None:
        """Drop the pixels at once, and write down how long they were shown."""
        hold, self._hold = self._hold, None
        self._pane.forget()
        self._longest.stop()
        if hold is not None:
            self._armed = None
            if hold.since is not None:
                self._clerk.ask("look_ended", item=hold.item, seconds=monotonic() - hold.since)

    def _ask(self, item: int, reason: str, second: float | None) -> int:
        return self._clerk.ask("look", item=item, long_side=_LONG_SIDE, second=second, reason=reason)

    def _on_answer(self, ticket: int, answer: object) -> None:
        # An answer that comes after the release is dropped unseen.
        if self._hold is None or ticket != self._hold.ticket or not isinstance(answer, Clear):
            return
        if self._hold.since is None:
            self._hold.since = monotonic()
            self.looked.emit(self._hold.item)
        self._pane.show_clear(answer)

    def _on_fault(self, ticket: int, fault: object) -> None:
        if self._hold is not None and ticket == self._hold.ticket:
            self._pane.say(str(fault))
