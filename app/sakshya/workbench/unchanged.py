"""Whether the files of an exhibit are still those that were hashed; findings of others would stand under its number."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from sakshya.casefile.casefile import CaseFile
from sakshya.domain.exhibit import Exhibit, FileStamp
from sakshya.domain.faults import EvidenceFault, VerificationFault
from sakshya.evidence.readonly import is_device
from sakshya.triage.events import Event, Finished, Note

Again = Callable[[str], Iterator[Event]]


def stamps(segments: tuple[str, ...]) -> tuple[FileStamp, ...]:
    """Return length and time of each file; a device has none that would say anything."""
    found: list[FileStamp] = []
    for segment in segments:
        with contextlib.suppress(OSError):
            status = Path(segment).stat()
            if not is_device(Path(segment)):
                found.append(FileStamp(segment, status.st_size, status.st_mtime_ns))
    return tuple(found)


def changed_file(exhibit: Exhibit) -> str | None:
    """Return the first file with another length or time than when it was last hashed; an absent one is none."""
    last = exhibit.last_verification
    now = {stamp.path: stamp for stamp in stamps(exhibit.container.segments)}
    before = last.files if last else ()
    return next((one.path for one in before if one.path in now and now[one.path] != one), None)


def require_present(exhibit: Exhibit) -> None:
    """Refuse to read an exhibit that is not there.

    Raises:
        EvidenceFault: a file of it is gone.
    """
    gone = next((file for file in exhibit.files if not Path(file).exists()), None)
    if gone is not None:
        raise EvidenceFault(f"{exhibit.number} is not where it was", where=gone, advice="connect it again")


def require_unchanged(exhibit: Exhibit) -> None:
    """Refuse to read an exhibit whose files are not as they were when it was hashed.

    Raises:
        EvidenceFault: a file is gone, or has another length or time.
        VerificationFault: the last computation gave other digests than the first.
    """
    require_present(exhibit)
    file = changed_file(exhibit)
    if file is not None:
        raise EvidenceFault(
            f"{exhibit.number} is not as it was when it was hashed",
            where=file,
            advice=f"hash it again with: sakshya exhibit verify CASE --exhibit {exhibit.number}",
        )
    _require_same(exhibit)


def hash_changed(case: CaseFile, again: Again) -> Iterator[Event]:
    """Hash every exhibit anew whose files changed since; `again` does so, records it, and yields its events.

    Raises:
        VerificationFault: an exhibit is no longer what was attached.
    """
    for exhibit in case.exhibits.all():
        file = changed_file(exhibit)
        if file is not None:
            yield Note(f"{file} is not as it was when {exhibit.number} was hashed; it is hashed again first")
            # What differs from a stated digest was settled when the exhibit was attached.
            with contextlib.suppress(VerificationFault):
                yield from (event for event in again(exhibit.number) if not isinstance(event, Finished))
        _require_same(case.exhibits.get(exhibit.number))


def _require_same(exhibit: Exhibit) -> None:
    first, last = exhibit.first_computation, exhibit.last_verification
    if first is not None and last is not None and last.digests is not None and last.digests != first.digests:
        raise VerificationFault(
            f"{exhibit.number} is no longer what was attached",
            where=exhibit.files[0],
            advice="bring back the file that was attached, or attach this one under a number of its own",
        )
