"""Prints: tables, JSON Lines, and the progress of a long job."""

import json
import re
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from types import FrameType
from typing import Any

from sakshya.domain.faults import SakshyaFault
from sakshya.triage.events import Event, Finished, Note, Progress
from sakshya.triage.forecast import Forecast
from sakshya.workbench.damaged import FileDamaged

# C1 controls with the next-line mark, line and paragraph separators, bidirectional controls, lone surrogates.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def print_json(row: Mapping[str, object]) -> None:
    """Print one JSON line; what many readers take for the end of a line, or a terminal for a command, is escaped."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.write(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")


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
                elif isinstance(event, Note | Forecast | FileDamaged):
                    _clear(shown=shows_progress)
                    lead = "note: " if isinstance(event, Note) else "to do: " if isinstance(event, Forecast) else ""
                    sys.stderr.write(f"{lead}{event.line()}\n")
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
