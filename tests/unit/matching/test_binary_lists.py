"""Lists that are no text: databases, binary hash files, indexes, and all of them in archives."""

import io
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakshya.domain.digests import EMPTY
from sakshya.domain.faults import OperatorFault, SakshyaFault, StoppedFault
from sakshya.domain.match import SetKind
from sakshya.matching.importers import ImportPlan, commit, plan
from sakshya.matching.sets import SetFolder

from .lists import AT, content, digests, options, record, vics

ENCASE_HEAD = b"HASH\r\n\xff\0".ljust(1152, b"\0")
MINIMAL = (
    "CREATE TABLE FILE (sha256 VARCHAR NOT NULL, sha1 VARCHAR NOT NULL, md5 VARCHAR NOT NULL, crc32 VARCHAR NOT NULL,"
    " file_name VARCHAR NOT NULL, file_size INTEGER NOT NULL, package_id INTEGER NOT NULL, CONSTRAINT PK_FILE"
    " PRIMARY KEY (sha256, sha1, md5, crc32, file_name, file_size, package_id));"
    "CREATE VIEW DISTINCT_HASH AS SELECT DISTINCT sha256, sha1, md5, crc32 FROM FILE;"
)
FULL = (
    "CREATE TABLE METADATA (metadata_id INTEGER PRIMARY KEY, object_id INTEGER, key_hash TEXT, path TEXT,"
    " file_name TEXT, extension TEXT, bytes INTEGER, crc32 TEXT, md5 TEXT, sha1 TEXT, sha256 TEXT);"
    "CREATE VIEW FILE AS SELECT sha256, sha1, md5, crc32, file_name, bytes AS file_size, object_id AS package_id"
    " FROM METADATA;"
)
KDB = (
    "CREATE TABLE db_properties (name TEXT NOT NULL, value TEXT); INSERT INTO db_properties VALUES"
    " ('Schema Version', '1'); CREATE TABLE hashes (id INTEGER PRIMARY KEY AUTOINCREMENT, md5 BINARY(16) UNIQUE,"
    " sha1 BINARY(20), sha2_256 BINARY(32)); CREATE TABLE file_names (name TEXT NOT NULL, hash_id INTEGER NOT NULL);"
    "CREATE INDEX md5_index ON hashes(md5);"
)


def planned(file: Path) -> ImportPlan:
    return plan(file, options(scheme=None, kind=SetKind.IGNORABLE))


def database(file: Path, schema: str, insert: str, rows: Iterable[tuple[object, ...]]) -> Path:
    with closing(sqlite3.connect(file)) as made:
        made.executescript(schema)
        made.executemany(insert, rows)
        made.commit()
    return file


def minimal(file: Path, numbers: Iterable[int]) -> Path:
    rows = [
        (
            *(one.upper() for one in (digests(n).sha256, digests(n).sha1, digests(n).md5)),
            "0",
            f"{n}",
            len(content(n)),
            p,
        )
        for n in numbers
        for p in (1, 2)
    ]
    return database(file, MINIMAL, "INSERT INTO FILE VALUES (?,?,?,?,?,?,?)", rows)


def found(tmp_path: Path, file: Path, numbers: Iterable[int]) -> list[int]:
    sets = SetFolder(tmp_path / "sets")
    commit(planned(file), sets, at=AT)
    with sets.open() as known:
        return [len(known.lookup(digests(number), len(content(number)))) for number in numbers]


def test_the_minimal_nsrl_layout_folds_the_rows_of_one_file(tmp_path: Path) -> None:
    file = minimal(tmp_path / "RDS.db", range(5))

    ready = planned(file)

    assert (ready.rows, ready.used, ready.sized, ready.rejected) == (10, 10, 10, 0)
    assert "minimal" in ready.format
    assert found(tmp_path, file, range(6)) == [1, 1, 1, 1, 1, 0]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("RDS")] == ["RDS.db"]


def test_the_full_nsrl_layout_is_read_from_its_table_not_its_view(tmp_path: Path) -> None:
    rows = [(n, digests(n).sha256.upper(), digests(n).sha1, digests(n).md5, len(content(n))) for n in range(3)]
    file = database(
        tmp_path / "RDS.db",
        FULL,
        "INSERT INTO METADATA (metadata_id, sha256, sha1, md5, bytes) VALUES (?,?,?,?,?)",
        [*rows, (9, EMPTY.sha256, EMPTY.sha1, EMPTY.md5, 0), (10, None, None, None, 1)],
    )

    ready = planned(file)

    assert (ready.used, ready.empty, ready.rejected) == (3, 1, 1)
    assert found(tmp_path, file, range(4)) == [1, 1, 1, 0]


def test_a_view_that_poses_as_the_list_is_not_asked(tmp_path: Path) -> None:
    posing = (
        "CREATE TABLE other (x); CREATE VIEW FILE AS SELECT x AS sha256, x AS sha1, x AS md5, 1 AS file_size FROM other"
    )
    file = database(tmp_path / "RDS.db", posing, "INSERT INTO other VALUES (?)", [(digests(1).md5,)])

    with pytest.raises(OperatorFault, match="neither NSRL"):
        planned(file)


def test_an_nsrl_delta_adds_and_takes_nothing_back(tmp_path: Path) -> None:
    one = f"'{digests(1).sha256.upper()}','{digests(1).sha1}','{digests(1).md5}'"
    columns = "sha256,sha1,md5,crc32,file_name,file_size,package_id"
    lines = [
        "BEGIN;",
        f"INSERT INTO FILE({columns}) VALUES({one},'0','it''s, (a) name',9,7);",
        f"INSERT INTO FILE VALUES('{digests(2).sha256}','{digests(2).sha1}','{digests(2).md5}','0','n',9,7);",
        "INSERT INTO PKG VALUES(1,'x','1',2,3,'en','App');",
        f"DELETE FROM FILE WHERE sha256='{digests(1).sha256}';",
        "INSERT INTO FILE VALUES('short');",
        "COMMIT;",
    ]
    file = tmp_path / "delta.sql"
    file.write_text("\n".join(lines))

    ready = planned(file)

    assert (ready.used, [row.number for row in ready.problems]) == (2, [5, 6])
    assert ready.sized == 2


def test_a_kdb_gives_its_binary_hashes(tmp_path: Path) -> None:
    one = tuple(bytes.fromhex(value) for value in (digests(1).md5, digests(1).sha1, digests(1).sha256))
    file = database(
        tmp_path / "teapots.kdb",
        KDB,
        "INSERT INTO hashes (md5, sha1, sha2_256) VALUES (?,?,?)",
        [one, (bytes.fromhex(digests(2).md5), None, None), (b"short", None, None), (digests(3).md5, None, None)],
    )

    ready = planned(file)

    assert (ready.used, ready.rejected) == (2, 2)
    assert found(tmp_path, file, range(4)) == [0, 1, 1, 0]


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    file = minimal(tmp_path / "RDS.db", range(400))
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(OperatorFault, match="broken"):
        planned(file)


def test_an_encase_hash_file_is_read_and_a_cut_record_named(tmp_path: Path) -> None:
    file = tmp_path / "teapots.hash"
    records = b"".join(bytes.fromhex(digests(n).md5) + b"\x01\0" for n in range(9000))
    file.write_bytes(ENCASE_HEAD + records + b"cut")

    ready = planned(file)

    assert (ready.used, ready.rejected, ready.problems[0].number) == (9000, 1, 9001)
    assert found(tmp_path, file, [0, 8999, 9000]) == [1, 1, 0]


@pytest.mark.skipif(shutil.which("hfind") is None, reason="hfind is not installed (Debian: sleuthkit)")
def test_an_index_of_hfind_is_read_without_its_list(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("".join(f"{digests(n).md5}  name {n}\n" for n in range(50)))
    subprocess.run(["hfind", "-i", "md5sum", listed], check=True, capture_output=True)

    ready = planned(tmp_path / "list.txt-md5.idx")

    assert (ready.used, ready.rejected, ready.usable) == (50, 0, (("md5", 50),))


def test_an_index_of_hfind_names_its_broken_lines(tmp_path: Path) -> None:
    file = tmp_path / "list-md5.idx"
    head = f"{'0' * 41}|md5sum\n{'0' * 40}1|list.txt\n"
    file.write_text(head + f"{digests(1).md5.upper()}|{7:016}\n{digests(2).md5}|7\n")

    ready = planned(file)

    assert (ready.used, [row.number for row in ready.problems]) == (1, [4])


def test_hashkeeper_and_both_old_nsrl_texts_are_read_by_their_headings(tmp_path: Path) -> None:
    keeper = (
        '"file_id","hashset_id","file_name","directory","hash","file_size","date_modified","time_modified",'
        '"time_zone","comments","date_accessed","time_accessed"\n'
        f'1,2,"a, b.jpg","C:\\","{digests(1).md5.upper()}",9,,,,,,\n'
    )
    newer = (
        '"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"\n'
        f'"{digests(1).sha1.upper()}","{digests(1).md5}","0","n.jpg",9,1,"WIN",""\n'
    )
    older = (
        '"SHA-1","FileName","FileSize","ProductCode","OpSystemCode","MD4","MD5","CRC32","SpecialCode"\n'
        f'"{digests(1).sha1.upper()}","n.jpg",9,1,"WIN","{"0" * 32}","{digests(1).md5}","0",""\n'
    )
    both = (("md5", 1), ("sha1", 1))
    for text, usable in ((keeper, (("md5", 1),)), (newer, both), (older, both)):
        file = tmp_path / "list.csv"
        file.write_text(text)
        ready = planned(file)
        assert (ready.usable, ready.sized) == (usable, 1)


def test_a_pdq_hash_is_not_taken_for_a_sha256(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    rows = [f"{digests(1).sha256},HASH_PDQ", f"{digests(2).sha256},HASH_SHA256", f"{digests(3).md5},HASH_MD5"]
    file.write_text("\n".join(["indicator,type", *rows]))

    ready = planned(file)

    assert (ready.usable, ready.other_hashes, ready.rejected) == ((("md5", 1), ("sha256", 1)), 1, 1)


def zipped(file: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file


def test_a_list_in_an_archive_reads_as_the_list(tmp_path: Path) -> None:
    data = vics([record(n) for n in range(500)])
    file = zipped(tmp_path / "list.zip", list=data)

    ready = plan(file, options())

    assert (ready.used, ready.source_size) == (500, file.stat().st_size)
    sets = SetFolder(tmp_path / "sets")
    assert commit(ready, sets, at=AT).entries == 500


@pytest.mark.parametrize("members", [{}, {"a": b"x", "b": b"y"}])
def test_an_archive_of_none_or_several_is_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    with pytest.raises(OperatorFault, match="not one list"):
        planned(zipped(tmp_path / "list.zip", **members))


def test_a_database_in_an_archive_is_to_be_unpacked_first(tmp_path: Path) -> None:
    data = minimal(tmp_path / "RDS.db", range(2)).read_bytes()

    with pytest.raises(OperatorFault, match="unpack it first"):
        planned(zipped(tmp_path / "list.zip", db=data))


def test_an_archive_whose_content_is_damaged_leaves_nothing(tmp_path: Path) -> None:
    file = zipped(tmp_path / "list.zip", list="\n".join(digests(n).sha256 for n in range(3000)).encode())
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)

    with pytest.raises(OperatorFault):
        planned(file)


def test_reading_a_database_can_be_stopped(tmp_path: Path) -> None:
    file = minimal(tmp_path / "RDS.db", range(40_000))
    calls = 0

    def stop(done: int, total: int) -> None:
        nonlocal calls
        calls += 1
        if calls > 1:
            raise StoppedFault("stopped")

    with pytest.raises(StoppedFault):
        plan(file, options(scheme=None), watch=stop)


def seeds() -> list[bytes]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("l", digests(1).md5)
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(MINIMAL)
        made.execute(
            "INSERT INTO FILE VALUES (?,?,?,'0','n',9,1)", (digests(1).sha256, digests(1).sha1, digests(1).md5)
        )
        made.commit()
        stored = made.serialize()
    index = f"{'0' * 41}|md5sum\n{digests(1).md5}|{7:016}\n".encode()
    delta = f"INSERT INTO FILE VALUES('{digests(1).sha256}','','','0','n',9,7);\n".encode()
    return [packed.getvalue(), stored, index, delta, ENCASE_HEAD + bytes(36)]


_SEEDS = seeds()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 4), st.lists(st.tuples(st.integers(0), st.integers(0, 255)), max_size=12), st.integers(0))
def test_no_spoiled_file_escapes_as_anything_but_a_fault(
    tmp_path_factory: pytest.TempPathFactory, seed: int, changes: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(_SEEDS[seed])
    for place, value in changes:
        data[place % len(data)] = value
    file = tmp_path_factory.mktemp("spoiled") / "list"
    file.write_bytes(data[: len(data) - cut % 40])
    try:
        ready = planned(file)
    except SakshyaFault:
        return
    assert ready.rows == ready.used + ready.rejected + ready.empty
