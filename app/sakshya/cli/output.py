"""Prints: tables, JSON Lines, and the progress of a long job."""

import json
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from types import FrameType
from typing import Any

from sakshya.domain.faults import SakshyaFault
from sakshya.triage.events import Event, Finished, Note, Progress


def print_json(row: Mapping[str, object]) -> None:
    """Print one JSON line; lone surrogates never reach here, names are in their escaped form."""
    sys.stdout.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


class Interrupt:
    """Turns Ctrl-C into a wish to stop that a job asks for; a second Ctrl-C ends the program the hard way."""

    def __init__(self) -> None:
        self.wanted = False

    def __call__(self) -> bool:
        """Tell whether the user wants to stop."""
        return self.wanted

    def __enter__(self) -> "Interrupt":
        self._before = {number: signal.signal(number, self._note) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        if self.wanted:
            raise KeyboardInterrupt
        self.wanted = True


def run_job(start: Callable[[Interrupt], Iterator[Event]], *, jsonl: bool) -> Finished:
    """Run a job to its end, showing its events; return its last one.

    Raises:
        SakshyaFault: the job's own fault.
    """
    shows_progress = sys.stderr.isatty() and not jsonl
    last: Any = None
    try:
        with Interrupt() as interrupt:
            for event in start(interrupt):
                last = event
                if jsonl:
                    print_json(event.as_json())
                    sys.stdout.flush()
                elif isinstance(event, Progress) and shows_progress:
                    sys.stderr.write(f"\r\x1b[K{event.line()}")
                    sys.stderr.flush()
                elif isinstance(event, Note):
                    _clear(shown=shows_progress)
                    sys.stderr.write(f"note: {event.line()}\n")
    except SakshyaFault:
        _clear(shown=shows_progress)
        raise
    _clear(shown=shows_progress)
    if not jsonl:
        print(last.line())
    finished: Finished = last
    return finished


def _clear(*, shown: bool) -> None:
    if shown:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
