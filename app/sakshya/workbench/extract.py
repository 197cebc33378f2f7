"""Copies one file out of an exhibit; never a picture or a video."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sakshya.domain.digests import Digests
from sakshya.domain.faults import OperatorFault
from sakshya.domain.locator import Locator
from sakshya.domain.media import Kind
from sakshya.evidence.guard import refuse_on_exhibit
from sakshya.media.digest import Digester
from sakshya.triage.engine.child import stream
from sakshya.triage.reading import bytes_there, kind_there
from sakshya.workbench.unchanged import require_unchanged

if TYPE_CHECKING:
    from sakshya.workbench.bench import Workbench

_SILENCE = 120.0
_NEVER = bool


def extract(bench: "Workbench", locator_text: str, to: Path) -> int:
    """Write the bytes at a locator to the new file `to`; return how many. The ledger line is written before.

    Raises:
        OperatorFault: the content is a picture or video, the text is no locator, or the file exists or cannot be
            written.
        EvidenceFault: the bytes could not be read; nothing is left at `to`.
    """
    try:
        locator = Locator.parse(locator_text)
    except ValueError as error:
        raise OperatorFault(str(error), advice="copy it from: sakshya exhibit tree CASE --jsonl") from error
    if locator.runs:
        # A picture may begin anywhere in them, and only a file's first bytes say what it is.
        raise OperatorFault("byte runs are not extracted, they may hold a picture", where=locator_text)
    exhibit = bench.case.exhibits.get(locator.exhibit)
    require_unchanged(exhibit)
    refuse_on_exhibit(to.absolute(), bench.case.exhibits.all())
    if to.exists():
        raise OperatorFault("the file exists and is not overwritten", where=str(to))
    for kind in stream(kind_there, exhibit, locator, cancel=_NEVER, silence=_SILENCE):
        if kind in (Kind.PICTURE, Kind.VIDEO):
            raise OperatorFault("pictures and video never leave the exhibit", where=locator_text)
    bench.note("exhibit.extract", locator.exhibit, {}, {"locator": locator_text, "to": str(to)})
    try:
        digests, written = _write(to, stream(bytes_there, exhibit, locator, cancel=_NEVER, silence=_SILENCE))
    except OSError as error:
        raise OperatorFault(
            f"the file cannot be written ({error.strerror})",
            where=str(to),
            advice="nothing was left behind; name a file in a folder with room and with permission to write",
        ) from error
    bench.note("exhibit.extracted", locator.exhibit, {"sha256": digests.sha256, "bytes": written})
    return written


def _write(to: Path, chunks: Iterable[bytes]) -> tuple[Digests, int]:
    """Write a new file; where that fails nothing is left of it."""
    digester, written = Digester(), 0
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as target:
            for chunk in chunks:
                target.write(chunk)
                digester.update(chunk)
                written += len(chunk)
    except BaseException:
        with contextlib.suppress(OSError):
            to.unlink()
        raise
    return digester.finish(), written
