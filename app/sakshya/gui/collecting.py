"""Python's cyclic garbage is collected from the event loop, and never in the middle of painting.

A collection may destroy widgets that nobody holds any more; where it strikes inside a paint event, Qt is left with a
painter on what is gone and the process ends.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 1000


class Collector(QObject):
    """Takes automatic collection over from Python while it lives; `stop` gives it back."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(_INTERVAL_MS)
        gc.disable()

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.enable()

    def _collect(self) -> None:
        """Collect the oldest generation that has passed its threshold, as Python would."""
        full = [generation for generation in range(3) if gc.get_count()[generation] > gc.get_threshold()[generation]]
        if full:
            gc.collect(max(full))
