"""The list of an iTunes backup: an SQLite database, opened from memory and never from a file."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from sakshya.domain.unexamined import Reason
from sakshya.evidence.damage import unreadable

# A hostile list could ask for work without end; an honest row takes a few hundred steps.
_STEPS_AT_ONCE = 1_000_000
_MOST_STEPS_FOR_ONE_ROW = 200
_LONGEST_VALUE = 16 << 20
_WAL_VERSION, _OWN_VERSION = b"\x02\x02", b"\x01\x01"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list; `flags` is 1 for a file, 2 for a folder, 4 for a link; `record` an archived object."""

    file: str
    domain: str
    path: str
    flags: int
    record: bytes


def rows(data: bytes) -> Iterator[Row]:
    """Yield the lines of the list.

    Raises:
        EvidenceFault: it is no such list, or breaks off; what came before stands.
    """
    # Memory has no side file: a list left in that mode is read as of its last checkpoint.
    if data[18:20] == _WAL_VERSION:
        data = data[:18] + _OWN_VERSION + data[20:]
    steps = 0

    def goes_on() -> int:
        nonlocal steps
        steps += 1
        return int(steps > _MOST_STEPS_FOR_ONE_ROW)

    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(data)
        connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.set_progress_handler(goes_on, _STEPS_AT_ONCE)
        kind = connection.execute("SELECT type FROM sqlite_master WHERE name = 'Files'").fetchone()
        if kind != ("table",):
            raise unreadable(Reason.BAD_METADATA, "Manifest.db has no list of files")
        for found in connection.execute("SELECT fileID, domain, relativePath, flags, file FROM Files"):
            steps = 0
            yield _row(found)
    except (sqlite3.Error, UnicodeError, OverflowError, MemoryError) as error:
        raise unreadable(Reason.BAD_METADATA, f"Manifest.db cannot be read ({error})") from error
    finally:
        connection.close()


def _row(found: tuple[object, ...]) -> Row:
    file, domain, path, flags, record = found
    return Row(
        file if isinstance(file, str) else "",
        domain if isinstance(domain, str) else "",
        path if isinstance(path, str) else "",
        flags if isinstance(flags, int) else 0,
        record if isinstance(record, bytes) else b"",
    )
