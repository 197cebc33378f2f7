import random
from collections.abc import Callable

import pytest

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.findings_digest import findings_digests, fingerprints_digest
from sakshya.casefile.item_filter import Order, parse_filter
from sakshya.casefile.reconcile import reconcile
from sakshya.domain.entry import Recovery
from sakshya.domain.faults import OperatorFault
from sakshya.domain.item import ItemId, Status
from sakshya.domain.match import Basis, SetKind
from sakshya.domain.media import Kind
from sakshya.domain.unexamined import Of, Reason, Stage, Unexamined
from tests.unit.casefile.building import (
    AT,
    LANDSCAPE,
    TEAPOT,
    add_match,
    attach,
    digests,
    entry,
    finding,
    match,
    report,
    undecodable,
    unread,
)


def test_everything_recorded_of_an_item_comes_back(case: CaseFile) -> None:
    first, second = attach(case, entry("a.jpg"), entry("b.jpg", allocated=False, recovery=Recovery.PARTIAL))

    ids = case.items.record([finding(first, "teapot", matches=(match(basis=Basis.NEAR),)), finding(second, "teapot")])

    item = case.items.get(ids[0])
    assert len(ids) == 1
    assert item.digests == digests("teapot")
    assert item.report == report(mosaic=None)
    assert item.matches == (match(basis=Basis.NEAR),)
    assert [(one.locator.path, one.recovery) for one in item.where] == [("/a.jpg", None), ("/b.jpg", Recovery.PARTIAL)]
    assert (item.status, item.recovery, item.decision) == (Status.UNDECIDED, None, None)
    assert case.items.get(digests("teapot").sha256.upper()) == item


def test_the_best_deleted_copy_says_how_far_a_content_can_be_trusted(case: CaseFile) -> None:
    lost = {"allocated": False}
    ids = attach(case, entry("a", recovery=Recovery.OVERWRITTEN, **lost), entry("b", recovery=Recovery.PARTIAL, **lost))

    (item,) = case.items.record([finding(one, "teapot") for one in ids])

    assert case.items.get(item).recovery is Recovery.PARTIAL


@pytest.mark.parametrize(
    ("matches", "status", "cells"),
    [
        ((), Status.UNDECIDED, True),
        ((match(basis=Basis.NEAR),), Status.UNDECIDED, True),
        ((match(SetKind.IGNORABLE),), Status.IGNORABLE, False),
        ((match(),), Status.KNOWN, False),
        ((match(SetKind.IGNORABLE, name="System"), match()), Status.KNOWN, False),
    ],
)
def test_a_mosaic_is_kept_of_unknown_items_only(case: CaseFile, matches: tuple, status: Status, cells: bool) -> None:
    (only,) = attach(case, entry("a.jpg"))

    ids = case.items.record([finding(only, "teapot", matches=matches)])

    (tile,) = case.items.tiles(ids)
    assert (tile.status, tile.cells is not None) == (status, cells)
    assert reconcile(case) == []


def test_a_later_set_takes_the_mosaic_away_for_good(case: CaseFile) -> None:
    first, second = attach(case, entry("a.jpg"), entry("b.jpg"))
    (item,) = case.items.record([finding(first, "teapot")])

    add_match(case, item, match())
    case.items.record([finding(second, "teapot")])

    assert case.items.get(item).status is Status.KNOWN
    assert case.database().number("SELECT count(*) FROM mosaic") == 0
    assert case.items.tiles([item])[0].label == "Crockery 3, teapots@1:2"


def test_recording_a_finding_twice_changes_nothing(case: CaseFile) -> None:
    ids = attach(case, entry("a.jpg"), entry("b.jpg"), entry("c.jpg"))
    findings = [
        finding(ids[0], "teapot", matches=(match(),)),
        undecodable(ids[1], "b.jpg", "broken"),
        unread(ids[2], "c.jpg"),
    ]
    case.items.record(findings)
    before = (
        findings_digests(case).findings,
        fingerprints_digest(case, "x"),
        case.items.counts(),
        case.unexamined.counts(),
    )

    case.items.record(findings)

    assert (
        findings_digests(case).findings,
        fingerprints_digest(case, "x"),
        case.items.counts(),
        case.unexamined.counts(),
    ) == before
    assert reconcile(case) == []


def test_the_order_of_findings_does_not_matter(new_case: Callable[[str], CaseFile]) -> None:
    names = [f"{n}.jpg" for n in range(12)]
    found = set()

    for run in range(3):
        case = new_case(f"case {run}")
        ids = attach(case, *map(entry, names))
        findings = [finding(one, f"content {n % 5}") for n, one in enumerate(ids)]
        # The last two copies of a content: one reader ran out of time, the other did not.
        findings[10] = undecodable(ids[10], "10.jpg", "content 0", Reason.TIME_LIMIT)
        random.Random(run).shuffle(findings)
        for start in range(0, 12, 5):
            case.items.record(findings[start : start + 5])
        found.add((findings_digests(case).findings, fingerprints_digest(case, "x")))

    assert len(found) == 1


def test_a_content_that_nobody_could_see_is_unexamined_until_a_reader_succeeds(case: CaseFile) -> None:
    first, second = attach(case, entry("a.jpg"), entry("b.jpg"))

    (item,) = case.items.record([undecodable(first, "a.jpg", "teapot")])
    failed = case.items.get(item)
    case.items.record([finding(second, "teapot")])
    seen = case.items.get(item)

    assert (failed.status, failed.report.problem) == (Status.UNEXAMINED, "not decodable: cut in the header")
    assert (seen.status, seen.report.problem) == (Status.UNDECIDED, None)
    assert case.items.tiles([item])[0].cells is not None


def test_an_archive_not_unpacked_is_no_unexamined_content(case: CaseFile) -> None:
    (only,) = attach(case, entry("a.zip"))
    line = Unexamined("EX-1", Of.MEMBER, Stage.UNPACK, Reason.NOT_UNPACKED, "", entry("a.zip").locator)

    (item,) = case.items.record([finding(only, "zip", kind=Kind.ARCHIVE, report=None, unexamined=(line,))])

    assert case.items.get(item).status is Status.NOT_MEDIA
    assert case.unexamined.counts() == {Reason.NOT_UNPACKED: 1}


def test_an_entry_once_read_stays_read_whatever_a_second_reading_gives(case: CaseFile) -> None:
    (only,) = attach(case, entry("a.jpg"))
    (item,) = case.items.record([finding(only, "teapot")])

    case.items.record([unread(only, "a.jpg")])
    case.items.record([finding(only, "other bytes")])

    assert case.items.counts().total == 1
    assert len(case.items.get(item).where) == 1
    (line,) = case.unexamined.all()
    assert digests("other bytes").sha256 in line.detail


def test_a_failed_batch_leaves_nothing_behind(case: CaseFile) -> None:
    (only,) = attach(case, entry("a.jpg"))

    with pytest.raises(KeyError):
        case.items.record([finding(only, "teapot"), finding(only + 1, "kettle")])

    assert case.items.counts().total == 0
    assert case.entries.counts().pending == 1


@pytest.fixture
def shelf(case: CaseFile) -> dict[str, ItemId]:
    """Seven contents, one of each sort."""
    names = ["known", "ignorable", "decided", "undecided", "video", "text", "broken"]
    entries = attach(case, *(entry(f"{name}.bin", size=n) for n, name in enumerate(names)))
    settled = {"known": (match(),), "ignorable": (match(SetKind.IGNORABLE, name="System"),)}
    kinds = {"video": Kind.VIDEO, "text": Kind.DOCUMENT}
    findings = [
        finding(one, name, matches=settled.get(name, ()), kind=kinds.get(name, Kind.PICTURE), size=n)
        for n, (one, name) in enumerate(zip(entries, names, strict=True))
    ]
    findings[-1] = undecodable(entries[-1], "broken.bin", "broken")
    ids = dict(zip(names, case.items.record(findings), strict=True))
    case.decisions.decide([ids["decided"]], LANDSCAPE, by="R. Iyer", at=AT)
    return ids


def test_contents_are_counted_once_each(case: CaseFile, shelf: dict[str, ItemId]) -> None:
    counts = case.items.counts()
    facets = case.items.facets()

    assert counts.total == 7
    assert (counts.known, counts.ignorable, counts.decided, counts.not_media, counts.unexamined) == (1, 1, 1, 1, 1)
    assert counts.undecided == 2
    assert facets.kind == {Kind.PICTURE: 5, Kind.VIDEO: 1, Kind.DOCUMENT: 1}
    assert facets.set == {"set-Crockery": 1, "set-System": 1}
    assert facets.exhibit == {"EX-1": 7}
    assert sum(facets.status.values()) == 7


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["known", "ignorable", "decided", "undecided", "video", "text", "broken"]),
        ("status=known,ignorable", ["known", "ignorable"]),
        ("status=undecided kind=video", ["video"]),
        ("status=undecided; kind=picture;", ["undecided"]),
        ("set=set-System", ["ignorable"]),
        ("exhibit=EX-2", []),
        ("exhibit=EX-1 kind=document", ["text"]),
        ("item=1,4", ["known", "undecided"]),
        (f"sha256={digests('video').sha256.upper()}", ["video"]),
        (f"category={TEAPOT}", ["known"]),
        (f"category={LANDSCAPE},{TEAPOT}", ["known", "decided"]),
        ("name=KNOWN.b", ["known"]),
        ("name=known,text", ["known", "text"]),
        ("name=decided kind=picture", ["decided", "undecided"]),
        ("name=EX-1", []),
        (f"digest={digests('video').sha256[:6].upper()}", ["video"]),
        (f"digest={digests('video').sha1[:9]},{digests('text').md5[:7]}", ["video", "text"]),
        (f"digest={digests('broken').md5}", ["broken"]),
    ],
)
def test_a_filter_finds_what_it_says(case: CaseFile, shelf: dict[str, ItemId], text: str, names: list[str]) -> None:
    wanted = parse_filter(text)

    assert case.items.ids(wanted) == [shelf[name] for name in names]
    assert [one.id for one in case.items.find(wanted)] == [shelf[name] for name in names]
    assert sum(case.items.facets(wanted).kind.values()) == len(names)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("colour=red", "colour"),
        ("status=unknown", "status=unknown"),
        ("undecided", "undecided"),
        ("item=one", "item=one"),
        ("sha256=abc", "sha256=abc"),
        ("category=2", "scheme@version:code"),
        ("set=", "set="),
        ("digest=abcde", "6 to 64"),
        ("digest=abcdeg", "digest=abcdeg"),
        ("name=", "name="),
        ("status=known kind=", "kind="),
    ],
)
def test_a_wrong_filter_names_what_is_wrong(text: str, word: str) -> None:
    with pytest.raises(OperatorFault) as caught:
        parse_filter(text)

    assert word in str(caught.value)


def test_items_are_sorted_as_asked(case: CaseFile, shelf: dict[str, ItemId]) -> None:
    by_size = case.items.ids(order=Order.SIZE)
    by_digest = [case.items.get(one).digests.sha256 for one in case.items.ids(order=Order.SHA256)]

    assert by_size[0] == shelf["broken"]
    assert by_digest == sorted(by_digest)
    assert case.items.ids(order=Order.PLACE) == list(shelf.values())


def test_tiles_come_in_the_order_asked_for(case: CaseFile, shelf: dict[str, ItemId]) -> None:
    wanted = [shelf["video"], 999, shelf["known"], shelf["decided"]]

    tiles = case.items.tiles(wanted)

    assert [(one.name, one.label, one.cells is None) for one in tiles] == [
        ("video.bin", "", False),
        ("known.bin", "Crockery 3, teapots@1:2", True),
        ("decided.bin", "teapots@1:0", False),
    ]


@pytest.mark.parametrize("wanted", [99, "no digest", "ab" * 32, "\ud800"])
def test_an_item_that_is_not_there_is_one_clear_line(case: CaseFile, wanted: int | str) -> None:
    with pytest.raises(OperatorFault, match="no item"):
        case.items.get(wanted)
