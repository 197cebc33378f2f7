from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.driver import DRIVER_ERRORS, Mode
from sakshya.casefile.ledger import SealedHead
from sakshya.domain.ledger import GENESIS
from tests.unit.casefile.building import AT


def append(case: CaseFile, act: str, at: datetime = AT) -> None:
    case.ledger.append(act, "item 1", who="R. Iyer", at=at, zone="Asia/Kolkata", private={"path": "/घर/\ud800.jpg"})


def test_a_line_keeps_who_when_what_and_its_private_fields(case: CaseFile) -> None:
    kolkata = timezone(timedelta(hours=5, minutes=30))
    written = case.ledger.append(
        "look",
        "item 7",
        who="ज़ोया",
        at=AT.astimezone(kolkata),
        zone="Asia/Kolkata",
        public={"n": [1]},
        private={"p": "\ud800"},
    )

    (line,) = case.ledger.entries()

    assert line == written
    assert (line.seq, line.at, line.zone, line.previous) == (1, "2025-03-01T09:30:00.000000Z", "Asia/Kolkata", GENESIS)
    assert (line.private, len(line.salt or "")) == ({"p": "\ud800"}, 32)


def test_the_chain_goes_on_after_a_restart(
    new_case: Callable[[str], CaseFile], tmp_path: Path, passphrase: str | None
) -> None:
    with new_case("case") as case:
        append(case, "one")

    with CaseFile.open(tmp_path / "case", passphrase=passphrase) as again:
        append(again, "two")
        assert [line.act for line in again.ledger.entries()] == ["one", "two"]
        assert [line.act for line in again.ledger.entries(start=2)] == ["two"]
        assert again.ledger.problems() == []


def test_two_processes_of_a_session_write_one_chain(case: CaseFile) -> None:
    with CaseFile.open(case.folder, key=case.key, token=case.token, mode=Mode.JOIN) as other:
        for _ in range(5):
            append(case, "window")
            append(other, "scan")

    assert case.ledger.head()[0] == 10
    assert case.ledger.problems() == []


def test_lines_can_only_be_appended(case: CaseFile) -> None:
    append(case, "one")
    case.ledger.record_seal(*case.ledger.head(), "report", AT)
    for table in ("ledger", "seal"):
        for statement in (f"UPDATE {table} SET hash = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(DRIVER_ERRORS, match="only be appended"):
                case.database().execute(statement)
    with pytest.raises(DRIVER_ERRORS, match="only be appended"):
        case.database().execute("INSERT OR REPLACE INTO ledger SELECT * FROM ledger")


def test_a_time_without_a_zone_is_not_written(case: CaseFile) -> None:
    with pytest.raises(ValueError, match="zone"):
        append(case, "one", at=AT.replace(tzinfo=None))

    assert case.ledger.head() == (0, GENESIS)


def test_heads_that_left_the_case_are_remembered(case: CaseFile) -> None:
    assert "no head" in case.ledger.assurance()
    append(case, "one")
    case.ledger.record_seal(*case.ledger.head(), "बंडल 1", AT)

    assert case.ledger.sealed_heads() == [SealedHead(*case.ledger.head(), "बंडल 1", "2025-03-01T09:30:00.000000Z")]
    assert "up to line 1" in case.ledger.assurance()
