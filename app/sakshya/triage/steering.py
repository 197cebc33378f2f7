"""What a person may ask of a scan while it runs: stop, pause, leave a core, look at these first."""

import time
from collections.abc import Callable, Sequence

_POLL = 0.1


class Steering:
    """Asked often, by whatever runs; a subclass learns from somewhere what is wished.

    `stop` ends the work, `paused` holds it, `workers` bounds how many processes get work (None: all).
    """

    def __init__(self, stop: Callable[[], bool] = bool) -> None:
        self._stop = stop
        self.paused = False
        self.workers: int | None = None
        self._wanted: dict[int, None] = {}

    def __call__(self) -> bool:
        """Tell whether to stop."""
        return self._stop()

    def want(self, items: Sequence[int]) -> None:
        """Ask that these items, on screen now, are looked at before others; an earlier wish is dropped."""
        self._wanted = dict.fromkeys(items)

    def take_wanted(self) -> Sequence[int]:
        """Return the items asked for since the last call."""
        wanted, self._wanted = list(self._wanted), {}
        return wanted

    def at_most(self) -> int | None:
        """Return how many workers may get work: 0 while paused, None for all."""
        return 0 if self.paused else self.workers

    def hold(self) -> bool:
        """Return only when the work is not paused; tell whether to stop. For work that has no workers to spare."""
        while not self() and self.paused:
            time.sleep(_POLL)
        return self()


def steering(cancel: Callable[[], bool]) -> Steering:
    """Return a steering that at least stops when `cancel` says so."""
    return cancel if isinstance(cancel, Steering) else Steering(cancel)
