from collections.abc import Callable

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.findings_digest import findings_digests, fingerprints_digest
from sakshya.casefile.reconcile import reconcile
from sakshya.casefile.rematch import match_again, matched_with
from sakshya.domain.digests import Digests
from sakshya.domain.item import Finding, Status
from sakshya.domain.match import Match
from tests.unit.casefile.building import attach, digests, entry, finding, match, report, unread

SETS = {"set-Crockery": "digest 1"}
FACTS_ONLY = report(mosaic=None, fingerprints=(), frames=())


def knows(*seeds: str) -> Callable[[Digests, int], tuple[Match, ...]]:
    known = {digests(seed) for seed in seeds}
    return lambda content, size: (match(),) if content in known else ()


def scan(case: CaseFile, lookup: Callable[[Digests, int], tuple[Match, ...]]) -> None:
    """Examine what is pending as the scan does: known contents are not decoded."""
    findings = []
    for one in case.entries.pending("EX-1"):
        seed = one.locator.path[1:2]
        found = lookup(digests(seed), 1000)
        findings.append(finding(one.id, seed, matches=found, report=FACTS_ONLY if found else report()))
    case.items.record(findings)


def outcome(case: CaseFile) -> tuple[str, str, int]:
    return findings_digests(case).findings, fingerprints_digest(case, "x"), case.items.counts().known


def test_a_set_that_comes_after_the_scan_gives_the_same_case_as_one_before(
    new_case: Callable[[str], CaseFile],
) -> None:
    names = ["a1.jpg", "a2.jpg", "b1.jpg", "c1.jpg"]
    before, after, withdrawn = new_case("before"), new_case("after"), new_case("withdrawn")
    for case in (before, after, withdrawn):
        attach(case, *map(entry, names))

    scan(before, knows("a", "b"))
    scan(after, knows())
    assert match_again(after, knows("a", "b"), SETS) == 2
    scan(after, knows("a", "b"))
    scan(withdrawn, knows("a", "b", "c"))
    assert match_again(withdrawn, knows("a", "b"), SETS) == 1
    scan(withdrawn, knows("a", "b"))

    assert outcome(before) == outcome(after) == outcome(withdrawn)
    assert matched_with(after) == SETS
    assert [reconcile(case) for case in (before, after, withdrawn)] == [[], [], []]


def test_a_disk_that_fails_when_read_again_unsays_nothing(case: CaseFile) -> None:
    (only,) = attach(case, entry("a.jpg"))
    scan(case, knows("a"))
    match_again(case, knows(), {})

    lost: Finding = unread(only, "a.jpg")
    case.items.record([lost])

    (item,) = case.items.find()
    assert (item.status, len(item.where), item.digests) == (Status.UNEXAMINED, 1, digests("a"))
    assert list(case.unexamined.all()) == list(lost.unexamined)
    assert reconcile(case) == []
