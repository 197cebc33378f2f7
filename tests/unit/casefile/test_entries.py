from typing import Any

import pytest

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.reconcile import reconcile
from sakshya.domain.absent import NotApplicable, NotRecorded, Unparsable, Unreadable
from sakshya.domain.entry import Entry, EntryKind, Recovery, Times, Volume, VolumeTable
from sakshya.domain.faults import OperatorFault
from sakshya.domain.locator import Locator, Run
from sakshya.domain.moment import Moment
from sakshya.domain.names import decode_name
from sakshya.domain.unexamined import Of, Reason, Stage, Unexamined
from tests.unit.casefile.building import attach, entry, exhibit, finding, unread

HARD_NAMES = [
    "चित्र.jpg",
    "تصویر.jpg",
    "ചിത്രം 😀.jpg",
    "new\nline\t\x00.jpg",
    "lone \ud800.jpg",
    "pipe|and\\backslash.jpg",
    decode_name(b"bad \xff\xfe bytes.jpg"),
    "\u202eright to left.jpg",
]


@pytest.mark.parametrize("name", HARD_NAMES)
def test_every_name_comes_back_as_it_is_on_the_disk(case: CaseFile, name: str) -> None:
    kept = entry(name, link_target=name, locator=Locator("EX-1", 1, 512, 9, f"/{name}", (128, 4), name))

    (identity,) = attach(case, kept)
    (item,) = case.items.record([finding(identity, "teapot")])

    assert dict(case.entries.all("EX-1"))[identity] == kept
    assert case.items.get(item).where[0].locator == kept.locator
    assert case.items.tiles([item])[0].name.isprintable()


def test_times_keep_their_basis_and_the_reason_they_are_missing(case: CaseFile) -> None:
    two = Times(Moment.utc(1_700_000_000, 120), Moment.local(1, zone="Asia/Kolkata"), Unreadable("x"), NotRecorded())
    four = Times(Unparsable("\ud800"), NotApplicable(), NotApplicable("a link"), Moment.local(5))
    kept = [entry("a", times=two), entry("b", times=four, size=1 << 70, first_byte=None)]

    attach(case, *kept)

    assert [one for _, one in case.entries.all("EX-1")] == kept


def test_adding_the_same_entries_again_changes_nothing(case: CaseFile) -> None:
    case.exhibits.add(exhibit())
    entries = [entry(f"{n}") for n in range(5)]

    assert case.entries.add("EX-1", 0, entries[:3]) == 3
    assert case.entries.walk_state("EX-1").done == 3
    assert case.entries.add("EX-1", 0, entries) == 2

    assert [one for _, one in case.entries.all("EX-1")] == entries


def test_a_finished_walk_says_so_and_keeps_the_volumes(case: CaseFile) -> None:
    case.exhibits.add(exhibit())
    volumes = (Volume(1, 1048576, 4096, "gpt", "आँकड़े", "ntfs", "DATA", "cut short"), Volume(2, 9, 9, "gpt", "", None))
    table = VolumeTable("gpt", volumes, (Run(0, 512),), 4096, ("backup table differs",))
    assert not case.entries.walk_state("EX-1").finished
    assert case.entries.volumes("EX-1") is None

    case.entries.finish_walk("EX-1", table)

    assert case.entries.walk_state("EX-1").finished
    assert case.entries.volumes("EX-1") == table


def test_pending_files_come_in_physical_order_and_leave_once_examined(case: CaseFile) -> None:
    places: list[tuple[str, int | None]] = [("late", 9000), ("resident", None), ("early", 10), ("also late", 9000)]
    attach(
        case,
        entry("folder", kind=EntryKind.DIRECTORY),
        *(entry(name, first_byte=place, recovery=Recovery.WHOLE) for name, place in places),
    )

    pages = []
    for page in case.entries.pending_pages("EX-1", page=2):
        pages.append([one.locator.path for one in page])
        case.items.record([finding(page[0].id, page[0].locator.path)])

    assert pages == [["/resident"], ["/early", "/late"], ["/also late"]]
    assert [(one.locator.path, one.recovery) for one in case.entries.pending("EX-1")] == [("/late", Recovery.WHOLE)]


def test_absurd_sizes_are_added_up_without_a_fault(case: CaseFile) -> None:
    attach(case, *(entry(f"{n}", size=1 << 70) for n in range(3)))

    files, size = case.entries.pending_amount("EX-1")

    assert files == 3
    assert size > 1 << 63


def test_entries_are_read_or_unexamined_once_all_were_looked_at(case: CaseFile) -> None:
    kinds = [EntryKind.DIRECTORY, EntryKind.LINK, EntryKind.VIRTUAL]
    ids = attach(case, entry("a"), entry("b"), *(entry(kind, kind=kind) for kind in kinds))
    halfway = reconcile(case)

    case.items.record([finding(ids[0], "teapot"), unread(ids[1], "b")])

    counts = case.entries.counts("EX-1")
    assert (counts.entries, counts.read, counts.unexamined, counts.pending) == (5, 4, 1, 0)
    assert (counts.files, counts.directories, counts.links, counts.virtual) == (2, 1, 1, 1)
    assert case.entries.counts() == counts
    assert "2 files were not looked at yet" in halfway[0]
    assert reconcile(case) == []


def test_the_unexamined_list_keeps_each_thing_once(case: CaseFile) -> None:
    case.exhibits.add(exhibit())
    whole = Unexamined("EX-1", Of.EXHIBIT, Stage.OPEN, Reason.MISSING_SEGMENT, "disk.\ud800E02")
    gap = Unexamined(
        "EX-1", Of.RUN, Stage.CARVE, Reason.NOT_CARVED, "", Locator("EX-1", 0, 0, None, "/", runs=(Run(0, 512),)), 512
    )

    case.unexamined.add([whole, gap])
    case.unexamined.add([gap])

    assert list(case.unexamined.all()) == [whole, gap]
    assert case.unexamined.counts() == {Reason.MISSING_SEGMENT: 1, Reason.NOT_CARVED: 1}


def test_what_a_later_look_could_read_is_no_longer_unexamined(case: CaseFile) -> None:
    (only,) = attach(case, entry("a"))
    case.items.record([unread(only, "a", Reason.WORKER_DIED)])

    case.items.record([finding(only, "teapot")])

    assert list(case.unexamined.all()) == []
    assert case.entries.counts().read == 1


@pytest.mark.parametrize("number", ["EX-9", "", "\ud800", "EX\n1"])
def test_an_unknown_exhibit_is_one_clear_line(case: CaseFile, number: str) -> None:
    with pytest.raises(OperatorFault, match="no exhibit"):
        case.entries.counts(number)
    with pytest.raises(OperatorFault):
        case.entries.add(number, 0, [entry("a")])


def test_a_thousand_entries_and_more_are_paged_without_loss(case: CaseFile) -> None:
    entries: list[Entry] = [entry(f"{n}", first_byte=None if n % 3 else n) for n in range(2500)]

    ids = attach(case, *entries)

    assert len({*ids}) == 2500
    assert {one.id for one in case.entries.pending("EX-1")} == {*ids}


def test_a_broken_count_is_named(case: CaseFile) -> None:
    (only,) = attach(case, entry("a"))
    case.items.record([finding(only, "teapot")])
    breakages: list[tuple[str, Any]] = [
        ("UPDATE item SET status = 'known'", "a status that does not follow"),
        ("UPDATE item SET places = 7", "wrong number of places"),
        ("UPDATE entry SET state = 2", "no line with a reason"),
    ]

    for statement, _ in breakages:
        case.database().execute(statement)

    problems = " ".join(reconcile(case))
    assert all(words in problems for _, words in breakages)
