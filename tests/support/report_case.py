"""A case written straight into a case file, with one of everything a paper prints; no disk is read."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sakshya.casefile.casefile import CaseFile, CaseHead
from sakshya.domain.absent import NotRecorded
from sakshya.domain.category import Category
from sakshya.domain.digests import Digests
from sakshya.domain.entry import ByteAccount, Entry, EntryKind, Times, Volume, VolumeTable
from sakshya.domain.exhibit import Clock, ContainerFacts, Damage, Exhibit, StatedDigest, Verification
from sakshya.domain.item import EntryId, Finding, ItemId, Status
from sakshya.domain.locator import Locator, Run
from sakshya.domain.match import Basis, KnownSet, Match, SetKind
from sakshya.domain.media import Kind, MediaFacts, MediaReport, Mosaic
from sakshya.domain.person import Role
from sakshya.domain.unexamined import Of, Reason, Stage, Unexamined

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ZONE = "Asia/Kolkata"
EXAMINER = "Asha Devi"
EXPERT = "Ravi Kumar"
PASSPHRASE = "correct horse battery"

TEAPOT = Category("teapots", "1", "1")
NAMES = (
    "/आशा की तस्वीर.jpg",
    "/محمد علی.png",
    "/=cmd|' /C calc'!A0.jpg",
    "/line\nbreak.gif",
    "/raw\udcff name.mp4",
    "/#set page(width: 1cm) *bold* $x$ @ref <label>.jpg",
    "/emoji \U0001f600.heic",
    "/plain.txt",
)
_TIMES = Times(*(NotRecorded(),) * 4)
_NO_REPORT = MediaReport()


def digests_of(text: str) -> Digests:
    """Return the digests of a text's bytes."""
    raw = text.encode("utf-8", "surrogateescape")
    return Digests(hashlib.md5(raw).hexdigest(), hashlib.sha1(raw).hexdigest(), hashlib.sha256(raw).hexdigest())


def exhibit(number: str = "EX-1", *, by: str = EXAMINER) -> Exhibit:
    """Return an exhibit with particulars, a stated digest that agrees, one damaged run, and a clock that was slow."""
    digests = digests_of(number)
    done = Verification(
        "2026-03-01T08:00:00.000000Z", by, digests, 1 << 20, (Damage(Run(4096, 512), "damaged chunk"),), True
    )
    return Exhibit(
        number=number,
        files=(f"/evidence/{number} आशा.E01",),
        container=ContainerFacts(
            "ewf", 1 << 20, 512, (f"{number}.E01",), (), (("tool version", "7.1"), ("notes", "Asha"))
        ),
        stated=(StatedDigest("sha256", digests.sha256, "examiner"),),
        particulars=(
            ("source_type", "Mobile"),
            ("make_model", "Example Optics M-1"),
            ("color", "black"),
            ("serial_number", "SN*_[0001]"),
            ("imei_uin_uid_mac_cloud_id", "000000000000000"),
            ("seizure_memo_no", "M/1"),
        ),
        zone=ZONE,
        clock=Clock("2026-01-15T10:00:00+05:30", "2026-01-15T10:03:20+05:30", -200),
        write_blocker="Example WB-1, serial 7",
        verifications=(done,),
    )


def make_case(folder: Path, template: str = "india-bsa", *, practice: bool = False, **fields: str) -> CaseFile:
    """Create a case with one exhibit, eight files of which some are known, decided, undecided or not examined."""
    values = {
        "unit_name": "PRACTICE - NOT EVIDENCE" if practice else "Cyber Cell, पुणे",
        "fir_no": "12/2026",
        "police_station": "थाना सिविल लाइंस",
        "investigating_officer": "निरीक्षक आशा देवी / انسپکٹر محمد علی",
    }
    head = CaseHead(template, values | fields, "", ZONE, encrypted=False, unencrypted_reason="test")
    case = CaseFile.create(folder, head, passphrase=None, at=AT)
    with case.transaction():
        case.ledger.append("case.new", "case", who=EXAMINER, at=AT, zone=ZONE, public={"template": template})
        case.people.add(EXAMINER, Role.EXAMINER, "Examiner", at=AT, passphrase=None)
        _attach(case)
        _scan(case)
    return case


def add_signer(case: CaseFile) -> str:
    """Put a supervisor with a signing key into the case and return the name."""
    name = "Meera Nair"
    case.people.add(name, Role.SUPERVISOR, "Supervisor", at=AT, passphrase=PASSPHRASE)
    return name


def verify_again(case: CaseFile, by: str, digests: Digests | None = None) -> None:
    """Record a second computation over EX-1."""
    first = case.exhibits.get("EX-1").verifications[0]
    again = replace(first, by=by, at="2026-03-02T08:00:00.000000Z", digests=digests or first.digests)
    with case.transaction():
        case.exhibits.record_verification("EX-1", again)


def add_contents(case: CaseFile, count: int, *, first_address: int = 1000) -> None:
    """Add that many known contents, for papers of many pages."""
    entries = [_entry(f"/DCIM/IMG_{number:06d}.jpg", first_address + number) for number in range(count)]
    with case.transaction():
        start = case.entries.walk_state("EX-1").done
        case.entries.add("EX-1", start, entries)
        fresh = [entry for entry in case.entries.pending("EX-1") if entry.locator.address >= first_address]  # type: ignore[operator]
        case.items.record(
            [
                Finding(one.id, digests_of(str(one.locator)), 2048, Kind.PICTURE, "image/jpeg", _NO_REPORT, (_match(),))
                for one in fresh
            ]
        )


def _attach(case: CaseFile) -> None:
    case.exhibits.add(exhibit())
    case.ledger.append("exhibit.add", "EX-1", who=EXAMINER, at=AT, zone=ZONE, private={"files": ["/evidence/EX-1.E01"]})
    case.entries.add(
        "EX-1", 0, [_entry("/", 1, EntryKind.DIRECTORY), *(_entry(n, 10 + i) for i, n in enumerate(NAMES))]
    )
    volumes = (
        Volume(1, 0, 1 << 19, "mbr", "FAT16", "fat16"),
        Volume(2, 1 << 19, 1 << 18, "mbr", "type 0x27", None, problem="signature not recognised"),
    )
    case.entries.finish_walk("EX-1", VolumeTable("mbr", volumes, (Run(3 << 18, 1 << 18),)))
    case.exhibits.record_account("EX-1", ByteAccount(1 << 20, 1000, 24, (1 << 20) - 2024, 1000))
    volume = Locator("EX-1", 2, 1 << 19, None, "/")
    unread = Unexamined("EX-1", Of.VOLUME, Stage.OPEN, Reason.UNKNOWN_FILE_SYSTEM, "0x27 at Asha's", volume, 1 << 18)
    case.unexamined.add([unread])


def _scan(case: CaseFile) -> None:
    case.ledger.append("scan.begin", "case", who=EXAMINER, at=AT, zone=ZONE, public={"depth": "standard"})
    scan = case.scans.begin("standard", AT, EXAMINER)
    case.sets.record(teapots(), AT)
    ids = {one.locator.path: one.id for one in case.entries.pending("EX-1")}
    case.items.record([_finding(path, ids[path]) for path in NAMES])
    case.scans.finish(scan, {"depth": "standard"})
    undecided = [item.id for item in case.items.find() if item.status is Status.UNDECIDED]
    case.decisions.decide(undecided[:1], TEAPOT, by=EXAMINER, at=AT, reason="शब्द")
    item = case.items.get(ItemId(undecided[0]))
    for act in ("look", "look.end", "decide"):
        case.ledger.append(act, item.digests.sha256, who=EXAMINER, at=AT, zone=ZONE, private={"seconds": 2.5})


def _finding(path: str, entry: EntryId) -> Finding:
    digests, locator = digests_of(path), Locator("EX-1", 1, 0, 10 + NAMES.index(path), path)
    if path.endswith(".txt"):
        return Finding(entry, digests, 100, Kind.DOCUMENT, "text/plain")
    if path.endswith(".heic"):
        lost = Unexamined("EX-1", Of.ENTRY, Stage.READ, Reason.DAMAGED_CHUNK, "Asha.heic", locator, 512)
        return Finding(entry, None, 512, Kind.OTHER, "", unexamined=(lost,))
    if path.endswith(".mp4"):
        lost = Unexamined("EX-1", Of.ENTRY, Stage.DECODE, Reason.CUT_SHORT, "moov", locator, 512)
        return Finding(entry, digests, 512, Kind.VIDEO, "video/mp4", _NO_REPORT, unexamined=(lost,))
    known = path in NAMES[:2]
    report = MediaReport(
        MediaFacts(40, 30),
        exif=(("GPSLatitude", 18.5204), ("Artist", "Asha")),
        mosaic=None if known else Mosaic(16, 12, bytes(range(192))),
    )
    return Finding(entry, digests, 2048, Kind.PICTURE, "image/jpeg", report, (_match(),) if known else ())


def teapots() -> KnownSet:
    """Return the known set that two of the files answer to."""
    counts = (("md5", 2), ("sha1", 2))
    fields = ("teapots-1", "TEAPOTS", "1", SetKind.KNOWN, "teapots", "1", "Sakshya practice", "2026-03-01T00:00:00Z")
    return KnownSet(*fields, "teapots.json", "ab" * 32, 2, counts, "cd" * 32)


def _match() -> Match:
    return Match("teapots-1", "TEAPOTS", "1", SetKind.KNOWN, TEAPOT, Basis.EXACT, "md5")


def _entry(path: str, address: int, kind: EntryKind = EntryKind.FILE) -> Entry:
    locator = Locator("EX-1", 1, 0, address, path)
    return Entry(locator, "fat16", kind, 2048 if kind is EntryKind.FILE else 0, True, _TIMES, address * 4096)
