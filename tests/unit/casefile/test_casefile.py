import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sakshya.casefile import migrations
from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.driver import CaseDatabase, Mode
from sakshya.casefile.faults import CaseBusyFault, CaseDamagedFault, CaseFault, CaseNewerFault, WrongKeyFault
from sakshya.casefile.head import CaseHead
from tests.unit.casefile.building import AT, attach, entry, exhibit

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="works by POSIX signals and permissions")
HEAD = CaseHead("india-bsa", {"fir_no": "12/2025", "unit": "साइबर सेल", "odd": "\ud800"}, zone="Asia/Kolkata")


@pytest.fixture
def folder(tmp_path: Path, passphrase: str | None) -> Path:
    """A case that was made and closed again."""
    CaseFile.create(tmp_path / "case", HEAD, passphrase=passphrase, at=AT).close()
    return tmp_path / "case"


def test_a_case_says_again_what_it_was_made_with(folder: Path, passphrase: str | None) -> None:
    with CaseFile.open(folder, passphrase=passphrase) as case:
        head = case.head

    assert (head.template, head.zone, head.created_at) == ("india-bsa", "Asia/Kolkata", "2025-03-01T09:30:00.000000Z")
    assert list(head.fields.items()) == list(HEAD.fields.items())
    assert head.encrypted is (passphrase is not None)


def test_a_case_is_one_folder_with_nothing_left_over(folder: Path, passphrase: str | None) -> None:
    names = {one.name for one in folder.iterdir()}

    assert names == {"case.db", "lock"} | ({"keys.json"} if passphrase else set())


def test_an_encrypted_case_holds_no_plain_text(tmp_path: Path) -> None:
    with CaseFile.create(tmp_path / "case", HEAD, passphrase="x", at=AT) as case:
        case.exhibits.add(exhibit("EX-SECRET"))
        files = list((tmp_path / "case").iterdir())
        stored = b"".join(one.read_bytes() for one in files)

    assert any(one.name.endswith("-wal") for one in files)
    assert b"EX-SECRET" not in stored
    assert b"CREATE TABLE" not in stored


def test_a_folder_that_holds_something_is_refused(tmp_path: Path, passphrase: str | None) -> None:
    (tmp_path / "note.txt").write_text("mine", encoding="ascii")

    with pytest.raises(CaseFault, match="not empty"):
        CaseFile.create(tmp_path, HEAD, passphrase=passphrase, at=AT)

    assert [one.name for one in tmp_path.iterdir()] == ["note.txt"]


def test_a_second_opener_is_told_who_has_the_case(folder: Path, passphrase: str | None) -> None:
    with CaseFile.open(folder, passphrase=passphrase):
        with pytest.raises(CaseBusyFault) as caught:
            CaseFile.open(folder, passphrase=passphrase)
        with CaseFile.open(folder, passphrase=passphrase, mode=Mode.READ) as reader:
            assert reader.head.template == "india-bsa"

    line = str(caught.value)
    assert f"process {os.getpid()}" in line
    assert "since 20" in line
    CaseFile.open(folder, passphrase=passphrase).close()


def test_a_process_of_the_session_joins_it_by_its_token(folder: Path, passphrase: str | None) -> None:
    with CaseFile.open(folder, passphrase=passphrase) as window:
        with CaseFile.open(folder, key=window.key, token=window.token, mode=Mode.JOIN) as scan:
            scan.exhibits.add(exhibit())
        with pytest.raises(CaseBusyFault):
            CaseFile.open(folder, key=window.key, token="0" * 32, mode=Mode.JOIN)

        assert window.exhibits.get("EX-1") == exhibit()


def test_a_joined_process_stops_writing_when_its_session_ends(folder: Path, passphrase: str | None) -> None:
    window = CaseFile.open(folder, passphrase=passphrase)
    with CaseFile.open(folder, key=window.key, token=window.token, mode=Mode.JOIN) as scan:
        window.close()
        with pytest.raises(CaseBusyFault, match="has ended"), scan.transaction():
            pass
        with CaseFile.open(folder, passphrase=passphrase), pytest.raises(CaseBusyFault), scan.transaction():
            pass


@POSIX
def test_the_lock_of_a_dead_process_is_taken_over_and_named(folder: Path, passphrase: str | None) -> None:
    with start_child("hold", folder) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"held by {process.pid}\n".encode()
        with pytest.raises(CaseBusyFault, match=f"process {process.pid}"):
            CaseFile.open(folder, passphrase=passphrase)
        process.kill()

    with CaseFile.open(folder, passphrase=passphrase) as case:
        assert case.left_by is not None
        assert case.left_by.pid == process.pid


def test_a_folder_without_a_case_is_one_clear_line(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(CaseFault, match="no case in this folder"):
            CaseFile.open(folder)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 300, b"SQLite format 3\0" + bytes(5000)])
@pytest.mark.parametrize("mode", [Mode.WRITE, Mode.READ])
def test_a_database_of_garbage_is_one_clear_line(
    folder: Path, passphrase: str | None, content: bytes, mode: Mode
) -> None:
    (folder / "case.db").write_bytes(content)

    with pytest.raises((CaseDamagedFault, WrongKeyFault)):
        CaseFile.open(folder, passphrase=passphrase, mode=mode)


def test_another_programs_database_is_not_taken_for_a_case(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(tmp_path / "case.db")) as other:
        other.execute("CREATE TABLE cookies (name)")

    with pytest.raises(CaseDamagedFault, match="not a Sakshya case"):
        CaseFile.open(tmp_path)


def test_a_wrong_passphrase_or_key_opens_nothing(folder: Path, passphrase: str | None) -> None:
    if passphrase is None:
        with pytest.raises(CaseFault, match="not encrypted"):
            CaseFile.open(folder, passphrase="wrong")
        return

    with pytest.raises(WrongKeyFault):
        CaseFile.open(folder, passphrase="wrong")
    with pytest.raises(WrongKeyFault):
        CaseFile.open(folder, key=bytes(32))
    with pytest.raises(CaseFault, match="encrypted"):
        CaseFile.open(folder)
    CaseFile.open(folder, passphrase=passphrase).close()


def test_a_wrong_key_prints_nothing_of_its_own(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    CaseFile.create(tmp_path / "case", HEAD, passphrase="right", at=AT).close()

    with pytest.raises(WrongKeyFault):
        CaseFile.open(tmp_path / "case", key=bytes(32))

    assert capfd.readouterr() == ("", "")


def test_a_case_of_a_newer_version_is_left_alone(folder: Path, passphrase: str | None) -> None:
    with CaseFile.open(folder, passphrase=passphrase) as case:
        case.database().execute("INSERT INTO schema_version (version) VALUES (99)")
    before = (folder / "case.db").read_bytes()

    for mode in (Mode.WRITE, Mode.READ):
        with pytest.raises(CaseNewerFault, match="version 99"):
            CaseFile.open(folder, passphrase=passphrase, mode=mode)

    assert (folder / "case.db").read_bytes() == before


def test_an_older_case_is_brought_up_to_date_once(
    folder: Path, passphrase: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add_notes(db: CaseDatabase) -> None:
        db.table("note").create({"id": int, "text": str}, pk="id", strict=True)

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, add_notes))

    with pytest.raises(CaseFault, match="older"):
        CaseFile.open(folder, passphrase=passphrase, mode=Mode.READ)
    with CaseFile.open(folder, passphrase=passphrase) as case:
        assert case.migrated == (len(migrations.STEPS),)
        assert case.database().number("SELECT count(*) FROM note") == 0
    with CaseFile.open(folder, passphrase=passphrase) as case:
        assert case.migrated == ()


def test_reading_mode_refuses_to_write(folder: Path, passphrase: str | None) -> None:
    with (
        CaseFile.open(folder, passphrase=passphrase, mode=Mode.READ) as case,
        pytest.raises(CaseFault, match="reading only"),
    ):
        case.exhibits.add(exhibit())


@pytest.fixture
def medium() -> Iterator[Path]:
    """A folder that everybody can pass through, for a case that nobody may write."""
    outer = Path(tempfile.mkdtemp())
    outer.chmod(0o755)
    yield outer / "case"
    for folder, _, _ in os.walk(outer):
        Path(folder).chmod(0o755)
    shutil.rmtree(outer)


@POSIX
@pytest.mark.parametrize("left", ["closed", "crashed", "crashed, then copied"])
def test_a_case_on_a_medium_that_cannot_be_written_is_read(
    folder: Path, passphrase: str | None, left: str, medium: Path
) -> None:
    with CaseFile.open(folder, passphrase=passphrase) as case:
        case.exhibits.add(exhibit())
        key = case.key
        if left != "closed":
            shutil.copytree(folder, medium)
    if left == "closed":
        shutil.copytree(folder, medium)
    if left == "crashed, then copied":
        (medium / "case.db-shm").unlink()
    for one in medium.iterdir():
        one.chmod(0o444)
    medium.chmod(0o555)

    with start_child("read", medium, key) as process:
        said, _ = process.communicate()

    assert said.startswith(b"read ['EX-1']\nrefused: the case cannot be opened for writing (Permission denied)")


def test_a_transaction_is_kept_whole_or_not_at_all(case: CaseFile) -> None:
    def fail_after_adding(number: str) -> None:
        with case.transaction():
            case.exhibits.add(exhibit(number))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_adding("EX-1")
    with case.transaction():
        case.exhibits.add(exhibit("EX-2"))
        with pytest.raises(ZeroDivisionError):
            fail_after_adding("EX-3")
        case.exhibits.add(exhibit("EX-4"))

    assert [one.number for one in case.exhibits.all()] == ["EX-2", "EX-4"]


def test_the_key_slots_open_with_every_passphrase_and_only_those(tmp_path: Path) -> None:
    from sakshya.casefile import keyslots

    folder = tmp_path / "case"
    CaseFile.create(folder, HEAD, passphrase="first", at=AT).close()
    key = keyslots.unlock(folder, "first")

    keyslots.add_slot(folder, key, "recovery", "recovery officer")
    keyslots.change(folder, "first", "second")

    with pytest.raises(WrongKeyFault):
        keyslots.unlock(folder, "first")
    with pytest.raises(WrongKeyFault):
        keyslots.change(folder, "first", "third")
    for phrase in ("second", "recovery"):
        CaseFile.open(folder, passphrase=phrase).close()
    with pytest.raises(CaseFault, match="labelled"):
        keyslots.add_slot(folder, key, "again", "recovery officer")
    with pytest.raises(CaseFault, match="empty"):
        keyslots.add_slot(folder, key, "", "nobody")


@pytest.mark.parametrize(
    "change",
    [(b"argon2id", b"md5"), (b'"memory_kib": 64', b'"memory_kib": 1073741824'), (b"{", b"["), (b"salt", b"pepper")],
)
def test_damaged_key_slots_are_one_clear_line(tmp_path: Path, change: tuple[bytes, bytes]) -> None:
    CaseFile.create(tmp_path / "case", HEAD, passphrase="x", at=AT).close()
    slots = tmp_path / "case" / "keys.json"
    changed = slots.read_bytes().replace(*change)
    assert changed != slots.read_bytes()
    slots.write_bytes(changed)

    with pytest.raises(CaseDamagedFault, match="key slots"):
        CaseFile.open(tmp_path / "case", passphrase="x")


@POSIX
def test_a_case_survives_being_killed_in_the_middle_of_a_batch(folder: Path, passphrase: str | None) -> None:
    with CaseFile.open(folder, passphrase=passphrase) as case:
        attach(case, *(entry(f"{n}") for n in range(2000)))
        key = case.key

    with start_child("scan", folder, key) as process:
        log = folder / "case.db-wal"
        while process.poll() is None and not (log.exists() and log.stat().st_size > 200_000):
            time.sleep(0.001)
        process.kill()

    with CaseFile.open(folder, passphrase=passphrase) as case:
        counts = case.entries.counts()
        assert 0 < counts.read < 2000
        assert counts.read == case.items.counts().total == 20 * case.ledger.head()[0]
        assert case.ledger.problems() == []
        assert case.left_by is not None


def start_child(work: str, folder: Path, key: bytes | None = None) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.unit.casefile.child", work, str(folder), key.hex() if key else ""]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
