from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.findings_digest import finding_lines, findings_digests, fingerprints_digest
from sakshya.casefile.head import CaseHead
from sakshya.domain.item import Finding
from sakshya.domain.match import Basis, SetKind
from tests.unit.casefile.building import (
    AT,
    LANDSCAPE,
    TEAPOT,
    add_match,
    attach,
    entry,
    finding,
    match,
    report,
    undecodable,
    unread,
)

NAMES = ["क.jpg", "ख.jpg", "lone \ud800.jpg", "gone.jpg", "broken.jpg"]


def fill(case: CaseFile, batch: int = 5) -> None:
    """Attach, scan and decide the same things, in batches of a given size, the last one recorded twice."""
    case.scans.begin("standard", AT + timedelta(days=batch), "R. Iyer")
    ids = attach(case, *map(entry, NAMES))
    findings = [
        finding(ids[0], "teapot", matches=(match(),)),
        finding(ids[1], "kettle", matches=(match(basis=Basis.NEAR),)),
        finding(ids[2], "teapot", matches=(match(),)),
        unread(ids[3], NAMES[3]),
        undecodable(ids[4], NAMES[4], "broken"),
    ]
    findings = findings if batch == 5 else findings[::-1]
    for start in range(0, 5, batch):
        case.items.record(findings[start : start + batch])
    case.items.record(findings[-batch:])
    kettle = next(one.id for one in case.items.find() if one.where[0].locator.path == "/ख.jpg")
    case.decisions.decide([kettle], TEAPOT, by="R. Iyer", at=AT, reason="spout")
    case.decisions.undo("R. Iyer", AT)
    case.decisions.decide([kettle], LANDSCAPE, by="R. Iyer", at=AT)


def test_the_digest_is_the_same_on_both_databases_and_in_any_order(tmp_path: Path) -> None:
    found = set()
    for number, (passphrase, batch) in enumerate([(None, 5), (None, 1), ("x", 2), ("x", 5)]):
        folder = tmp_path / f"{number}"
        with CaseFile.create(folder, CaseHead("india-bsa"), passphrase=passphrase, at=AT + timedelta(number)) as case:
            fill(case, batch)
            found.add((findings_digests(case).findings, fingerprints_digest(case, "opencv 5")))

    assert len(found) == 1


def test_the_digest_stays_what_it_is(case: CaseFile) -> None:
    fill(case)

    assert findings_digests(case).findings == "321c843b0d139a3bac54d4eb4f262f516ee4f9b0d2a99e285e788daf574c6e9a"
    assert fingerprints_digest(case, "opencv 5") == "a804c41dd234493488704b65f1a738180c495c9359fb68a5d82a3bf1582060de"


def scanned_again(case: CaseFile, changed: Finding) -> None:
    """Record a finding of a new entry, so that one thing more is in the case."""
    case.entries.add("EX-1", 5, [entry("more.jpg")])
    (pending,) = case.entries.pending("EX-1")
    case.items.record([Finding(pending.id, *(getattr(changed, name) for name in Finding.__slots__[1:]))])


@pytest.mark.parametrize(
    "change",
    [
        lambda case: case.entries.add("EX-1", 5, [entry("more.jpg")]),
        lambda case: scanned_again(case, finding(0, "new content")),
        lambda case: scanned_again(case, finding(0, "kettle")),
        lambda case: scanned_again(case, unread(0, "more.jpg")),
        lambda case: add_match(case, 2, match(SetKind.IGNORABLE)),
        lambda case: case.decisions.decide([2], TEAPOT, by="R. Iyer", at=AT),
        lambda case: case.decisions.undo("R. Iyer", AT),
    ],
)
def test_every_kind_of_finding_changes_the_digest(case: CaseFile, change: Callable[[CaseFile], object]) -> None:
    fill(case)
    before = findings_digests(case).findings

    change(case)

    assert findings_digests(case).findings != before


def test_near_matches_and_scans_are_no_findings_of_the_first_digest(case: CaseFile) -> None:
    fill(case)
    before = findings_digests(case).findings

    add_match(case, 2, match(basis=Basis.NEAR, name="Other"))
    case.scans.finish(case.scans.begin("full", AT, "R. Iyer"), {"seconds": 3})

    assert findings_digests(case).findings == before


def test_fingerprints_have_a_digest_of_their_own_with_the_libraries_versions(case: CaseFile) -> None:
    (only,) = attach(case, entry("a.jpg"))
    before = findings_digests(case).findings, fingerprints_digest(case, "opencv 5")

    case.items.record([finding(only, "teapot", report=report())])

    assert fingerprints_digest(case, "opencv 5") != before[1]
    assert fingerprints_digest(case, "opencv 5") != fingerprints_digest(case, "opencv 6")


def test_the_lines_behind_the_digest_can_be_compared(case: CaseFile) -> None:
    fill(case)

    lines = sorted(finding_lines(case))

    assert len(lines) == 5 + 3 + 1 + 2 + 3
    assert all(line.isascii() and "\n" not in line for line in lines)
    assert "/evidence" not in "".join(lines)
