"""Work in other processes, watched from the window without ever waiting for it.

A job runs once and ends; a clerk stays and answers questions in turn. Both speak over a pipe, so that no picture, key
or passphrase passes through a file or shared memory.
"""

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from sakshya.domain.faults import EvidenceFault, SakshyaFault

_POLL_MS = 100
_ANSWER_POLL_MS = 12
_GRACE_SECONDS = 5.0
_LAST_WORDS_SECONDS = 1.5
_BATCH_LIMIT = 2000

Target = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Work:
    """A module-level function that runs in a fresh process as `target(pipe, *arguments)`; all of it is pickled."""

    target: Target
    arguments: tuple[object, ...]


class Job(QObject):
    """One run of a piece of work.

    The other side sends ("event", value), then ("done", value) or ("fault", SakshyaFault); it is told ("cancel",).
    Events arrive in batches, at most ten batches a second. `ended` comes last, once, whatever happened.
    """

    happened = Signal(list)
    done = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pipe, self._process = _start(work)
        self._cancelled_at: float | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._poll)
        self._timer.start()

    @property
    def running(self) -> bool:
        """True until the job has ended."""
        return self._timer.isActive()

    @property
    def cancelled(self) -> bool:
        """True from the moment the job was asked to stop."""
        return self._cancelled_at is not None

    def cancel(self) -> None:
        """Ask the work to stop; it is ended by force where it does not within five seconds."""
        if self.running and self._cancelled_at is None:
            self._cancelled_at = monotonic()
            with suppress(OSError):
                self._pipe.send(("cancel",))

    def tell(self, *wish: object) -> None:
        """Send the work a wish that does not end it; what it cannot take any more is lost with it."""
        if self.running:
            with suppress(OSError):
                self._pipe.send(wish)

    def close(self) -> None:
        """End at once, as when the window closes; what the work has committed stands."""
        if self.running:
            self.cancel()
            self._timer.stop()
            _hear_out(self._pipe)
            _stop(self._pipe, self._process)

    def _poll(self) -> None:
        events: list[object] = []
        ending: tuple[object, ...] | None = None
        try:
            while ending is None and len(events) < _BATCH_LIMIT and self._pipe.poll():
                message = self._pipe.recv()
                if message[0] == "event":
                    events.append(message[1])
                else:
                    ending = message
        except (EOFError, OSError):
            ending = ("fault", _died("the background work", self._process.exitcode))
        if events:
            self.happened.emit(events)
        if ending is not None:
            self._end(ending)
        elif self._cancelled_at is not None and monotonic() - self._cancelled_at > _GRACE_SECONDS:
            self._process.terminate()
            self._end(("fault", _died("the background work had to be stopped by force", None)))

    def _end(self, ending: tuple[object, ...]) -> None:
        self._timer.stop()
        # Not waited for: it is about to leave, and multiprocessing reaps it when the next one starts.
        self._pipe.close()
        (self.done if ending[0] == "done" else self.failed).emit(ending[1])
        self.ended.emit()


class Clerk(QObject):
    """A process that stays and answers questions in the order asked; started anew if it dies.

    The other side is sent (ticket, method, named values) and sends back (ticket, "done" or "fault", value).
    """

    answered = Signal(int, object)
    failed = Signal(int, object)

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._pipe: Connection | None = None
        self._process: multiprocessing.process.BaseProcess | None = None
        self._open: list[int] = []
        self._next = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_ANSWER_POLL_MS)
        self._timer.timeout.connect(self._poll)

    def start(self) -> None:
        """Start the process now, so that the first answer does not wait for it."""
        if self._pipe is None:
            self._pipe, self._process = _start(self._work)

    def ask(self, method: str, **values: object) -> int:
        """Ask a question; return the ticket under which its answer will come."""
        self.start()
        assert self._pipe is not None
        self._next += 1
        self._open.append(self._next)
        with suppress(OSError):
            # A pipe whose other end has died is found by the poll that follows, which fails the ticket.
            self._pipe.send((self._next, method, values))
        self._timer.start()
        return self._next

    def start_anew(self) -> None:
        """Let the process go without waiting for it; the next question starts another. What is open is forgotten."""
        self._timer.stop()
        self._open.clear()
        if self._pipe is not None:
            self._pipe.close()
        self._pipe = self._process = None

    def close(self) -> None:
        """End the process, as when the window closes."""
        self._timer.stop()
        self._open.clear()
        if self._pipe is not None and self._process is not None:
            _stop(self._pipe, self._process)
        self._pipe = self._process = None

    def _poll(self) -> None:
        answers: list[tuple[int, str, object]] = []
        try:
            while self._pipe is not None and self._pipe.poll():
                answers.append(self._pipe.recv())
        except (EOFError, OSError):
            answers += self._bury()
        for ticket, outcome, value in answers:
            if ticket in self._open:
                self._open.remove(ticket)
                (self.answered if outcome == "done" else self.failed).emit(ticket, value)
        if not self._open:
            self._timer.stop()

    def _bury(self) -> list[tuple[int, str, object]]:
        code = None if self._process is None else self._process.exitcode
        fault = _died("the reading process", code)
        lost = [(ticket, "fault", fault) for ticket in self._open]
        if self._pipe is not None:
            self._pipe.close()
        self._pipe = self._process = None
        return list(lost)


def _start(work: Work) -> tuple[Connection, multiprocessing.process.BaseProcess]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=work.target, args=(there, *work.arguments))
    process.start()
    there.close()
    return here, process


def _stop(pipe: Connection, process: multiprocessing.process.BaseProcess) -> None:
    pipe.close()
    process.join(0.3)
    if process.is_alive():
        process.terminate()
        process.join(1.0)
    if process.is_alive():
        process.kill()
        process.join(1.0)


def _hear_out(pipe: Connection) -> None:
    """Let work that was told to stop say its last words for a moment, so that it can end in order."""
    deadline = monotonic() + _LAST_WORDS_SECONDS
    with suppress(EOFError, OSError):
        while (left := deadline - monotonic()) > 0 and pipe.poll(left):
            if pipe.recv()[0] != "event":
                return


def _died(what: str, code: int | None) -> SakshyaFault:
    where = "" if code is None else f"its process ended with code {code}"
    return EvidenceFault(f"{what} ended unexpectedly", where=where, advice="start it again; what was saved stands")
