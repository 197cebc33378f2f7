"""The loop of one worker process."""

import contextlib
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any

from sakshya.domain.item import Finding
from sakshya.domain.unexamined import Reason
from sakshya.triage.engine.batch import Attempt, Batch, Done, Examine, Piece, Work
from sakshya.triage.engine.child import as_fault, prepare_child
from sakshya.triage.engine.limits import widen_this_process


def worker_main(conn: Connection, work: Work, place: Any, memory: int) -> None:  # noqa: ANN401
    """Answer batches until the pipe ends; `place` tells the parent which piece of which batch is in hand."""
    prepare_child(memory)
    number = 0
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            examine = work.begin()
        except Exception as error:  # noqa: BLE001  # door: worker process
            conn.send(("fault", as_fault(error)))
            return
        while True:
            batch: Batch = conn.recv()
            before = time.process_time()
            findings: list[Finding] = []
            hungry: list[Piece] = []
            with _allowance(memory, batch.attempt):
                for index, piece in enumerate(batch.pieces):
                    place[0], place[1] = number, index
                    finding = _examine(examine, work, piece, batch)
                    if finding is None:
                        hungry.append(piece)
                    else:
                        findings.append(finding)
            number += 1
            place[0], place[1] = number, 0
            done = Done(tuple(findings), time.process_time() - before, anonymous_bytes(), tuple(hungry))
            conn.send(("done", done))


@contextlib.contextmanager
def _allowance(memory: int, attempt: Attempt) -> Iterator[None]:
    """Let a file that is tried alone have twice the memory."""
    if attempt is Attempt.TOGETHER:
        yield
        return
    widen_this_process(2 * memory)
    try:
        yield
    finally:
        widen_this_process(memory)


def _examine(examine: Examine, work: Work, piece: Piece, batch: Batch) -> Finding | None:
    """Return the finding, None for a piece that met the memory limit for the first time."""
    try:
        return examine(piece, batch.attempt, batch.failed)
    except MemoryError:
        if batch.attempt is Attempt.TOGETHER:
            return None
        return work.blame(piece, Reason.MEMORY_LIMIT, "twice the memory of a worker was not enough")
    except Exception as error:  # noqa: BLE001  # door: worker process
        return work.blame(piece, Reason.READ_ERROR, f"{type(error).__name__}: {error}")


def anonymous_bytes() -> int:
    """Return this process's private memory now, in bytes; mapped files do not count. 0 where it is not told."""
    if sys.platform != "linux":
        return 0
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123  # opened for every batch
        return next((int(line.split()[1]) * 1024 for line in status if line.startswith("RssAnon")), 0)
