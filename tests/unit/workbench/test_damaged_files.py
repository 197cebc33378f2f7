"""Files on damage are named by a verification, and listed as not examined only as long as the damage lasts."""

import shutil
import zlib
from pathlib import Path

import pytest

from sakshya.domain.exhibit import Damage
from sakshya.domain.faults import VerificationFault
from sakshya.domain.locator import Run
from sakshya.evidence.damaged_files import files_on
from sakshya.testing import tiny_disk
from sakshya.triage.events import Event
from sakshya.workbench.damaged import FileDamaged
from tests.support.ewf_writer import EwfShape, write_ewf
from tests.support.small_case import case_on

BIG = b"".join(zlib.crc32(number.to_bytes(4, "big")).to_bytes(4, "big") for number in range(50_000))


def test_every_file_on_damage_is_named_and_no_other(tmp_path: Path) -> None:
    disk = tiny_disk({"/a.bin": BIG, "/b.bin": BIG[::-1], "/c.txt": b"words"})
    (tmp_path / "disk.dd").write_bytes(disk)
    with case_on(tmp_path, tmp_path / "disk.dd") as bench:
        exhibit = bench.case.exhibits.get("EX-1")
    first, second = disk.index(BIG), disk.index(BIG[::-1])
    damage = (
        Damage(Run(first + 1000, 10), "damaged chunk: one"),
        Damage(Run(first + 2000, 10), "damaged chunk: two"),
        Damage(Run(second + 4096, 512), "read error: three"),
    )

    found = [(locator.path.lower(), part.run, part.reason) for locator, part in files_on(exhibit, damage)]

    assert sorted(found, key=lambda one: one[1]) == sorted(
        [("/a.bin", damage[0].run, damage[0].reason), ("/a.bin", damage[1].run, damage[1].reason),
         ("/b.bin", damage[2].run, damage[2].reason)],
        key=lambda one: one[1],
    )  # fmt: skip
    assert list(files_on(exhibit, ())) == []


def test_a_verification_names_the_file_on_a_damaged_chunk_and_unsays_it_once_the_chunk_is_whole(tmp_path: Path) -> None:
    disk = tiny_disk({"/a.bin": BIG, "/c.txt": b"words"})
    segment = write_ewf(tmp_path / "disk", disk, EwfShape(compress="none"))[0]
    whole = tmp_path / "whole"
    shutil.copy2(segment, whole)
    with case_on(tmp_path, segment) as bench:
        data = bytearray(segment.read_bytes())
        at = data.index(BIG[100_000:100_016])
        data[at + 7] ^= 0xFF
        segment.write_bytes(data)

        said: list[Event] = []
        with pytest.raises(VerificationFault):
            said.extend(bench.verify_exhibit("EX-1"))
        damage = bench.case.exhibits.get("EX-1").verifications[-1].damage
        named = [one for one in said if isinstance(one, FileDamaged)]
        listed = [one.locator for one in bench.case.unexamined.all()]

        assert damage
        assert {one.locator.path.lower() for one in named} == {"/a.bin"}
        assert [one.locator for one in named] == listed
        assert named[0].as_json()["offset"] >= damage[0].run.offset

        shutil.copy2(whole, segment)
        list(bench.verify_exhibit("EX-1"))
        assert bench.case.unexamined.count() == 0
