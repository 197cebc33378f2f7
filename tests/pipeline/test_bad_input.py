"""Bad input is normal input: one clear line, the right exit code, nothing lost."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from sakshya.cli.main import main
from sakshya.cli.output import print_json
from sakshya.domain.item import Status
from sakshya.testing import tiny_disk
from sakshya.triage import forecast
from sakshya.workbench import Workbench
from tests.support.small_case import EXAMINER, case_on, desk_in, known_list, make_case, pictures, scan


class Commands:
    """Runs commands and keeps what they said."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = ""

    def __call__(self, *arguments: str | Path) -> tuple[int, str]:
        code = main([str(one) for one in arguments])
        self.out, error = self._capsys.readouterr()
        assert "Traceback" not in error
        if code:
            assert error.startswith("error: ")
            assert error.count("\n") == 1, f"more than one line: {error}"
        return code, error


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


@pytest.fixture
def case(tmp_path: Path, run: Commands) -> Path:
    folder = tmp_path / "case"
    assert run("case", "new", folder, "--template", "india-bsa", "--unencrypted", "--reason", "test")[0] == 0
    return folder


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    file = tmp_path / "disk.dd"
    file.write_bytes(tiny_disk({f"/{n}.jpg": shot for n, shot in enumerate(pictures(3))}))
    return file


@pytest.mark.parametrize("kind", ["absent", "empty", "directory"])
def test_what_is_no_exhibit_is_refused(kind: str, tmp_path: Path, case: Path, run: Commands) -> None:
    file = tmp_path / "thing"
    if kind == "empty":
        file.touch()
    elif kind == "directory":
        file.mkdir()

    code, error = run("exhibit", "add", case, file, "--number", "EX-1")

    assert code in (2, 3)
    assert str(file) in error
    run("exhibit", "list", case)
    assert run.out == ""


def test_a_wrong_stated_hash_needs_a_written_reason(case: Path, disk: Path, run: Commands) -> None:
    wrong = "0" * 64

    code, error = run("exhibit", "add", case, disk, "--number", "EX-1", "--sha256", wrong)

    assert code == 4
    assert "does not match" in error
    run("exhibit", "list", case, "--jsonl")
    assert run.out == ""
    reason = "memo copied by hand, digit unclear"
    assert run("exhibit", "add", case, disk, "--number", "EX-1", "--sha256", wrong, "--reason", reason)[0] == 0
    run("exhibit", "list", case, "--jsonl")
    assert reason in run.out


def test_a_digest_that_is_none_is_refused(case: Path, disk: Path, run: Commands) -> None:
    code, error = run("exhibit", "add", case, disk, "--number", "EX-1", "--md5", "xyz")

    assert code == 2
    assert "MD5" in error


def test_a_number_is_given_once(case: Path, disk: Path, run: Commands) -> None:
    assert run("exhibit", "add", case, disk, "--number", "EX-1")[0] == 0
    assert run("exhibit", "add", case, disk, "--number", "EX-1")[0] == 2


def test_a_case_is_not_made_without_a_passphrase_or_a_reason(tmp_path: Path, run: Commands) -> None:
    code, error = run("case", "new", tmp_path / "case", "--template", "india-bsa")

    assert code == 2
    assert "--passphrase-file" in error
    assert not (tmp_path / "case").exists()


def test_an_unknown_template_field_is_named(tmp_path: Path, run: Commands) -> None:
    code, error = run(
        "case", "new", tmp_path / "c", "--template", "india-bsa", "--field", "firr=1", "--unencrypted", "--reason", "t"
    )

    assert code == 2
    assert "firr" in error


def test_a_wrong_passphrase_is_one_line(tmp_path: Path, run: Commands) -> None:
    (tmp_path / "right").write_text("correct horse\n")
    (tmp_path / "wrong").write_text("battery staple\n")
    folder = tmp_path / "case"
    assert run("case", "new", folder, "--template", "india-bsa", "--passphrase-file", tmp_path / "right")[0] == 0

    assert run("items", folder, "--passphrase-file", tmp_path / "wrong")[0] == 2
    assert run("items", folder)[0] == 2
    assert run("items", folder, "--passphrase-file", tmp_path / "right")[0] == 0
    arguments = ("--passphrase-file", tmp_path / "right", "--new-passphrase-file", tmp_path / "wrong")
    assert run("case", "passphrase", folder, *arguments)[0] == 0
    assert run("items", folder, "--passphrase-file", tmp_path / "wrong")[0] == 0
    assert run("items", folder, "--passphrase-file", tmp_path / "right")[0] == 2
    assert b"SQLite format 3" not in (folder / "case.db").read_bytes()[:100]


def test_a_case_opened_twice_names_who_holds_it(case: Path, disk: Path, tmp_path: Path, run: Commands) -> None:
    with Workbench.open(case, desk=desk_in(tmp_path), by=EXAMINER):
        script = (
            "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]);"
            "from sakshya.cli.main import main; sys.exit(main(['scan', sys.argv[2]]))"
        )
        app = Path(__file__).parents[2] / "app"
        done = subprocess.run(
            [sys.executable, "-c", script, str(app), str(case)], capture_output=True, text=True, check=False
        )

    assert done.returncode == 2
    assert str(os.getpid()) in done.stderr


def test_a_case_from_a_newer_version_is_refused_and_kept(case: Path, run: Commands) -> None:
    database = sqlite3.connect(case / "case.db")
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "schema_version" in tables:
        column = database.execute("SELECT name FROM pragma_table_info('schema_version')").fetchone()[0]
        database.execute(f"INSERT INTO schema_version ({column}) VALUES (999)")
    else:
        database.execute("PRAGMA user_version = 999")
    database.commit()
    database.close()

    code, error = run("items", case)

    assert code == 2
    assert "newer" in error


def test_a_set_with_trouble_is_read_as_far_as_it_is_good(tmp_path: Path, run: Commands) -> None:
    file = tmp_path / "set.json"
    good = known_list(pictures(1)).decode()
    extra = (
        '{"MediaID": 2, "MD5": "12345", "Category": 1}, {"MediaID": 3, "MD5": "'
        + "A" * 32
        + '", "IsSuspected": "false", "X": 1, "Category": 1}'
    )
    file.write_bytes(b"\xef\xbb\xbf" + good.replace("]}", f", {extra}]}}").encode())

    arguments = ("--name", "T", "--kind", "known", "--scheme", "teapots", "--sets", tmp_path / "sets")
    assert run("set", "dry-run", file, *arguments)[0] == 0
    assert "1 rejected" in run.out
    assert run("set", "import", file, *arguments)[0] == 2
    assert run("set", "import", file, *arguments, "--yes")[0] == 0
    assert run("set", "list", "--sets", tmp_path / "sets")[0] == 0
    assert "2 md5" in run.out


def test_a_list_with_no_usable_hash_is_refused(tmp_path: Path, run: Commands) -> None:
    file = tmp_path / "list.txt"
    file.write_text("hello\nworld\n")

    code, _ = run("set", "import", file, "--name", "T", "--kind", "ignorable", "--yes", "--sets", tmp_path / "sets")

    assert code == 2
    assert not (tmp_path / "sets").exists() or not list((tmp_path / "sets").glob("[!.]*"))


def test_names_with_newlines_and_lone_surrogates_survive(tmp_path: Path) -> None:
    from sakshya.domain.locator import Locator
    from sakshya.workbench.rows import item_row

    shots = pictures(2)
    with make_case(tmp_path, {"/line\nbreak.jpg": shots[0], "/half\ud83d.jpg": shots[1]}) as bench:
        scan(bench)

        rows = [item_row(item) for item in bench.case.items.find()]
        places = [place for row in rows for place in row["where"]]  # type: ignore[attr-defined]
    assert {place["path"] for place in places} == {"/line\\x0Abreak.jpg", "/half\\uD83D.jpg"}
    assert {Locator.parse(place["locator"]).path for place in places} == {"/line\nbreak.jpg", "/half\ud83d.jpg"}


def test_a_scan_without_an_exhibit_says_what_to_do(case: Path, run: Commands) -> None:
    code, error = run("scan", case)

    assert code == 2
    assert "exhibit add" in error


def test_an_exhibit_that_went_away_stops_the_scan_and_lists_nothing_as_unreadable(
    tmp_path: Path, case: Path, disk: Path, run: Commands
) -> None:
    assert run("exhibit", "add", case, disk, "--number", "EX-1")[0] == 0
    disk.rename(tmp_path / "unplugged.dd")

    code, _ = run("scan", case)

    assert code == 3
    run("unexamined", case)
    assert run.out == ""
    (tmp_path / "unplugged.dd").rename(disk)
    assert run("scan", case)[0] == 0


def test_a_physical_device_needs_its_write_blocker(case: Path, run: Commands) -> None:
    device = Path("/dev/loop0")
    if not device.is_block_device():
        device = Path("/dev/null")
    if sys.platform == "win32" or not device.exists():
        pytest.skip("there is no device here")

    code, error = run("exhibit", "add", case, device, "--number", "EX-1")

    assert code in (2, 3)
    if device.is_block_device():
        assert "write blocker" in error


def test_pictures_are_never_extracted_and_other_files_are(tmp_path: Path, run: Commands) -> None:
    with make_case(tmp_path, {"/a.jpg": pictures(1)[0], "/b.txt": b"words"}) as bench:
        scan(bench)
        places = {item.where[0].locator.path: str(item.where[0].locator) for item in bench.case.items.find()}

    code, error = run("exhibit", "extract", tmp_path / "case", places["/a.jpg"], "--to", tmp_path / "out")
    assert code == 2
    assert "never leave" in error
    assert not (tmp_path / "out").exists()
    assert run("exhibit", "extract", tmp_path / "case", places["/b.txt"], "--to", tmp_path / "out")[0] == 0
    assert (tmp_path / "out").read_bytes() == b"words"


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small tmpfs")
def test_a_full_disk_stops_the_scan_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The forecast would refuse to begin; another program may fill the disk after it.
    monkeypatch.setattr(forecast, "_CASE_BYTES_A_FILE", 0)
    monkeypatch.setattr(forecast, "_LEAST_ROOM", 0)
    small = tmp_path / "small"
    small.mkdir()
    mounted = (
        os.geteuid() == 0
        and shutil.which("mount")
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1200k", "tmpfs", str(small)], check=False, capture_output=True
        ).returncode
    )
    if not mounted:
        pytest.skip("a tmpfs cannot be mounted here")
    try:
        exhibit = tmp_path / "disk.dd"
        exhibit.write_bytes(tiny_disk({f"/{n:04}.txt": str(n).encode() * 9 for n in range(3000)}))
        from sakshya.casefile.faults import DiskFullFault

        with case_on(small, exhibit) as bench, pytest.raises(DiskFullFault):
            scan(bench)
        shutil.copytree(small, tmp_path / "larger")
    finally:
        subprocess.run(["umount", str(small)], check=False)
    with Workbench.open(tmp_path / "larger" / "case", desk=desk_in(tmp_path)) as bench:
        scan(bench)
        assert bench.case.entries.counts().pending == 0
        assert len(list(bench.case.items.find())) >= 3000
        assert not [item for item in bench.case.items.find() if item.status is Status.UNEXAMINED]


@pytest.mark.parametrize("workers", ["0", "-1", "many"])
def test_a_number_of_workers_that_cannot_be_is_refused(workers: str, case: Path, run: Commands) -> None:
    code, error = run("scan", case, "--workers", workers)

    assert code == 2
    assert "--workers" in error


@pytest.mark.skipif(os.name == "nt", reason="needs a shell that closes streams")
def test_closed_streams_end_no_command(case: Path) -> None:
    script = "import sys; sys.path.insert(0, sys.argv.pop(1)); from sakshya.cli.main import main; sys.exit(main())"
    app = Path(__file__).parents[2] / "app"
    command = [sys.executable, "-c", script, str(app), "case", "show", str(case)]

    done = subprocess.run(["sh", "-c", '"$@" <&- >&-', "sh", *command], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_row_is_one_line_for_every_reader_and_reads_back(capsys: pytest.CaptureFixture[str]) -> None:
    row = {"exif": "next\x85line\u2028and\u2029para\x9b31m \u202egpj.exe \ud83d चाय\n\x1c\x7f"}

    print_json(row)

    printed = capsys.readouterr().out
    assert len(printed.splitlines()) == 1
    assert json.loads(printed) == row
    assert "चाय" in printed
    printed.encode("utf-8")


def test_a_file_copied_out_to_nowhere_says_where_and_what_to_do(tmp_path: Path, run: Commands) -> None:
    with make_case(tmp_path, {"/b.txt": b"words"}) as bench:
        scan(bench)
        place = str(next(bench.case.items.find()).where[0].locator)
    target = tmp_path / "absent" / "out.bin"

    code, error = run("exhibit", "extract", tmp_path / "case", place, "--to", target)

    assert code == 2
    assert error.count("; ") == 3
    assert str(target) in error


def test_a_practice_case_where_no_folder_can_be_is_refused(tmp_path: Path, run: Commands) -> None:
    (tmp_path / "file").touch()

    code, error = run("demo", "--headless", "--to", tmp_path / "file" / "practice")

    assert code == 2
    assert "the folder cannot be made" in error


def test_a_case_changed_behind_the_program_s_back_does_not_verify(tmp_path: Path, run: Commands) -> None:
    with make_case(tmp_path, {"/a.jpg": pictures(1)[0]}) as bench:
        scan(bench)
        bench.decide([item.id for item in bench.case.items.find()], bench.category("0"))
    assert run("verify", tmp_path / "case")[0] == 0
    database = sqlite3.connect(tmp_path / "case" / "case.db")
    database.execute("UPDATE item SET size = size + 1")
    database.commit()
    database.close()

    code, error = run("verify", tmp_path / "case")

    assert code == 4
    assert "line" in error


def test_papers_and_byte_runs_have_no_way_round(tmp_path: Path, run: Commands) -> None:
    with make_case(tmp_path, {"/a.jpg": pictures(1)[0]}) as bench:
        scan(bench)

    assert run("bundle", tmp_path / "case", "--to", tmp_path / "case" / "inside")[0] == 2
    assert run("exhibit", "extract", tmp_path / "case", "EX-1|v0@0||||1049000+2000", "--to", tmp_path / "run")[0] == 2
    assert not (tmp_path / "run").exists()


def test_names_of_every_length_and_script_are_whole(tmp_path: Path) -> None:
    names = {f"/{'क' * 240}.jpg", f"/{'a' * 255}", f"/{'😀' * 97}x", f"/{'😀' * 120}x", f"/ab^{'c' * 200}"}
    with make_case(tmp_path, {name: name.encode() for name in names}, deleted={f"/{'ڈ' * 220}.txt": b"gone"}) as bench:
        scan(bench)

        found = {item.where[0].locator.path for item in bench.case.items.find()}
    assert found == {*names, f"/{'ڈ' * 220}.txt"}
