"""A drive that goes away is waited for, and nothing on it is taken for unreadable meanwhile."""

import threading
from pathlib import Path

import pytest

from sakshya.domain.exhibit import ContainerFacts, Exhibit
from sakshya.domain.faults import EvidenceFault, StoppedFault
from sakshya.triage import presence
from sakshya.triage.events import Event, Note
from sakshya.triage.presence import missing, wait_until_back, while_present
from tests.support.small_case import make_case, pictures


@pytest.fixture
def exhibit(tmp_path: Path) -> Exhibit:
    file = tmp_path / "disk.dd"
    file.write_bytes(b"x" * 4096)
    return Exhibit("EX-1", (str(file),), ContainerFacts("raw", 4096, 512, (str(file),)))


def test_nothing_is_said_while_everything_is_there(exhibit: Exhibit) -> None:
    assert missing([exhibit]) is None
    assert list(wait_until_back([exhibit], bool)) == []


def test_it_waits_until_the_drive_is_back_and_says_so_both_times(
    exhibit: Exhibit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "_POLL", 0.01)
    file = Path(exhibit.files[0])
    away = file.rename(file.with_name("away"))

    said: list[str] = []
    for event in wait_until_back([exhibit], bool):
        said.append(event.line())
        if len(said) == 1:
            threading.Timer(0.1, away.rename, [file]).start()

    assert len(said) == 2
    assert "EX-1 is away" in said[0]
    assert "goes on" in said[1]


def test_waiting_can_be_stopped(exhibit: Exhibit) -> None:
    Path(exhibit.files[0]).unlink()

    with pytest.raises(StoppedFault, match="waiting"):
        list(wait_until_back([exhibit], lambda: True))


def test_a_stage_that_fails_for_another_reason_is_not_tried_again(exhibit: Exhibit) -> None:
    def stage() -> list[Event]:
        raise EvidenceFault("a bad sector")

    with pytest.raises(EvidenceFault, match="bad sector"):
        list(while_present([exhibit], bool, lambda: iter(stage())))


def test_a_scan_waits_for_a_disk_that_goes_away_in_the_middle_and_reads_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sakshya.triage.scan import _Run
    from sakshya.workbench import ScanRequest

    monkeypatch.setattr(presence, "_POLL", 0.01)
    files = {f"/{number}.jpg": content for number, content in enumerate(pictures(4))}
    with make_case(tmp_path, files) as bench:
        disk, away = tmp_path / "disk.dd", tmp_path / "away.dd"
        examine = _Run.examine
        pulled: list[bool] = []

        def pulled_out(run: _Run, sets: object) -> object:
            if not pulled:
                pulled.append(True)
                disk.rename(away)
            return examine(run, sets)  # type: ignore[arg-type]

        monkeypatch.setattr(_Run, "examine", pulled_out)
        said = []
        for event in bench.scan(ScanRequest(workers=1)):
            said.append(event)
            if isinstance(event, Note) and "is away" in event.text:
                away.rename(disk)

        assert any(isinstance(one, Note) and "goes on" in one.text for one in said)
        counts = bench.case.entries.counts("EX-1")
        assert counts.unexamined == counts.pending == 0
        assert bench.case.items.counts().total == 4
