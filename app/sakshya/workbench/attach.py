"""Attaches an exhibit: describes it, hashes it whole, compares, and only then records it."""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path

from sakshya.casefile.casefile import CaseFile
from sakshya.domain.digests import Digests
from sakshya.domain.exhibit import ContainerFacts, Exhibit, FileStamp, StatedDigest, Verification
from sakshya.domain.faults import OperatorFault, VerificationFault
from sakshya.domain.moment import iso_utc
from sakshya.evidence.attach import VerifyResult, compare
from sakshya.evidence.guard import refuse_on_exhibit
from sakshya.evidence.readonly import is_device
from sakshya.report.zones import zone_named
from sakshya.triage.engine.child import stream
from sakshya.triage.eta import Estimate
from sakshya.triage.events import Event, Finished, Note, Progress
from sakshya.triage.reading import describe_there, verify_there
from sakshya.workbench.damaged import name_files
from sakshya.workbench.desk import Desk
from sakshya.workbench.requests import AttachRequest
from sakshya.workbench.unchanged import require_present, stamps

READABLE_KEYS = "this case is not encrypted: the key stands readable in its case file"

_SILENCE = 300.0
_NEVER: Callable[[], bool] = bool


def attach(case: CaseFile, desk: Desk, request: AttachRequest, who: str, cancel: Callable[[], bool]) -> Iterator[Event]:
    """Yield progress while the exhibit is hashed, then `Finished("exhibit", …)`; nothing is recorded before.

    Raises:
        OperatorFault: the number is taken, a device comes without its write blocker, or the case lies on the exhibit.
        EvidenceFault: the files cannot be opened as an exhibit.
        VerificationFault: a stated digest differs and no reason is given.
    """
    exhibit = _describe(case, desk, request)
    files = stamps(exhibit.container.segments)
    result = yield from _hash(exhibit, cancel)
    verification = verification_of(exhibit, result, who, iso_utc(desk.clock()), files)
    if verification.agrees is False and not request.reason:
        raise VerificationFault(
            f"{request.number} does not match what was stated ({', '.join(verification.differing)} differs)",
            where=_spelled(verification.digests),
            advice="check the seizure memo; to go on all the same give --reason TEXT, which prints in the report",
        )
    exhibit = replace(exhibit, mismatch_reason=request.reason if verification.agrees is False else None)
    _record(case, desk, exhibit, verification, who)
    for damage in verification.damage:
        yield Note(
            f"{exhibit.number}: {damage.run.length} bytes from {damage.run.offset} cannot be read: {damage.reason}"
        )
    yield from name_files(case, exhibit, verification.damage, cancel)
    if exhibit.keys and not case.head.encrypted:
        yield Note(READABLE_KEYS)
    yield Finished("exhibit", _outcome(exhibit, verification), exhibit_json(exhibit, verification))


def verify_again(case: CaseFile, desk: Desk, number: str, who: str, cancel: Callable[[], bool]) -> Iterator[Event]:
    """Hash an attached exhibit once more and record it under who did so; the last event is `Finished("verified", …)`.

    Raises:
        EvidenceFault: it is not there.
        VerificationFault: it is recorded, and differs from what was stated or from the first computation.
    """
    exhibit = case.exhibits.get(number)
    require_present(exhibit)
    files = stamps(exhibit.container.segments)
    result = yield from _hash(exhibit, cancel)
    first = exhibit.first_computation
    computed = first.digests.items() if first and first.digests else ()
    earlier = tuple(StatedDigest(name, value, "first computation") for name, value in computed)
    again = replace(exhibit, stated=(*exhibit.stated, *earlier))
    verification = verification_of(again, result, who, iso_utc(desk.clock()), files)
    with case.transaction():
        case.exhibits.record_verification(number, verification)
        _ledger(case, desk, "exhibit.verify", exhibit, verification, who)
    yield from name_files(case, exhibit, verification.damage, cancel)
    if verification.agrees is False or verification.damage:
        raise VerificationFault(
            f"{number} does not verify ({', '.join(verification.differing) or 'parts cannot be read'})",
            where=_spelled(verification.digests),
            advice="the result is recorded in the case",
        )
    yield Finished("verified", _outcome(exhibit, verification), exhibit_json(exhibit, verification))


def verification_of(
    exhibit: Exhibit, result: VerifyResult, who: str, at: str, files: tuple[FileStamp, ...]
) -> Verification:
    """Return what a computation says against every digest stated for the exhibit."""
    agrees, differing = compare((*exhibit.stated, *exhibit.container.stored), result.digests)
    return Verification(at, who, result.digests, result.bytes_read, result.damage, agrees, differing, files)


def exhibit_json(exhibit: Exhibit, verification: Verification | None) -> dict[str, object]:
    """Return the fields of `exhibit list --jsonl`."""
    digests = verification.digests if verification else None
    return {
        "exhibit": exhibit.number,
        "files": list(exhibit.files),
        "segments": list(exhibit.container.segments),
        "format": exhibit.container.format,
        "size": exhibit.container.size,
        "stated": [{"algorithm": s.algorithm, "value": s.value, "by": s.by} for s in exhibit.stated],
        "stored": [{"algorithm": s.algorithm, "value": s.value, "by": s.by} for s in exhibit.container.stored],
        "md5": digests.md5 if digests else None,
        "sha1": digests.sha1 if digests else None,
        "sha256": digests.sha256 if digests else None,
        "agrees": verification.agrees if verification else None,
        "differing": list(verification.differing) if verification else [],
        "damage": [
            {"offset": one.run.offset, "bytes": one.run.length, "reason": one.reason}
            for one in (verification.damage if verification else ())
        ],
        "mismatch_reason": exhibit.mismatch_reason,
        "zone": exhibit.zone,
        "clock_offset_seconds": exhibit.clock.offset_seconds if exhibit.clock else None,
        "write_blocker": exhibit.write_blocker,
        "problems": list(exhibit.container.problems),
        "keys_supplied": len(exhibit.keys),
    }


def _describe(case: CaseFile, desk: Desk, request: AttachRequest) -> Exhibit:
    if not request.number.strip():
        raise OperatorFault("an exhibit needs a number", advice="give one such as EX-1")
    if any(one.number == request.number for one in case.exhibits.all()):
        raise OperatorFault(f"{request.number} is already attached", advice="use another number, or verify that one")
    if request.zone is not None:
        zone_named(request.zone)
    files = tuple(str(Path(file).absolute()) for file in request.files)
    if any(is_device(Path(file)) for file in files) and not request.write_blocker:
        raise OperatorFault(
            "a physical device is attached only behind a write blocker",
            where=files[0],
            advice="state the write blocker with --write-blocker TEXT; Sakshya itself does not image drives",
        )
    facts: ContainerFacts = next(stream(describe_there, files, cancel=_NEVER, silence=_SILENCE))
    exhibit = Exhibit(
        number=request.number,
        files=files,
        container=facts,
        stated=request.stated,
        particulars=request.particulars,
        zone=request.zone,
        clock=request.clock,
        write_blocker=request.write_blocker,
        keys=request.keys,
    )
    for folder in (case.folder, desk.sets):
        refuse_on_exhibit(folder, [exhibit])
    return exhibit


def _hash(exhibit: Exhibit, cancel: Callable[[], bool]) -> Generator[Event, None, VerifyResult]:
    """Yield progress while the whole exhibit is hashed; return the result."""
    result: VerifyResult | None = None
    estimate = Estimate(exhibit.container.size)
    for step in stream(verify_there, exhibit, cancel=cancel, silence=_SILENCE):
        if isinstance(step, VerifyResult):
            result = step
        else:
            estimate.add(time.monotonic(), step.bytes_done)
            low, high = estimate.left()
            yield Progress("hashing", step.bytes_done, step.bytes_total, "bytes", low, high, exhibit.number)
    assert result is not None
    return result


def _record(case: CaseFile, desk: Desk, exhibit: Exhibit, verification: Verification, who: str) -> None:
    with case.transaction():
        case.exhibits.add(exhibit)
        case.exhibits.record_verification(exhibit.number, verification)
        _ledger(case, desk, "exhibit.add", exhibit, verification, who)


def _ledger(case: CaseFile, desk: Desk, act: str, exhibit: Exhibit, verification: Verification, who: str) -> None:
    digests = verification.digests
    case.ledger.append(
        act,
        exhibit.number,
        who=who,
        at=desk.clock(),
        zone=desk.zone,
        public={
            "format": exhibit.container.format,
            "bytes": exhibit.container.size,
            "computed": dict(digests.items()) if digests else {},
            "stated": [f"{s.by} {s.algorithm} {s.value}" for s in (*exhibit.stated, *exhibit.container.stored)],
            "agrees": verification.agrees,
            "damaged_runs": len(verification.damage),
            "keys_supplied": len(exhibit.keys),
        },
        private={
            "files": list(exhibit.files),
            "particulars": dict(exhibit.particulars),
            "write_blocker": exhibit.write_blocker,
            "mismatch_reason": exhibit.mismatch_reason,
        },
    )


def _outcome(exhibit: Exhibit, verification: Verification) -> str:
    if verification.digests is None:
        return f"{exhibit.number} attached; it could not be read to its end ({len(verification.damage)} damaged runs)"
    said = {True: "matches what was stated", False: "DOES NOT MATCH what was stated", None: "nothing was stated"}
    return f"{exhibit.number}: SHA-256 {verification.digests.sha256}, {said[verification.agrees]}"


def _spelled(digests: Digests | None) -> str:
    return ", ".join(f"computed {name} {value}" for name, value in digests.items()) if digests else ""
