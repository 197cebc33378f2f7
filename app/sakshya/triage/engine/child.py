"""One spawned process with one pipe: the only way evidence is touched.

`stream` runs a generator there and yields what it yields; `Server` keeps a process that answers one request at a time.
Losing the process is an EvidenceFault, never the end of the program.
"""

import contextlib
import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

from sakshya.domain.faults import EvidenceFault, SakshyaFault, StoppedFault
from sakshya.domain.unexamined import Reason
from sakshya.triage.engine.limits import MEMORY, bind_this_process, silence_this_process

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

Cancel = Callable[[], bool]

_SPAWN = multiprocessing.get_context("spawn")
_POLL = 0.1
_FLUSH_SECONDS = 0.1
_FLUSH_COUNT = 500


class Child:
    """A process running `target(conn, *args)`; `conn` is our end of its pipe."""

    def __init__(self, target: Callable[..., None], *args: object) -> None:
        self.conn, theirs = _SPAWN.Pipe()
        self.process: SpawnProcess = _SPAWN.Process(target=target, args=(theirs, *args), daemon=True)
        self.process.start()
        # Our copy of the child's end must go, or its death would never show as the end of the pipe.
        theirs.close()

    def receive(self, timeout: float) -> tuple[Any, ...] | None:
        """Return the next message, or None when `timeout` seconds pass without one.

        Raises:
            EvidenceFault: the process is gone and everything it sent was received.
        """
        wait([self.conn, self.process.sentinel], timeout)
        try:
            if self.conn.poll():
                message: tuple[Any, ...] = self.conn.recv()
                return message
        except (EOFError, OSError):
            pass
        else:
            if self.process.is_alive():
                return None
        self.process.join(1)
        raise EvidenceFault(
            f"the reading process ended unexpectedly (exit code {self.process.exitcode})",
            advice="the work can be repeated",
            reason=Reason.WORKER_DIED,
        )

    def kill(self) -> None:
        """End the process at once and free what belongs to it."""
        self.process.kill()
        self.process.join()
        self.conn.close()
        self.process.close()


def stream(function: Callable[..., Iterator[Any]], *args: object, cancel: Cancel, silence: float) -> Iterator[Any]:
    """Run the generator `function(*args)` in a child and yield its values in order.

    Args:
        function: a module-level generator function.
        args: its picklable arguments.
        cancel: asked ten times a second; True ends the child at once.
        silence: seconds without any value after which the child is taken for hanging and killed.

    Raises:
        StoppedFault: `cancel` said so.
        SakshyaFault: whatever fault the generator raised.
        EvidenceFault: the child died or hung.
    """
    child = Child(_serve_stream, function, args)
    try:
        last = time.monotonic()
        while True:
            if cancel():
                raise StoppedFault("stopped by the user")
            message = child.receive(_POLL)
            if message is None:
                if time.monotonic() - last > silence:
                    raise EvidenceFault(
                        f"the reading process gave no sign for {silence:.0f} s", reason=Reason.TIME_LIMIT
                    )
                continue
            last = time.monotonic()
            kind, value = message
            if kind == "end":
                return
            if kind == "fault":
                raise value
            yield from value
    finally:
        child.kill()


class Server:
    """A process that answers `handler(*request)`; `start` makes the handler there, once.

    Used for what a person waits for: folders of the tree, a reveal. The process is started at the first request and
    again after it died.
    """

    def __init__(self, start: Callable[..., Callable[..., Any]], *args: object) -> None:
        self._start = start
        self._args = args
        self._child: Child | None = None

    def call(self, *request: object, timeout: float = 60.0) -> Any:  # noqa: ANN401
        """Return the handler's answer.

        Raises:
            SakshyaFault: the handler's own fault.
            EvidenceFault: the process died or took longer than `timeout` seconds.
        """
        if self._child is None:
            self._child = Child(_serve_calls, self._start, self._args)
        try:
            self._child.conn.send(request)
            kind, value = self._answer(self._child, timeout)
        except EvidenceFault:
            self.close()
            raise
        except OSError as error:
            self.close()
            raise EvidenceFault("the reading process is gone", reason=Reason.WORKER_DIED) from error
        if kind == "fault":
            raise value
        return value

    @staticmethod
    def _answer(child: Child, timeout: float) -> tuple[Any, ...]:
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            message = child.receive(_POLL)
            if message is not None:
                return message
        raise EvidenceFault(f"no answer within {timeout:.0f} s", reason=Reason.TIME_LIMIT)

    def close(self) -> None:
        """End the process; a later call starts it again."""
        if self._child is not None:
            self._child.kill()
            self._child = None


def prepare_child(memory: int = MEMORY) -> None:
    """Do what every evidence-reading process does first: limits, silence, no reaction to the terminal's Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    silence_this_process()
    bind_this_process(memory)


def as_fault(error: Exception) -> SakshyaFault:
    """Return the error as a fault that can cross the pipe; memory and recursion limits keep their reason."""
    if isinstance(error, SakshyaFault):
        return error
    reason = Reason.MEMORY_LIMIT if isinstance(error, MemoryError) else Reason.READ_ERROR
    return EvidenceFault(f"reading failed ({type(error).__name__}: {error})", reason=reason)


def _serve_stream(conn: Connection, function: Callable[..., Iterator[Any]], args: tuple[Any, ...]) -> None:
    prepare_child()
    pending: list[Any] = []
    flushed = time.monotonic()
    with contextlib.suppress(BrokenPipeError):
        try:
            for value in function(*args):
                pending.append(value)
                now = time.monotonic()
                if len(pending) >= _FLUSH_COUNT or now - flushed > _FLUSH_SECONDS:
                    conn.send(("items", pending))
                    pending, flushed = [], now
            conn.send(("items", pending))
            conn.send(("end", None))
        except BrokenPipeError:
            raise
        except Exception as error:  # noqa: BLE001  # door: worker process
            if pending:
                conn.send(("items", pending))
            conn.send(("fault", as_fault(error)))


def _serve_calls(conn: Connection, start: Callable[..., Callable[..., Any]], args: tuple[Any, ...]) -> None:
    prepare_child()
    handler: Callable[..., Any] | None = None
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            request = conn.recv()
            try:
                handler = handler or start(*args)
                conn.send(("answer", handler(*request)))
            except (EOFError, BrokenPipeError):
                raise
            except Exception as error:  # noqa: BLE001  # door: worker process
                conn.send(("fault", as_fault(error)))
