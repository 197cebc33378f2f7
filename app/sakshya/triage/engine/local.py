"""The default engine: spawned processes on this desk, one pipe each.

A process that dies or overstays on a hostile file costs that file. After the first death one warm spare is kept, so
that a disk full of such files does not wait for a start each time.
"""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing import RawArray
from multiprocessing.connection import Connection, wait
from typing import Any

from sakshya.domain.faults import EvidenceFault, StoppedFault
from sakshya.domain.unexamined import Reason
from sakshya.triage.engine.batch import Attempt, Batch, Done, Piece, Work
from sakshya.triage.engine.child import Child
from sakshya.triage.engine.limits import MEMORY, Limits, cpu_used
from sakshya.triage.engine.worker_main import worker_main

_POLL = 0.1
_IN_FLIGHT = 2
_STOOD_STILL = 20.0
# Decoders leak; a fresh process costs a second.
_FILES_A_WORKER = 20_000
_NEXT = {Attempt.TOGETHER: Attempt.ALONE, Attempt.ALONE: Attempt.DIGEST_ONLY}
_PATIENCE = {Attempt.TOGETHER: 1.0, Attempt.ALONE: 2.0, Attempt.DIGEST_ONLY: 2.0}


@dataclass
class _Worker:
    """One process, the batches it holds, and where it was when last looked at."""

    child: Child
    # Which batch (counted from the process's start) and which piece it is at: written there, read here.
    place: Any
    inflight: deque[Batch] = field(default_factory=deque)
    finished: int = 0
    files: int = 0
    seen: tuple[int, int] = (-1, -1)
    since: float = 0.0
    cpu_at: float = 0.0

    @property
    def connection(self) -> Connection:
        return self.child.conn

    def position(self) -> int:
        """Return the index of the piece it is at in the first batch it holds."""
        batch, index = self.place[0], self.place[1]
        return index if batch == self.finished and 0 <= index < len(self.inflight[0].pieces) else 0


class LocalEngine:
    """Runs batches in `workers` processes of `memory` bytes of private memory each."""

    def __init__(self, workers: int, *, memory: int = MEMORY) -> None:
        self.workers = max(1, workers)
        self.at_most: int | None = None
        self._looked = time.monotonic()
        self._memory = memory
        self._running: list[_Worker] = []
        self._spare: _Worker | None = None
        self._again: deque[Batch] = deque()

    def prepare(self, work: Work) -> None:
        """Start the workers, so that their imports are done when the first batch comes."""
        while len(self._running) < self.workers:
            self._running.append(self._start(work))

    def close(self) -> None:
        """Kill the workers and forget what they had to do."""
        self._again.clear()
        for worker in [*self._running, *([self._spare] if self._spare else [])]:
            worker.child.kill()
        self._running.clear()
        self._spare = None

    def run(self, work: Work, batches: Iterable[Batch], cancel: Callable[[], bool]) -> Generator[Done, None, None]:
        """Yield what came of each batch; every piece is answered exactly once.

        Raises:
            StoppedFault: `cancel` said so; the workers are killed at once.
        """
        source = iter(batches)
        try:
            while True:
                if cancel():
                    raise StoppedFault("stopped by the user")
                more = self._feed(work, source)
                if not more and not any(worker.inflight for worker in self._running):
                    return
                yield from self._collect(work)
        finally:
            self.close()

    def _feed(self, work: Work, source: Iterator[Batch]) -> bool:
        """Give every worker its share; return False when nothing is left to give."""
        allowed = self.workers if self.at_most is None else min(self.workers, self.at_most)
        for room in range(_IN_FLIGHT):
            for slot in range(allowed):
                if slot < len(self._running) and not self._has_room(work, slot, room):
                    continue
                batch = self._again.popleft() if self._again else next(source, None)
                if batch is None:
                    return False
                if slot >= len(self._running):
                    self._running.append(self._start(work))
                self._send(self._running[slot], batch)
        return True

    def _has_room(self, work: Work, slot: int, room: int) -> bool:
        """Tell whether a worker may get a batch; one that has read many files first finishes and is replaced."""
        worker = self._running[slot]
        if worker.files < _FILES_A_WORKER:
            return len(worker.inflight) <= room
        if worker.inflight:
            return False
        worker.child.kill()
        self._running[slot] = self._start(work)
        return True

    def _send(self, worker: _Worker, batch: Batch) -> None:
        worker.inflight.append(batch)
        worker.files += len(batch.pieces)
        try:
            worker.connection.send(batch)
        except OSError:
            return  # it died; _collect finds the batch among what it held
        if len(worker.inflight) == 1:
            worker.since, worker.cpu_at = time.monotonic(), cpu_used(worker.child.process.pid or 0)

    def _start(self, work: Work) -> _Worker:
        place = RawArray("q", [-1, -1])
        return _Worker(Child(worker_main, work, place, self._memory), place, since=time.monotonic())

    def _collect(self, work: Work) -> Iterator[Done]:
        """Wait a moment, then yield what finished and deal with who died or overstayed."""
        watched: list[Any] = []
        for worker in self._running:
            watched += [worker.connection, worker.child.process.sentinel]
        if watched:
            wait(watched, _POLL)
        else:
            time.sleep(_POLL)
        self._forgive_suspension()
        for slot, worker in enumerate(list(self._running)):
            if not worker.inflight:
                continue
            answers, reason = self._hear(worker)
            for kind, value in answers:
                if kind == "fault":
                    raise value
                for one in value.hungry:
                    self._again.append(Batch(one.exhibit, (one,), Attempt.ALONE, Reason.MEMORY_LIMIT))
                yield value
            if reason is not None:
                yield from self._bury(work, slot, reason)

    def _hear(self, worker: _Worker) -> tuple[list[tuple[Any, ...]], Reason | None]:
        """Return what a worker has said, and why it is to be buried, None where it works on."""
        answers: list[tuple[Any, ...]] = []
        try:
            while worker.inflight and (message := worker.child.receive(0)) is not None:
                answers.append(message)
                if message[0] == "fault":
                    break
                worker.inflight.popleft()
                worker.finished += 1
            return answers, self._overstayed(worker)
        except EvidenceFault:
            return answers, Reason.WORKER_DIED

    def _forgive_suspension(self) -> None:
        """Start every clock anew where this process itself stood still: the desk slept, or was stopped by hand."""
        now = time.monotonic()
        if now - self._looked > _STOOD_STILL:
            for worker in self._running:
                worker.seen = (-1, -1)
        self._looked = now

    def _overstayed(self, worker: _Worker) -> Reason | None:
        """Return TIME_LIMIT when the piece it is at has had more CPU time, or far more time, than it may have."""
        if not worker.inflight:
            return None
        seen = (worker.finished, worker.position())
        now = time.monotonic()
        if seen != worker.seen:
            worker.seen, worker.since = seen, now
            worker.cpu_at = cpu_used(worker.child.process.pid or 0)
            return None
        if now - worker.since < 1.0:
            return None
        batch = worker.inflight[0]
        limits = Limits(patience=_PATIENCE[batch.attempt])
        size = batch.pieces[seen[1]].size
        used = cpu_used(worker.child.process.pid or 0) - worker.cpu_at
        over = used > limits.cpu_seconds(size) or now - worker.since > limits.clock_seconds(size)
        return Reason.TIME_LIMIT if over else None

    def _bury(self, work: Work, slot: int, reason: Reason) -> Iterator[Done]:
        """Replace a worker; take its first batch apart and give the others back untouched."""
        dead = self._running[slot]
        index = dead.position()
        batch, rest = dead.inflight[0], list(dead.inflight)[1:]
        dead.child.kill()
        self._running[slot] = self._spare or self._start(work)
        self._spare = self._start(work)
        self._again.extendleft(reversed(rest))
        others = batch.pieces[:index] + batch.pieces[index + 1 :]
        if others:
            self._again.appendleft(replace(batch, pieces=others))
        suspect = batch.pieces[index]
        following = _NEXT.get(batch.attempt)
        if following is None:
            yield Done((self._blame(work, suspect, batch.failed or reason),))
        else:
            self._again.append(Batch(batch.exhibit, (suspect,), following, batch.failed or reason))

    @staticmethod
    def _blame(work: Work, piece: Piece, reason: Reason) -> Any:  # noqa: ANN401
        detail = "the process that read it ended, twice" if reason is Reason.WORKER_DIED else "it took too long, twice"
        return work.blame(piece, reason, detail)
