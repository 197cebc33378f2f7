"""Hash files that are no text list: EnCase `.hash`, and the sorted index that `hfind` writes beside a list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sakshya.matching.importers.rows import Row, read_digest
from sakshya.matching.importers.source import ListFile

ENCASE_MAGIC = b"HASH\r\n\xff\0"
_ENCASE_HEADER = 1152
_ENCASE_RECORD = 18
_MD5_BYTES = 16
_BLOCK = 1 << 16
# Forty zeros and one digit: longer by one than the longest digest an index of this form sorts by.
_HFIND_HEAD = re.compile(rb"0{40}[0-9]\|")
_HFIND_ENTRY = re.compile(rb"([0-9A-Fa-f]+)\|[0-9]{16}")


@dataclass(frozen=True, slots=True)
class EncaseForm:
    """EnCase hash set: a header of 1152 bytes, then records of 18 bytes, an MD5 and two bytes more.

    Source: The Sleuth Kit, tsk/hashdb/encase.cpp.
    """

    def __str__(self) -> str:
        return "EnCase hash file"


@dataclass(frozen=True, slots=True)
class HfindForm:
    """Index of `hfind`: header lines of 41 digits, then `HASH|offset` lines; the list it belongs to is not needed.

    Source: The Sleuth Kit, tsk/hashdb/binsrch_index.cpp.
    """

    def __str__(self) -> str:
        return "hfind index"


def detect(head: bytes) -> EncaseForm | HfindForm | None:
    """Return the form whose first bytes these are, None where they are no such file's."""
    if head.startswith(ENCASE_MAGIC):
        return EncaseForm()
    return HfindForm() if _HFIND_HEAD.match(head) else None


def read_encase(source: ListFile) -> Iterator[Row]:
    """Yield a row for every record, counted from 1; a cut last record is a problem row."""
    pending, skip, number = b"", _ENCASE_HEADER, 0
    for block in iter(lambda: source.read(_BLOCK), b""):
        passed = min(skip, len(block))
        skip -= passed
        pending += block[passed:]
        whole = len(pending) - len(pending) % _ENCASE_RECORD
        for at in range(0, whole, _ENCASE_RECORD):
            number += 1
            yield Row(number, (("md5", pending[at : at + _MD5_BYTES]),))
        pending = pending[whole:]
    if pending or skip:
        yield Row(number + 1, (), problem=f"the file ends inside a {'header' if skip else 'record'}")


def read_hfind(source: ListFile) -> Iterator[Row]:
    """Yield a row for every line but the header lines."""
    for number, raw in source.lines():
        line = raw.strip()
        if not line or _HFIND_HEAD.match(line):
            continue
        entry = _HFIND_ENTRY.fullmatch(line)
        if entry is None:
            yield Row(number, (), problem="the line is not HASH|offset")
            continue
        read = read_digest(entry[1].decode("ascii"))
        yield Row(number, (), problem=read) if isinstance(read, str) else Row(number, (read,))
