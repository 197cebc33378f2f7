import json
import os
import stat
import sys
from pathlib import Path

import pytest

from sakshya.domain.faults import OperatorFault, StoppedFault, VerificationFault
from sakshya.matching.importers import commit, plan
from sakshya.matching.sets import SetFolder, Switch, id_of_set

from .lists import AT, digests, imported, options, record, vics


def everything_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.name != ".lock")


def test_a_set_is_written_down_with_what_it_is_and_where_it_came_from(tmp_path: Path) -> None:
    sets, known = imported(tmp_path, vics([record(1), record(1), record(2, SHA1="")]), supplier="Unit desk")

    assert sets.all() == [known]
    assert (known.id, known.scheme, known.scheme_version, known.supplier) == ("teapots@1", "teapots", "1", "Unit desk")
    assert (known.entries, known.algorithms) == (3, (("md5", 2), ("sha1", 1)))
    assert (known.source_name, known.imported_at) == ("list.txt", AT)
    assert sets.verify(known.id) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode bits")
def test_only_the_owner_may_read_a_set_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        sets, known = imported(tmp_path, vics([record(1)]))
    finally:
        os.umask(before)

    modes = {stat.S_IMODE(path.stat().st_mode) for path in (sets.path / known.id).iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE((sets.path / known.id).stat().st_mode) == stat.S_IMODE(sets.path.stat().st_mode) == 0o700


def test_one_flipped_byte_in_any_file_of_a_set_is_found_and_named(tmp_path: Path) -> None:
    sets, known = imported(tmp_path, vics([record(1)]))
    folder = sets.path / known.id
    names = sorted(path.name for path in folder.iterdir())

    for name in names:
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
        assert name in " ".join(sets.verify(known.id))
        with pytest.raises(VerificationFault, match=name.replace(".", r"\.") if name != "set.json" else "record"):
            sets.open()
        (folder / name).write_bytes(whole)
    assert names == ["md5.idx", "set.json", "sha1.idx", "sizes.u64"]
    assert sets.verify(known.id) == []


@pytest.mark.parametrize(("field", "value"), [("kind", "ignorable"), ("scheme", "other"), ("entries", 9)])
def test_a_record_edited_after_the_import_is_not_trusted(tmp_path: Path, field: str, value: object) -> None:
    sets, known = imported(tmp_path, vics([record(1)]))
    file = sets.path / known.id / "set.json"
    table = json.loads(file.read_text("utf-8"))
    table["set"][field] = value
    file.write_text(json.dumps(table), "utf-8")

    with pytest.raises(VerificationFault, match="changed after the import"):
        sets.all()
    assert "changed after the import" in sets.verify(known.id)[0]


def test_a_missing_and_a_surplus_file_are_named(tmp_path: Path) -> None:
    sets, known = imported(tmp_path, vics([record(1)]))
    (sets.path / known.id / "sha1.idx").rename(sets.path / known.id / "stray")

    problems = sets.verify(known.id)

    assert problems[0].startswith("sha1.idx: ")
    assert problems[1] == "stray: does not belong to the set"


def test_the_same_list_and_answers_give_the_same_digest_on_another_desk(tmp_path: Path) -> None:
    records = [record(number, Category=number % 2) for number in range(1, 40)]
    _, first = imported(tmp_path / "a", vics(records))
    file = tmp_path / "a" / "list.txt"
    second = commit(plan(file, options()), SetFolder(tmp_path / "b"), at="2027-01-01T00:00:00.000000Z")

    assert first.digest == second.digest


def test_a_set_is_not_imported_twice_under_one_version(tmp_path: Path) -> None:
    sets, known = imported(tmp_path, vics([record(1)]))

    with pytest.raises(OperatorFault, match="there already"):
        imported(tmp_path, vics([record(1)]))
    with pytest.raises(OperatorFault, match="there already"):
        imported(tmp_path, vics([record(2)]))
    assert sets.all() == [known]


def test_an_update_is_used_and_the_old_version_is_kept(tmp_path: Path) -> None:
    sets, old = imported(tmp_path, vics([record(1)]))
    _, new = imported(tmp_path, vics([record(2)]), version="2")
    _, other = imported(tmp_path, vics([record(3)]), name="Cups")

    assert sets.all() == [other, new]
    assert sets.every() == [other, old, new]
    with sets.open((old.id,)) as open_sets:
        assert open_sets.lookup(digests(1), 8) != ()


def test_a_set_can_be_switched_off_and_on_without_changing_it(tmp_path: Path) -> None:
    sets, known = imported(tmp_path, vics([record(1)]))

    sets.switch(known.id, Switch.OFF)
    assert (sets.all(), sets.verify(known.id)) == ([], [])
    sets.switch(known.id, Switch.ON)
    assert sets.all() == [known]


def test_a_removed_set_leaves_nothing(tmp_path: Path) -> None:
    sets, known = imported(tmp_path, vics([record(1)]))

    sets.remove(known.id)

    assert everything_below(sets.path) == []


def test_a_damaged_set_can_still_be_removed(tmp_path: Path) -> None:
    sets, known = imported(tmp_path, vics([record(1)]))
    (sets.path / known.id / "set.json").unlink()

    sets.remove(known.id)

    assert sets.all() == []


@pytest.mark.parametrize("name", ["../victim", "..", "", "victim", ".lock"])
def test_only_sets_are_removed(tmp_path: Path, name: str) -> None:
    sets, _ = imported(tmp_path, vics([record(1)]))
    (tmp_path / "victim").mkdir()

    with pytest.raises(OperatorFault, match="no known set"):
        sets.remove(name)
    assert (tmp_path / "victim").exists()


def test_a_stopped_import_leaves_no_trace(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_bytes(vics([record(number) for number in range(3000)]))
    sets = SetFolder(tmp_path / "sets")
    ready = plan(file, options())

    def stop(done: int, total: int) -> None:
        if done > total // 2:
            raise StoppedFault("stopped")

    with pytest.raises(StoppedFault):
        commit(ready, sets, at=AT, watch=stop)
    assert everything_below(sets.path) == []


def test_a_full_disk_is_one_clear_line_and_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "list.txt"
    file.write_bytes(vics([record(1)]))
    sets = SetFolder(tmp_path / "sets")
    ready = plan(file, options())

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sakshya.matching.build.create_private", full)
    with pytest.raises(OperatorFault, match=r"No space left on device.*nothing was kept"):
        commit(ready, sets, at=AT)
    assert everything_below(sets.path) == []


def test_what_a_killed_import_left_is_swept_by_the_next(tmp_path: Path) -> None:
    sets, known = imported(tmp_path, vics([record(1)]))
    (sets.path / ".new-0123").mkdir()
    (sets.path / ".new-0123" / "md5.run0").write_bytes(b"half")

    assert sets.all() == [known]
    imported(tmp_path, vics([record(2)]), version="2")
    assert not (sets.path / ".new-0123").exists()


def test_two_imports_at_once_do_not_meet(tmp_path: Path) -> None:
    sets, _ = imported(tmp_path, vics([record(1)]))

    with sets.new_set("cups@1"), pytest.raises(OperatorFault, match="another program"):
        imported(tmp_path, vics([record(2)]), version="2")


def test_a_list_that_changed_after_it_was_shown_is_not_imported(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_bytes(vics([record(1)]))
    ready = plan(file, options())

    for changed in ([record(2)], [record(1, Category=0)], [record(1, SHA256=digests(1).sha256)]):
        file.write_bytes(vics(changed))
        with pytest.raises(OperatorFault, match="changed after"):
            commit(ready, SetFolder(tmp_path / "sets"), at=AT)
    assert everything_below(tmp_path / "sets") == []


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("National A", "2026.09", "national-a@2026.09"),
        ("राज्य सूची", "१", "राज्य-सूची@१"),
        ("قومی فہرست", "1", "قومی-فہرست@1"),
        ("../../etc", "a/b", "etc@a-b"),
    ],
)
def test_the_id_is_stable_in_every_script_and_safe_as_a_folder_name(name: str, version: str, expected: str) -> None:
    assert id_of_set(name, version) == expected


@pytest.mark.parametrize("name", ["", "...", "//", "x" * 200])
def test_a_name_without_a_letter_or_too_long_is_refused(name: str) -> None:
    with pytest.raises(OperatorFault):
        id_of_set(name, "1")
