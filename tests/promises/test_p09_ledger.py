"""P9: every act is in the ledger; whoever changes, removes, reorders or cuts it is found out."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.driver import Mode
from sakshya.casefile.faults import CaseFault, DiskFullFault
from sakshya.casefile.head import CaseHead
from sakshya.casefile.ledger import SealedHead
from sakshya.domain.absent import NotRecorded
from sakshya.domain.category import Category
from sakshya.domain.digests import Digests
from sakshya.domain.entry import Entry, EntryKind, Times
from sakshya.domain.exhibit import ContainerFacts, Exhibit
from sakshya.domain.item import Finding, ItemId, Status
from sakshya.domain.ledger import LedgerEntry, chain_problems
from sakshya.domain.locator import Locator
from sakshya.domain.media import Kind

AT = datetime(2025, 3, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed case with ten acts, sealed at the eighth."""
    with CaseFile.create(tmp_path / "case", CaseHead("india-bsa"), passphrase=None, at=AT) as case:
        for n in range(1, 11):
            write(case, n)
            if n == 8:
                case.ledger.record_seal(*case.ledger.head(), "bundle 1", AT)
    return tmp_path / "case"


def write(case: CaseFile, n: int) -> None:
    private = {"path": f"/घर/{n}.jpg"}
    case.ledger.append("look", f"item {n}", who="R. Iyer", at=AT, zone="UTC", public={"n": n}, private=private)


def tamper(folder: Path, *statements: str) -> list[str]:
    """Change the database behind the program's back, guards removed, and return what the program then says."""
    with closing(sqlite3.connect(folder / "case.db", isolation_level=None)) as database:
        for table in ("ledger", "seal"):
            for verb in ("update", "delete"):
                database.execute(f"DROP TRIGGER {table}_is_never_{verb}d")
        for statement in statements:
            database.execute(statement)
    with CaseFile.open(folder) as case:
        return case.ledger.problems()


def test_an_untouched_ledger_has_no_problems(folder: Path) -> None:
    assert tamper(folder) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2025-03-01T09:31:00.000000Z"),
        ("zone", "Asia/Kolkata"),
        ("who", "Nobody"),
        ("who", "bad escape \\q"),
        ("act", "decide"),
        ("subject", "item 4"),
        ("public", '{"n":7}'),
        ("public", "no longer JSON"),
        ("public", "[]"),
        ("private", '{"path":"/other"}'),
        ("private", ""),
        ("salt", "00"),
        ("private_digest", "0" * 64),
        ("previous", "0" * 64),
        ("hash", "0" * 64),
    ],
)
def test_an_edited_row_is_found_and_named(folder: Path, column: str, value: str) -> None:
    problems = tamper(folder, f"UPDATE ledger SET {column} = '{value}' WHERE seq = 3")

    assert problems
    assert any("line 3" in one for one in problems)


def test_a_removed_row_is_found_and_named(folder: Path) -> None:
    assert "line 3 is missing" in tamper(folder, "DELETE FROM ledger WHERE seq = 3")[0]


def test_a_removed_row_closed_up_is_found(folder: Path) -> None:
    problems = tamper(
        folder,
        "DELETE FROM ledger WHERE seq = 3",
        *(f"UPDATE ledger SET seq = {n - 1} WHERE seq = {n}" for n in range(4, 11)),
    )

    assert "line 3 does not follow the line before it" in problems


def test_swapped_rows_are_found_and_named(folder: Path) -> None:
    problems = tamper(
        folder,
        "UPDATE ledger SET seq = 99 WHERE seq = 3",
        "UPDATE ledger SET seq = 3 WHERE seq = 4",
        "UPDATE ledger SET seq = 4 WHERE seq = 99",
    )

    assert any("line 3" in one for one in problems)
    assert any("line 4" in one for one in problems)


def test_a_row_appended_by_hand_is_found_and_named(folder: Path) -> None:
    columns = "at, zone, who, act, subject, public, private_digest, previous, hash, private, salt"

    problems = tamper(folder, f"INSERT INTO ledger (seq, {columns}) SELECT 11, {columns} FROM ledger WHERE seq = 10")

    assert any("line 11" in one for one in problems)


def test_a_tail_cut_carelessly_is_found_by_the_numbers_already_given(folder: Path) -> None:
    assert tamper(folder, "DELETE FROM ledger WHERE seq > 8") == [
        "the tail was cut: line 8 is the last, but line 10 was written"
    ]


FORGET = "UPDATE sqlite_sequence SET seq = (SELECT max(seq) FROM ledger) WHERE name = 'ledger'"


def test_a_tail_cut_with_care_is_found_against_a_sealed_head(folder: Path) -> None:
    assert tamper(folder, "DELETE FROM ledger WHERE seq > 7", FORGET) == [
        "the tail was cut: bundle 1 was sealed at line 8, and line 7 is the last"
    ]


def test_a_tail_cut_with_every_trace_is_found_against_a_head_kept_outside(folder: Path) -> None:
    with CaseFile.open(folder) as case:
        printed = SealedHead(*case.ledger.head(), "the printed report", "2025-03-02")

    inside = tamper(folder, "DELETE FROM seal", "DELETE FROM ledger WHERE seq > 7", FORGET)

    with CaseFile.open(folder) as case:
        assert inside == []
        assert "no head of this ledger was sealed" in case.ledger.assurance()
        assert case.ledger.problems([printed]) == [
            "the tail was cut: the printed report was sealed at line 10, and line 7 is the last"
        ]


def test_a_chain_written_anew_is_found_against_a_sealed_head(folder: Path, tmp_path: Path) -> None:
    with CaseFile.open(folder) as case:
        heads = case.ledger.sealed_heads()
    with CaseFile.create(tmp_path / "forged", CaseHead("india-bsa"), passphrase=None, at=AT) as forged:
        for n in range(1, 11):
            write(forged, n if n != 3 else 33)

        assert forged.ledger.problems() == []
        assert forged.ledger.problems(heads) == [
            "the chain was written anew: line 8 is not the line that bundle 1 was sealed at"
        ]


def test_a_masked_copy_verifies_against_the_same_chain(folder: Path) -> None:
    with CaseFile.open(folder) as case:
        lines = [json.dumps(line.masked()) for line in case.ledger.entries()]

    copy = [LedgerEntry(**json.loads(line)) for line in lines]

    assert "घर" not in "".join(lines)
    assert json.dumps("घर")[1:-1] not in "".join(lines)
    assert chain_problems(copy) == []
    copy[4] = copy[5]
    assert chain_problems(copy) != []


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseFile]:
    """An open case with one undecided item."""
    with CaseFile.create(tmp_path / "acts", CaseHead("india-bsa"), passphrase=None, at=AT) as case:
        never = NotRecorded()
        times = Times(never, never, never, never)
        locator = Locator("EX-1", 0, 0, 5, "/teapot.jpg")
        case.exhibits.add(Exhibit("EX-1", ("/evidence/disk.dd",), ContainerFacts("raw", 512, 512, ("disk.dd",))))
        case.entries.add("EX-1", 0, [Entry(locator, "ext4", EntryKind.FILE, 9, True, times)])
        (pending,) = case.entries.pending("EX-1")
        digests = Digests("ab" * 16, "ab" * 20, "ab" * 32)
        case.items.record([Finding(pending.id, digests, 9, Kind.PICTURE, "image/jpeg")])
        yield case


def decide(case: CaseFile) -> None:
    """One act as the program does it: the change and its line in one transaction."""
    with case.transaction():
        case.decisions.decide([ItemId(1)], Category("teapots", "1", "2"), by="R. Iyer", at=AT)
        case.ledger.append("decide", "item 1", who="R. Iyer", at=AT, zone="UTC", private={"reason": "x" * 9000})


def test_an_act_that_cannot_be_written_to_the_ledger_does_not_happen(case: CaseFile) -> None:
    pages = case.database().number("PRAGMA page_count")
    case.database().execute(f"PRAGMA max_page_count={pages}").fetchall()

    with pytest.raises(DiskFullFault):
        decide(case)

    assert case.ledger.head()[0] == 0
    assert case.decisions.all() == []
    assert case.items.get(1).status is Status.UNDECIDED


def test_an_act_whose_line_cannot_be_hashed_does_not_happen(case: CaseFile) -> None:
    with pytest.raises(ValueError, match="JSON"):
        _decide_with_a_bad_line(case)

    assert case.decisions.all() == []


def _decide_with_a_bad_line(case: CaseFile) -> None:
    with case.transaction():
        case.decisions.decide([ItemId(1)], Category("teapots", "1", "2"), by="R. Iyer", at=AT)
        case.ledger.append("decide", "item 1", who="R. Iyer", at=AT, zone="UTC", public={"score": float("nan")})


def test_a_reader_cannot_act(case: CaseFile) -> None:
    with CaseFile.open(case.folder, mode=Mode.READ) as reader, pytest.raises(CaseFault):
        decide(reader)
