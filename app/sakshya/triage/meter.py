"""How fast a scan goes and how long it will still take, for a person who waits for it."""

import time
from collections import deque

from sakshya.casefile.reached import Reached
from sakshya.domain.entry import EntryKind
from sakshya.domain.item import Part
from sakshya.triage.engine.batch import Done
from sakshya.triage.eta import Estimate
from sakshya.triage.events import Live, Progress
from sakshya.triage.forecast import Forecast, Rates

_TICK = 0.2
_WINDOW = 10.0


class Meter:
    """Counts what comes back. `settled` and `looked` are bytes and CPU seconds of the two stages.

    The time left is told in seconds of work at this machine's rates, so that a byte to be decoded counts for more than
    a byte to be hashed.
    """

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self.settled = (0, 0.0)
        self.looked = (0, 0.0)
        self._media_share = 0.0
        self._shown = 0.0
        self._recent: deque[tuple[float, int, int]] = deque()
        self._start(Reached(None, 0, 0, 0, 0), None)

    def expect(self, foretold: Forecast) -> None:
        """Take from a forecast which share of the bytes will probably be decoded."""
        self._media_share = foretold.media_bytes / foretold.bytes if foretold.bytes else 0.0

    def begin(self, came: Reached, chosen: int | None) -> None:
        """Begin a stage; `chosen` counts the files that a quick scan will read, None where it is all of them."""
        self._start(came, chosen)

    def _start(self, came: Reached, chosen: int | None) -> None:
        self._came = came
        self._chosen = chosen
        self._files = self._bytes = self._known = self._looks = 0
        self._members = 0
        self._queued = came.to_look
        self._queued_bytes = self._look_bytes = 0
        self._estimate = Estimate(0)

    def add(self, done: Done) -> None:
        """Take note of a batch."""
        looks = [one for one in done.findings if one.part is Part.LOOKED]
        size = sum(one.size for one in done.findings)
        if looks:
            self.looked = (self.looked[0] + size, self.looked[1] + done.cpu_seconds)
            self._looks += len(looks)
            self._look_bytes += size
        else:
            self.settled = (self.settled[0] + size, self.settled[1] + done.cpu_seconds)
            self._files += len(done.findings)
            self._bytes += size
        queued = [one for one in done.findings if one.part is Part.SETTLED]
        self._queued += len(queued)
        self._queued_bytes += sum(one.size for one in queued)
        self._known += sum(bool(one.matches) for one in done.findings)
        self._members += sum(one.kind is EntryKind.FILE for finding in done.findings for one in finding.members)
        now = time.monotonic()
        self._recent.append((now, size, len(done.findings)))
        while now - self._recent[0][0] > _WINDOW:
            self._recent.popleft()
        self._tell(now)

    def is_due(self) -> bool:
        """Tell, at most five times a second, that a person should see new figures."""
        now = time.monotonic()
        if now - self._shown < _TICK:
            return False
        self._shown = now
        return True

    def progress(self) -> Progress:
        """Return where the scan stands."""
        low, high = self._estimate.left()
        waiting = max(0, self._queued - self._looks)
        share = self._now().words()
        figures = self._live(waiting, share)
        if self._files < self._to_settle() or not self._queued:
            return Progress("reading", self._files, self._to_settle(), "files", low, high, share, figures)
        done = min(self._looks, self._queued)
        return Progress("looking", done, self._queued, "pictures and videos", low, high, share, figures)

    def _to_settle(self) -> int:
        left = self._came.files - self._came.files_done + self._members
        return max(self._files, left if self._chosen is None else min(self._chosen, left))

    def _now(self) -> Reached:
        came = self._came
        return Reached(
            came.depth,
            came.files + self._members,
            came.files_done + self._files,
            max(came.bytes, came.bytes_done + self._bytes),
            came.bytes_done + self._bytes,
        )

    def _live(self, waiting: int, share: str) -> Live:
        if not self._recent:
            return Live(0.0, 0.0, self._known, waiting, share)
        seconds = max(0.5, time.monotonic() - self._recent[0][0])
        size, files = (sum(one[at] for one in self._recent) / seconds for at in (1, 2))
        return Live(size, files, self._known, waiting, share)

    def _tell(self, now: float) -> None:
        rates, came = self._rates, self._came
        files_left = max(0, self._to_settle() - self._files)
        whole = came.bytes - came.bytes_done
        if self._chosen is not None and self._files:
            whole = min(whole, self._bytes * self._to_settle() // self._files)
        bytes_left = max(0, whole - self._bytes)
        done = rates.settle_seconds(self._files, self._bytes) + rates.look_seconds(self._look_bytes)
        unseen = max(0, self._queued_bytes - self._look_bytes) + self._media_share * bytes_left
        left = rates.settle_seconds(files_left, bytes_left) + rates.look_seconds(unseen)
        self._estimate.total = round(1000 * (done + left))
        self._estimate.add(now, round(1000 * done))
