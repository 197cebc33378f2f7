"""How long a job will still take, as a range from a moving window."""

from collections import deque

_WINDOW = 60.0


class Estimate:
    """Fed with (time, done), gives bounds on the seconds left; None until three seconds of rate are known.

    The range comes from the fastest and slowest half of the last minute, so a job whose speed varies says so.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self._marks: deque[tuple[float, int]] = deque()

    def add(self, now: float, done: int) -> None:
        """Record that `done` units were done at the monotonic time `now` in seconds."""
        self._marks.append((now, done))
        while self._marks and now - self._marks[0][0] > _WINDOW:
            self._marks.popleft()

    def left(self) -> tuple[float, float] | tuple[None, None]:
        """Return the lower and upper bound in seconds."""
        if len(self._marks) < 3 or self._marks[-1][0] - self._marks[0][0] < 3.0:
            return None, None
        middle = self._marks[len(self._marks) // 2]
        rates = [
            rate
            for first, last in ((self._marks[0], middle), (middle, self._marks[-1]))
            if (rate := _rate(first, last)) > 0
        ]
        if not rates:
            return None, None
        rest = max(0, self.total - self._marks[-1][1])
        return rest / max(rates) * 0.9, rest / min(rates) * 1.1


def _rate(first: tuple[float, int], last: tuple[float, int]) -> float:
    seconds = last[0] - first[0]
    return (last[1] - first[1]) / seconds if seconds > 0 else 0.0
