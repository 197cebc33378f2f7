"""One measured figure against its goal."""

import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """`figure` must not exceed `limit`; `unit` and `against` say what they are. A figure of None was not measured."""

    name: str
    figure: float | None
    limit: float
    unit: str
    against: str

    @property
    def met(self) -> bool:
        """Tell whether the goal is met; what could not be measured here is not a miss."""
        return self.figure is None or self.figure <= self.limit

    def line(self) -> str:
        """Return the figure, the goal and the verdict."""
        if self.figure is None:
            return f"{self.name}: not measured, {self.against}"
        verdict = "met" if self.met else "MISSED"
        return f"{self.name}: {self.figure:.3g} {self.unit}, goal {self.limit:g} ({self.against}): {verdict}"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took, in seconds by the clock and of CPU, child processes included."""

    wall: float
    cpu: float


def cost(action: Callable[[], object]) -> Cost:
    """Run once and return what it took."""
    wall, cpu = time.monotonic(), _cpu()
    action()
    return Cost(time.monotonic() - wall, _cpu() - cpu)


def paired(first: Callable[[int], object], second: Callable[[int], object], pairs: int = 3) -> tuple[float, float]:
    """Run both in turn; return the median ratios first / second of wall and of CPU seconds."""
    costs = [(cost(lambda n=n: first(n)), cost(lambda n=n: second(n))) for n in range(pairs)]  # type: ignore[misc]
    return (
        statistics.median(one.wall / other.wall for one, other in costs),
        statistics.median(one.cpu / other.cpu for one, other in costs),
    )


def _cpu() -> float:
    total = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        total += usage.ru_utime + usage.ru_stime
    return total
