"""Hash lists that are SQLite databases: NSRL RDS version 3 in both layouts, and Autopsy's `.kdb`.

Only tables are read, never views or triggers, which could hold anything. The database is opened as a file that nobody
changes, so no journal appears beside it.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sakshya.domain.faults import OperatorFault
from sakshya.matching.importers.rows import Digest, Row, read_digest, read_size
from sakshya.matching.importers.source import ListFile

MAGIC = b"SQLite format 3\0"
_LENGTHS = {"sha256": 32, "sha1": 20, "md5": 16}


@dataclass(frozen=True, slots=True)
class DatabaseForm:
    """A database: `columns` are sha256, sha1, md5 and the size as the table names them."""

    name: str
    table: str
    columns: tuple[str, str, str, str]

    def __str__(self) -> str:
        return self.name

    @property
    def query(self) -> str:
        """Every record in the order it lies in; no sort, so that memory stays the same for any size."""
        return f"SELECT {', '.join(self.columns)} FROM {self.table}"


# The full layout is tried first: there FILE is a view over METADATA.
_FORMS = (
    DatabaseForm("NSRL RDS v3 database (full layout)", "METADATA", ("sha256", "sha1", "md5", "bytes")),
    DatabaseForm("NSRL RDS v3 database (minimal layout)", "FILE", ("sha256", "sha1", "md5", "file_size")),
    DatabaseForm("Autopsy hash database", "hashes", ("sha2_256", "sha1", "md5", "0")),
)


def detect(source: ListFile) -> DatabaseForm:
    """Return which database this is.

    Raises:
        OperatorFault: it is compressed, broken, or none that is known here.
    """
    if source.packed:
        raise OperatorFault(
            "the archive holds an SQLite database, which cannot be read inside it",
            where=str(source.path),
            advice="unpack it first",
        )
    try:
        with closing(_open(source.path)) as database:
            for form in _FORMS:
                if _has(database, form):
                    return form
    except (sqlite3.Error, UnicodeError) as error:
        raise _broken(source.path, error) from error
    raise OperatorFault(
        "the list is an SQLite database, but neither NSRL RDS v3 nor Autopsy's",
        where=str(source.path),
        advice="export its hashes as CSV or a plain list",
    )


def read(source: ListFile, form: DatabaseForm) -> Iterator[Row]:
    """Yield a row for every record of the table, counted from 1.

    Raises:
        OperatorFault: the database is broken or cut short.
    """
    take = _from_bytes if form.table == "hashes" else _from_text
    number = 0
    try:
        with closing(_open(source.path)) as database:
            for number, (sha256, sha1, md5, size) in enumerate(database.execute(form.query), 1):
                # The list is read through another door, so whoever watches is told here.
                if not number & 0xFFFF:
                    source.tick()
                yield _row(number, (("sha256", sha256), ("sha1", sha1), ("md5", md5)), size, take)
    except (sqlite3.Error, UnicodeError) as error:
        raise _broken(source.path, error, number + 1) from error


def _row(
    number: int, values: tuple[tuple[str, object], ...], size: object, take: Callable[[object, str], Digest | str]
) -> Row:
    digests: list[Digest] = []
    problems: list[str] = []
    for name, value in values:
        if not value:
            continue
        found = take(value, name)
        if isinstance(found, str):
            problems.append(f"{name}: {found}")
        else:
            digests.append(found)
    if not digests and not problems:
        problems.append("the record has no hash")
    return Row(number, tuple(digests), read_size(size), "", "; ".join(problems))


def _from_text(value: object, name: str) -> Digest | str:
    return read_digest(value.strip(), name) if isinstance(value, str) else "the hash is not text"


def _from_bytes(value: object, name: str) -> Digest | str:
    if isinstance(value, bytes) and len(value) == _LENGTHS[name]:
        return name, value
    return f"the hash is not {_LENGTHS[name]} bytes"


def _has(database: sqlite3.Connection, form: DatabaseForm) -> bool:
    kind = database.execute(
        "SELECT type FROM sqlite_master WHERE name = ? COLLATE NOCASE AND type IN ('table', 'view')", (form.table,)
    ).fetchone()
    if kind != ("table",):
        return False
    held = {str(row[1]).casefold() for row in database.execute(f"PRAGMA table_info({form.table})")}
    return held.issuperset(name for name in form.columns if name != "0")


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    database.text_factory = lambda raw: raw.decode("utf-8", "replace")
    for setting in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
        database.execute(f"PRAGMA {setting}")
    return database


def _broken(path: Path, error: Exception, record: int = 0) -> OperatorFault:
    place = f" in or after record {record}" if record else ""
    return OperatorFault(
        f"the database is broken{place} ({error}); nothing was imported",
        where=str(path),
        advice="get a whole copy of the list",
    )
