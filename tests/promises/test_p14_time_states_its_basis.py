"""P14: a time says whether it is UTC or local; a local one never carries a Z."""

from pathlib import Path

import pytest

from sakshya.domain.moment import Moment
from sakshya.workbench import AttachRequest
from sakshya.workbench.tree_rows import tree_rows
from tests.support.small_case import finish, make_case


def test_fat_times_are_local_and_say_so(tmp_path: Path) -> None:
    with make_case(tmp_path, {"/a.txt": b"a"}) as bench:
        request = AttachRequest(files=(str(tmp_path / "disk.dd"),), number="EX-2", zone="Asia/Kolkata")
        finish(bench.attach(request))

        for number, basis in (("EX-1", "local, zone unknown"), ("EX-2", "local, assumed Asia/Kolkata")):
            rows = [row for row in tree_rows(bench.case.exhibits.get(number)) if row["path"] == "/a.txt"]
            assert rows[0]["modified"]["basis"] == basis
            assert not rows[0]["modified"]["value"].endswith("Z")
            assert rows[0]["changed"] is None
            assert rows[0]["missing_times"]["changed"]


def test_a_local_time_with_a_z_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="must not carry a Z"):
        Moment("2026-01-01T00:00:00Z", "local, zone unknown")


def test_a_utc_time_carries_its_z_and_converts() -> None:
    from zoneinfo import ZoneInfo

    moment = Moment.utc(1_446_508_800, 500)

    assert moment.value == "2015-11-03T00:00:00.0000005Z"
    assert (moment.in_zone(ZoneInfo("Asia/Kolkata")) or "").startswith("2015-11-03T05:30:00")
    assert Moment.local(1_446_508_800).in_zone(ZoneInfo("Asia/Kolkata")) is None
