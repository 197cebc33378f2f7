"""The one place where a case database is opened, and where the driver's errors become ours.

`sqlite3` and `sqlcipher3` have unrelated error classes. Everything above this module sees neither: `CaseDatabase`
translates at its door. `sqlite_utils` serves schema creation, simple inserts and simple reads; the hot paths use
`executemany` and plain cursors, because its own bulk insert is five times slower (83k against 412k rows/s measured).
"""

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from enum import Enum
from itertools import chain
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as cipher
from sqlite_utils import Database

from sakshya.casefile.faults import CaseBusyFault, CaseDamagedFault, CaseFault, DiskFullFault, WrongKeyFault
from sakshya.casefile.file_names import name_holds
from sakshya.domain.faults import SakshyaFault

DRIVER_ERRORS: tuple[type[Exception], ...] = (sqlite3.Error, cipher.Error)
_BUSY_SECONDS = 10
_SCARCE = 1 << 20

Row = tuple[Any, ...]
Parameters = Sequence[Any]


class Mode(Enum):
    """How a case is opened: alone for writing, as a further process of a session that writes, or for reading."""

    WRITE = "write"
    JOIN = "join"
    READ = "read"


class CaseDatabase(Database):
    """A `sqlite_utils.Database` whose reads and writes raise only our own faults."""

    def __init__(self, connection: Any, path: Path) -> None:  # noqa: ANN401 - two drivers without a shared type
        self.path = path
        self._depth = 0
        super().__init__(connection, execute_plugins=False)

    def execute(self, sql: str, parameters: Sequence[Any] | dict[str, Any] | None = None) -> Any:  # noqa: ANN401
        """Run one statement and return its cursor."""
        with translated(self.path):
            return super().execute(sql, parameters)

    def executemany(self, sql: str, rows: Iterable[Parameters]) -> int:
        """Run one statement for each row and return how many rows it changed."""
        with translated(self.path):
            return max(0, int(self.conn.executemany(sql, rows).rowcount))

    def all(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Return every row of a query."""
        with translated(self.path):
            return self.conn.execute(sql, parameters).fetchall()

    def one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """Return the first row of a query, or None."""
        with translated(self.path), closing(self.conn.execute(sql, parameters)) as cursor:
            row: Row | None = cursor.fetchone()
            return row

    def column(self, sql: str, parameters: Parameters = ()) -> list[int]:
        """Return the one number of every row of a query, for long lists of ids."""
        with translated(self.path), closing(self.conn.execute(sql, parameters)) as cursor:
            return list(chain.from_iterable(cursor))

    def number(self, sql: str, parameters: Parameters = ()) -> int:
        """Return the one number a query yields, 0 where it yields none."""
        row = self.one(sql, parameters)
        return int(row[0]) if row and row[0] is not None else 0

    def stream(self, sql: str, parameters: Parameters = ()) -> Iterator[Row]:
        """Yield the rows of a query a thousand at a time, as they stood when the first was asked for."""
        with translated(self.path), closing(self.conn.execute(sql, parameters)) as cursor:
            while rows := cursor.fetchmany(1000):
                yield from rows

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the write lock from the start; nested uses are savepoints of the outermost one."""
        level = self._depth
        self.execute("SAVEPOINT nested" if level else "BEGIN IMMEDIATE")
        self._depth = level + 1
        try:
            yield
            self.execute("RELEASE nested" if level else "COMMIT")
        except BaseException:
            self._undo(level)
            raise
        finally:
            self._depth = level

    def _undo(self, level: int) -> None:
        # A full disk makes SQLite end the whole transaction by itself; then there is nothing left to undo.
        if not self.conn.in_transaction:
            return
        with suppress(*DRIVER_ERRORS):
            if level:
                self.conn.execute("ROLLBACK TO nested")
                self.conn.execute("RELEASE nested")
            else:
                self.conn.execute("ROLLBACK")


def connect(path: Path, key: bytes | None, mode: Mode) -> CaseDatabase:
    """Open the database file at `path`, which must exist (it may be empty when it is to be written).

    Args:
        path: the database file.
        key: the raw 32-byte database key of an encrypted case, else None.
        mode: READ never changes the file; it works in a folder that cannot be written, too.

    Raises:
        WrongKeyFault: `key` does not open the file.
        CaseDamagedFault: the file is not a database.
        CaseFault: the file cannot be opened.
    """
    if mode is not Mode.READ:
        database = _open(path, "mode=rw", key)
        try:
            _prepare_for_writing(database)
        except BaseException:
            database.close()
            raise
        return database
    try:
        return _open(path, "mode=ro", key)
    except (CaseDamagedFault, WrongKeyFault):
        raise
    except SakshyaFault:
        return _open_unwritable(path, key)


def _open_unwritable(path: Path, key: bytes | None) -> CaseDatabase:
    """Open a case on a medium that cannot be written, where SQLite cannot make its shared index file."""
    pending = path.with_name(path.name + "-wal")
    if not pending.exists() or pending.stat().st_size == 0:
        return _open(path, "mode=ro&immutable=1", key)
    if os.name == "nt":
        raise CaseFault(
            "the case was not closed and its folder cannot be written",
            where=str(path.parent),
            advice="copy the case folder to a disk that can be written and open the copy",
        )
    # Exclusive locking keeps the index of the unfinished log in memory; nobody can write here, so no lock is lost.
    return _open(path, "mode=ro&vfs=unix-none", key, "PRAGMA locking_mode=EXCLUSIVE")


def _open(path: Path, options: str, key: bytes | None, *first: str) -> CaseDatabase:
    uri = f"{path.absolute().as_uri()}?{options}"
    driver = sqlite3 if key is None else cipher
    with translated(path):
        connection = driver.connect(uri, uri=True, isolation_level=None, timeout=_BUSY_SECONDS)
        try:
            if key is not None:
                # Before the key, or a wrong one prints lines of its own on stderr.
                connection.execute("PRAGMA cipher_log_level=NONE")
                connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
            for statement in first:
                connection.execute(statement)
            connection.execute("PRAGMA temp_store=MEMORY")
            connection.create_function("name_holds", 2, name_holds, deterministic=True)
            connection.execute("PRAGMA cache_size=-32000")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return CaseDatabase(connection, path)
        except BaseException as error:
            connection.close()
            if key is not None and "not a database" in str(error):
                raise WrongKeyFault("the key does not open the case, or case.db is damaged", where=str(path)) from error
            raise


def _prepare_for_writing(database: CaseDatabase) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        database.execute(f"PRAGMA {pragma}").fetchall()


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn a driver's error into our own fault; a statement that is wrong in itself stays a bug."""
    try:
        yield
    except DRIVER_ERRORS as error:
        fault = _fault(error, path)
        if fault is None:
            raise
        raise fault from error


def _fault(error: Exception, path: Path) -> SakshyaFault | None:
    text, where = str(error), str(path)
    if "is full" in text or ("disk I/O error" in text and _scarce(path)):
        return DiskFullFault(
            "the disk that holds the case is full", where=where, advice="free some space; what was saved before stands"
        )
    if "locked" in text or "busy" in text:
        return CaseBusyFault(
            "another process is writing to the case", where=where, advice="wait for it to finish and try again"
        )
    if "not a database" in text or "malformed" in text:
        return CaseDamagedFault("the case database is damaged", where=where, advice="restore the case from a backup")
    if "disk I/O error" in text:
        return CaseDamagedFault("the case database could not be read or written", where=where, advice="check the disk")
    if "readonly database" in text:
        return CaseFault("the case is open for reading only", where=where)
    if "unable to open" in text:
        return CaseFault("the case database cannot be opened", where=where, advice="check the folder's permissions")
    return None


def _scarce(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _SCARCE
    except OSError:
        return False
