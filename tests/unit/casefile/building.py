"""Entries, findings and sets as the tests need them; nothing here resembles real material."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.recording import record_matches
from sakshya.domain.absent import NotRecorded
from sakshya.domain.category import Category
from sakshya.domain.digests import Digests
from sakshya.domain.entry import Entry, EntryKind, Times, VolumeTable
from sakshya.domain.exhibit import ContainerFacts, Exhibit
from sakshya.domain.item import EntryId, Finding, ItemId
from sakshya.domain.locator import Locator
from sakshya.domain.match import Basis, Match, SetKind
from sakshya.domain.media import Fingerprint, Frame, Kind, MediaFacts, MediaReport, Mosaic
from sakshya.domain.moment import Moment
from sakshya.domain.unexamined import Of, Reason, Stage, Unexamined

AT = datetime(2025, 3, 1, 9, 30, tzinfo=UTC)
TEAPOT = Category("teapots", "1", "2")
LANDSCAPE = Category("teapots", "1", "0")
NEVER = NotRecorded("the file system keeps no such time")


def exhibit(number: str = "EX-1") -> Exhibit:
    return Exhibit(number, ("/evidence/disk.dd",), ContainerFacts("raw", 1 << 30, 512, ("disk.dd",)))


def entry(name: str, number: str = "EX-1", **changes: object) -> Entry:
    fields: dict[str, Any] = {
        "locator": Locator(number, 1, 1048576, 5, f"/{name}"),
        "filesystem": "ntfs",
        "kind": EntryKind.FILE,
        "size": 1000,
        "allocated": True,
        "times": Times(Moment.utc(1_700_000_000), NEVER, NEVER, Moment.local(1_600_000_000)),
        "first_byte": 4096,
    }
    return Entry(**(fields | changes))


def attach(case: CaseFile, *entries: Entry, number: str = "EX-1") -> list[EntryId]:
    """Attach an exhibit with these entries, its walk finished, and return their ids."""
    case.exhibits.add(exhibit(number))
    case.entries.add(number, 0, entries)
    case.entries.finish_walk(number, VolumeTable("none", ()))
    return [one for one, _ in case.entries.all(number)]


def digests(seed: str) -> Digests:
    content = seed.encode()
    return Digests(*(hashlib.new(one, content).hexdigest() for one in ("md5", "sha1", "sha256")))


def report(**changes: object) -> MediaReport:
    fields: dict[str, Any] = {
        "facts": MediaFacts(640, 480, 1.5, "mjpeg", False),
        "exif": (("Make", "Kettle"), ("GPSLatitude", 28.6), ("ISO", [100, 200]), ("Odd", "\ud800")),
        "fingerprints": (Fingerprint("pdq", "1", "ab" * 32, 90, "opencv 1/8"),),
        "frames": (Frame(0.5, "cd" * 32, 80),),
        "mosaic": Mosaic(16, 12, bytes(range(192))),
    }
    return MediaReport(**(fields | changes))


def finding(of: EntryId, seed: str, **changes: object) -> Finding:
    fields: dict[str, Any] = {
        "digests": digests(seed),
        "size": 1000,
        "kind": Kind.PICTURE,
        "mime": "image/jpeg",
        "report": report(),
    }
    return Finding(of, **(fields | changes))


def unread(of: EntryId, name: str, reason: Reason = Reason.READ_ERROR, number: str = "EX-1") -> Finding:
    line = Unexamined(number, Of.ENTRY, Stage.READ, reason, "sector 9", entry(name, number).locator, 1000)
    return Finding(of, None, 1000, Kind.OTHER, "application/octet-stream", unexamined=(line,))


def undecodable(of: EntryId, name: str, seed: str, reason: Reason = Reason.NOT_DECODABLE) -> Finding:
    line = Unexamined("EX-1", Of.STREAM, Stage.DECODE, reason, "cut in the header", entry(name).locator, 1000)
    return finding(of, seed, report=report(mosaic=None, fingerprints=()), unexamined=(line,))


def add_match(case: CaseFile, item: ItemId, found: Match) -> None:
    with case.transaction():
        record_matches(case.database(), [(item, (found,))])


def match(kind: SetKind = SetKind.KNOWN, basis: Basis = Basis.EXACT, name: str = "Crockery") -> Match:
    category = TEAPOT if kind is SetKind.KNOWN else None
    near = (12, 31) if basis is Basis.NEAR else (None, None)
    return Match(f"set-{name}", name, "3", kind, category, basis, "sha1" if basis is Basis.EXACT else "pdq", *near)
