"""Waits for a drive that was pulled out: what it held is not unreadable, it is only away."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import EvidenceFault, SakshyaFault, StoppedFault
from sakshya.evidence.readonly import open_exhibit_file
from sakshya.triage.events import Event, Note

_POLL = 0.5
_REPEAT = 60.0


def missing(exhibits: Sequence[Exhibit]) -> tuple[Exhibit, str] | None:
    """Return the first exhibit with a file that is not there or gives no byte, and that file; None when all answer.

    A drive that was pulled out may leave its device or its folder behind, so one byte of each file is read.
    """
    for exhibit in exhibits:
        for file in dict.fromkeys((*exhibit.files, *exhibit.container.segments)):
            if not _answers(Path(file)):
                return exhibit, file
    return None


def refuse_vanished(exhibits: Sequence[Exhibit]) -> None:
    """Stop rather than list a whole disk as unreadable because its plug was pulled.

    Raises:
        EvidenceFault: a file of an exhibit is gone.
    """
    gone = missing(exhibits)
    if gone is not None:
        raise EvidenceFault(
            f"{gone[0].number} is not where it was",
            where=gone[1],
            advice="connect it again and start the scan again; it goes on where it stopped",
        )


def while_present(
    exhibits: Sequence[Exhibit], cancel: Callable[[], bool], stage: Callable[[], Iterator[Event]]
) -> Iterator[Event]:
    """Yield the events of a stage; where it fails because a drive is away, wait for the drive and run it again.

    Raises:
        SakshyaFault: the stage's own fault, with every exhibit in place.
        StoppedFault: `cancel` said so while waiting.
    """
    while True:
        try:
            yield from stage()
        except EvidenceFault:
            if missing(exhibits) is None:
                raise
        else:
            return
        yield from wait_until_back(exhibits, cancel)


def wait_until_back(
    exhibits: Sequence[Exhibit], cancel: Callable[[], bool], note: Callable[[str], Event] = Note
) -> Iterator[Event]:
    """Yield a note and wait while a file of an exhibit is away; yield nothing where all are there.

    The note comes again each minute, and a last one when the drive is back.

    Raises:
        StoppedFault: `cancel` said so while waiting.
    """
    gone = missing(exhibits)
    if gone is None:
        return
    told = -_REPEAT
    while gone is not None:
        if cancel():
            raise StoppedFault("stopped while waiting for a drive", where=gone[1], advice="scan again when it is back")
        now = time.monotonic()
        if now - told >= _REPEAT:
            told = now
            yield note(f"{gone[0].number} is away ({gone[1]}): the scan waits; connect it again and it goes on")
        time.sleep(_POLL)
        gone = missing(exhibits)
    yield note("every exhibit is there again: the scan goes on")


def _answers(file: Path) -> bool:
    if file.is_dir():
        return True
    try:
        with open_exhibit_file(file) as opened:
            return bool(opened.pread(0, 1))
    except (OSError, SakshyaFault):
        return False
