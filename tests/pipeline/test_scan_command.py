"""`sakshya scan`: what it tells scripts, what it foretells, and when it refuses."""

import json
from pathlib import Path

import pytest

from sakshya.cli.main import main
from sakshya.testing import tiny_disk
from sakshya.triage import forecast
from tests.support.small_case import EXAMINER, case_on, pictures

LIVE = {"bytes_a_second", "files_a_second", "settled", "to_look", "share"}


@pytest.fixture
def case(tmp_path: Path) -> Path:
    files = {f"/DCIM/{n}.jpg": shot for n, shot in enumerate(pictures(4))}
    (tmp_path / "disk.dd").write_bytes(tiny_disk(files | {f"/{n}.bin": b"note" * (n + 9) for n in range(20)}))
    case_on(tmp_path, tmp_path / "disk.dd").close()
    return tmp_path / "case"


def scan(case: Path, *words: str) -> int:
    return main(["scan", str(case), "--sets", str(case.parent / "sets"), "--by", EXAMINER, *words])


def test_events_are_json_lines_and_the_last_is_a_summary_that_reconciles(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert scan(case, "--depth", "quick", "--leave-one-core", "--jsonl") == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    kinds = [event["event"] for event in events]
    assert kinds.index("forecast") < kinds.index("items")
    reading = [event for event in events if event["event"] == "progress" and event["stage"] != "listing"]
    assert all(event["live"].keys() == LIVE for event in reading)
    summary = events[-1]
    assert (summary["event"], summary["depth"]) == ("summary", "quick")
    assert (summary["reached"]["files"], summary["reached"]["files_done"]) == (24, 4)
    (exhibit,) = summary["balance"]["exhibits"]
    assert exhibit["entries"] == exhibit["read"] + exhibit["unexamined"] + exhibit["not_reached"]

    assert main(["unexamined", str(case), "--jsonl"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    left = [line for line in lines if line["reason"] == "not reached at this depth" and line["of"] == "entry"]
    assert len(left) == 20


def test_a_forecast_reads_nothing(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert scan(case, "--forecast", "--jsonl") == 0
    (foretold,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())

    assert (foretold["event"], foretold["listed"]) == ("forecast", False)
    assert foretold["bytes"] == (case.parent / "disk.dd").stat().st_size
    assert main(["items", str(case), "--jsonl"]) == 0
    assert capsys.readouterr().out == ""


def test_a_case_disk_that_is_too_small_is_refused_before_any_file_is_read(
    case: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecast, "_LEAST_ROOM", 1 << 62)
    assert scan(case) == 2

    said = capsys.readouterr().err
    assert said.splitlines()[-1].startswith("error: the disk that holds the case is too small: ")
    assert "Traceback" not in said
    assert main(["items", str(case), "--jsonl"]) == 0
    assert capsys.readouterr().out == ""
