"""The practice case: a generated, harmless disk taken through the whole job."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from sakshya.casefile.item_filter import ItemFilter
from sakshya.domain.digests import file_sha256
from sakshya.domain.exhibit import Clock, StatedDigest
from sakshya.domain.faults import OperatorFault, VerificationFault
from sakshya.domain.item import Status
from sakshya.domain.match import SetKind
from sakshya.domain.media import Kind
from sakshya.matching.importers import ImportOptions
from sakshya.report.fact_types import PRACTICE_MARK
from sakshya.triage.engine.child import stream
from sakshya.triage.events import Event, Finished, Note
from sakshya.triage.summary import counts_line, counts_row
from sakshya.workbench.bench import Workbench, commit_set, schemes
from sakshya.workbench.desk import Desk
from sakshya.workbench.requests import AttachRequest, ScanRequest

EXAMINER = "Practice Examiner"
PRACTICE_FIELDS = {
    "template": "india-bsa",
    "unit_name": PRACTICE_MARK,
    "fir_no": "PRACTICE/1",
    "fir_date": "2026-01-15",
    "police_station": "Practice Police Station",
    "investigating_officer": "Inspector साक्षी वर्मा / انسپکٹر ساکشی ورما",
}
_PARTICULARS = (
    ("source_type", "Flash Drive"),
    ("make_model", "Example Optics memory card"),
    ("color", "black"),
    ("serial_number", "PRACTICE-0001"),
    ("imei_uin_uid_mac_cloud_id", "not applicable"),
    ("seizure_memo_no", "PRACTICE/M/1"),
)
_SILENCE = 300.0
# How many undecided items the demonstration decides by itself, so that the papers have something to show.
_SHOWN_DECISIONS = 6


def prepare(to: Path, level: int, desk: Desk, cancel: Callable[[], bool]) -> Iterator[Event]:
    """Make the disk and the lists in `to`, a case beside them, attach the exhibit and take the sets in.

    The last event is `Finished("practice", …)` with the case's folder under `case`.

    Raises:
        OperatorFault: the folder holds a practice case already, or cannot be made.
    """
    folder = to / "case"
    if folder.exists():
        raise OperatorFault(
            "there is a practice case already", where=str(folder), advice="name another folder with --to"
        )
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorFault(
            f"the folder cannot be made ({error.strerror})", where=str(to), advice="name another folder with --to"
        ) from error
    yield Note(f"drawing the practice disk in {to}")
    for _ in stream(_draw_there, to, level, cancel=cancel, silence=_SILENCE):
        pass
    desk = practice_desk(to, desk)
    yield from _take_sets(to, desk)
    with Workbench.new_case(
        folder, PRACTICE_FIELDS, desk=desk, by=EXAMINER, unencrypted_reason="practice case, not evidence"
    ) as bench:
        sha256 = file_sha256(to / "practice.dd")
        request = AttachRequest(
            files=(str(to / "practice.dd"),),
            number="EX-1",
            stated=(StatedDigest("sha256", sha256, "examiner"),),
            particulars=_PARTICULARS,
            zone="Asia/Kolkata",
            clock=Clock("2026-01-15T10:00:00+05:30", "2026-01-15T10:03:20+05:30", -200),
        )
        yield from bench.attach(request, cancel)
    yield Finished("practice", f"practice case ready in {folder}", {"case": str(folder), "sets": str(desk.sets)})


def whole_job(to: Path, level: int, desk: Desk, cancel: Callable[[], bool]) -> Iterator[Event]:
    """Take the practice case from the empty folder `to` to a bundle that a stranger's Python has verified.

    Raises:
        SakshyaFault: whatever step failed.
    """
    yield from prepare(to, level, desk, cancel)
    with Workbench.open(to / "case", desk=practice_desk(to, desk), by=EXAMINER) as bench:
        yield from bench.scan(ScanRequest(), cancel)
        yield Note(f"{_decide_some(bench)} items decided as a demonstration; a person decides in a real case")
        for file in bench.report(to / "papers"):
            yield Note(f"printed {file}")
        for form in bench.template.own_forms:
            yield Note(f"printed {bench.certificate(form, to / 'papers' / f'{form}.pdf')}")
        result = bench.bundle(to / "bundle")
        yield Note(f"sealed {result.folder}")
        counts = bench.case.items.counts()
    _verify_apart(to / "bundle")
    text = f"practice case done in {to}: {counts_line(counts)}; the bundle verifies"
    yield Finished("demo", text, {"folder": str(to), "counts": counts_row(counts)})


def practice_desk(to: Path, desk: Desk) -> Desk:
    """Return a desk whose known sets are the practice case's own, so that practice never mixes with real sets."""
    return replace(desk, sets=to / "known-sets")


def _draw_there(to: Path, level: int) -> Iterator[str]:
    # The picture library is needed here only, and not in the calling process.
    from sakshya.testing.practice import write_practice_disk

    yield str(write_practice_disk(to, level=level).disk)


def _take_sets(to: Path, desk: Desk) -> Iterator[Event]:
    teapots = ImportOptions(
        name="TEAPOTS",
        version="1",
        kind=SetKind.KNOWN,
        scheme=schemes()["teapots"],
        supplier="Sakshya practice",
    )
    wallpapers = replace(teapots, name="WALLPAPERS", kind=SetKind.IGNORABLE, scheme=None)
    for file, wanted in (("teapots.json", teapots), ("wallpapers.txt", wallpapers)):
        known = commit_set(Workbench.plan_set(to / file, wanted), desk)
        yield Note(f"known set {known.id}: {known.entries} entries, {known.kind.value}")


def _decide_some(bench: Workbench) -> int:
    undecided = ItemFilter(status=frozenset({Status.UNDECIDED}), kind=frozenset({Kind.PICTURE}))
    items = [item.id for item in bench.case.items.find(undecided)][:_SHOWN_DECISIONS]
    codes = bench.scheme().codes
    for number, item in enumerate(items):
        bench.decide([item], bench.scheme().category(codes[number % len(codes)].code), "demonstration")
    return len(items)


def _verify_apart(folder: Path) -> None:
    """Run the bundle's own verifier in a bare interpreter, as a stranger would."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), str(folder)]
    outcome = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if outcome.returncode:
        raise VerificationFault("the practice bundle does not verify", where=outcome.stdout.strip()[-300:])
