from dataclasses import replace

import pytest

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.reconcile import reconcile
from sakshya.domain.entry import ByteAccount
from sakshya.domain.exhibit import Clock, ContainerFacts, Damage, Exhibit, StatedDigest, Verification
from sakshya.domain.faults import OperatorFault
from sakshya.domain.locator import Run
from sakshya.domain.match import KnownSet, SetKind
from tests.unit.casefile.building import AT, digests, exhibit

STATED = StatedDigest("md5", "ab" * 16, "container")
FULL = Exhibit(
    "EX-7",
    ("/evidence/\udcff.E01", "/evidence/b.E02"),
    ContainerFacts("ewf", 1 << 40, 512, ("a.E01", "b.E02"), (STATED,), (("notes", "पंचनामा"),), ("no hash section",)),
    (StatedDigest("sha256", "cd" * 32, "examiner"),),
    (("make_model", "टीपॉट १"), ("color", "काला")),
    "Asia/Kolkata",
    Clock("2025-01-01T00:00:00", "2025-01-01T00:05:00", -300),
    "bridge T8, serial 12",
    "the memo has a typing error",
    (
        Verification(
            "2025-01-01T00:00:00Z", "R. Iyer", digests("disk"), 9, (Damage(Run(0, 512), "crc"),), False, ("md5",)
        ),
    ),
)


def test_an_exhibit_comes_back_as_it_was_attached(case: CaseFile) -> None:
    case.exhibits.add(FULL)
    case.exhibits.add(exhibit("EX-1"))

    assert case.exhibits.get("EX-7") == FULL
    assert [one.number for one in case.exhibits.all()] == ["EX-7", "EX-1"]


def test_verifications_are_added_and_never_replaced(case: CaseFile) -> None:
    case.exhibits.add(FULL)
    again = replace(FULL.verifications[0], digests=None, agrees=None, damage=(), differing=())

    case.exhibits.record_verification("EX-7", again)

    assert case.exhibits.get("EX-7").verifications == (*FULL.verifications, again)


def test_an_account_that_does_not_add_up_is_named(case: CaseFile) -> None:
    case.exhibits.add(FULL)
    assert case.exhibits.account("EX-7") is None
    case.exhibits.record_account("EX-7", ByteAccount(100, 50, 10, 30, 10))
    assert reconcile(case) == []

    case.exhibits.record_account("EX-7", ByteAccount(100, 50, 10, 30, 9))

    assert reconcile(case) == ["EX-7: the parts of its account are 99 bytes, the whole 100"]


def test_a_number_stands_once(case: CaseFile) -> None:
    case.exhibits.add(exhibit("EX-1"))

    with pytest.raises(OperatorFault, match="exhibit EX-1 exists"):
        case.exhibits.add(exhibit("EX-1"))


def test_sets_are_remembered_by_id_and_digest(case: CaseFile) -> None:
    one = KnownSet(
        "s1", "Crockery", "3", SetKind.KNOWN, "teapots", "1", "Museum", "2025-01-01T00:00:00Z", "a.csv", "ef" * 32, 9,
        (("md5", 9), ("sha1", 4)), "01" * 32,
    )  # fmt: skip
    other = replace(one, digest="02" * 32)

    for used in (one, one, other):
        case.sets.record(used, AT)

    assert case.sets.all() == [one, other]


def test_the_last_scan_is_known_and_whether_it_ended(case: CaseFile) -> None:
    assert (case.scans.last(), case.scans.unfinished()) == (None, None)
    first = case.scans.begin("standard", AT, "R. Iyer")
    case.scans.finish(first, {"findings_digest": "ab", "counts": {"items": 3}})
    case.scans.begin("full", AT, "R. Iyer")

    last, open_one = case.scans.last(), case.scans.unfinished()

    assert last is not None
    assert open_one is not None
    assert (last["id"], last["depth"], last["findings_digest"], last["counts"]) == (
        first,
        "standard",
        "ab",
        {"items": 3},
    )
    assert (open_one["depth"], open_one["by"]) == ("full", "R. Iyer")
