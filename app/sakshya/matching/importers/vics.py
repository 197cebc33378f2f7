"""VICS JSON 1.1 to 2.0, cases and hash sets, streamed record by record.

Only hashes, size and category are taken. `Miniature` and every other field are dropped where they are met; the flags
(`IsPrecategorized` and the like) are no verdict and are not read at all.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import ijson

from sakshya.domain.faults import OperatorFault
from sakshya.matching.importers.nesting import ShallowJson
from sakshya.matching.importers.rows import Digest, Row, read_code, read_digest, read_size
from sakshya.matching.importers.source import ListFile

_CASES = "value.item.Media.item"
_MEDIA = "value.item"
_FIELDS = (("MD5", "md5", 32), ("SHA1", "sha1", 40), ("SHA256", "sha256", 64))
# The parser hands some bytes that are not UTF-8 on as Python's own error.
_BROKEN = (ijson.JSONError, UnicodeDecodeError)
_ALTERNATIVES = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256"}


def shape(source: ListFile) -> str:
    """Return the place of the media records: below cases where the first record has a `Media` key, else directly.

    Raises:
        OperatorFault: the file is not whole JSON as far as it had to be read.
    """
    # Without use_float the compiled parser dies on an integer of thousands of digits.
    events: Iterator[tuple[str, str, object]] = ijson.parse(ShallowJson(source), use_float=True)
    try:
        for prefix, event, value in events:
            if prefix == _MEDIA and event == "map_key" and value == "Media":
                return _CASES
            if prefix == _MEDIA and event == "end_map":
                break
    except _BROKEN as error:
        raise _broken(source, 1, error) from error
    return _MEDIA


def read(source: ListFile, place: str) -> Iterator[Row]:
    """Yield a row for every media record.

    Raises:
        OperatorFault: the JSON is cut short or broken; the text names the record.
    """
    number = 0
    records: Iterator[object] = ijson.items(ShallowJson(source), place, use_float=True)
    try:
        for number, record in enumerate(records, 1):
            yield _row(number, record)
    except _BROKEN as error:
        raise _broken(source, number + 1, error) from error


def _row(number: int, record: object) -> Row:
    if not isinstance(record, dict):
        return Row(number, (), problem="the record is not an object")
    digests: list[Digest] = []
    problems: list[str] = []
    for name, algorithm, length in _FIELDS:
        value = record.get(name)
        if not value:
            continue
        # Nearly every record of millions is as it should be; the rest is looked at closely.
        if type(value) is str and len(value) == length and value.isalnum() and value.isascii():
            try:
                digests.append((algorithm, bytes.fromhex(value)))
                continue
            except ValueError:
                pass
        _take(value, name, algorithm, digests, problems)
    photodna = 1 if record.get("PhotoDNA") else 0
    other = 0
    alternatives = record.get("AlternativeHashes")
    if alternatives:
        more, other = _alternatives(alternatives, digests, problems)
        photodna += more
    code = read_code(record.get("Category"))
    if code is None:
        problems.append("the category is neither a number nor text")
    if not digests and not problems:
        problems.append("the record has no hash that can be compared")
    size = read_size(record.get("MediaSize"))
    return Row(number, tuple(digests), size, code or "", "; ".join(problems), photodna, other)


def _alternatives(values: object, digests: list[Digest], problems: list[str]) -> tuple[int, int]:
    """Take the hashes that can be compared; return how many PhotoDNA and how many other values there were."""
    photodna = other = 0
    for one in values if isinstance(values, list) else [values]:
        table: Mapping[str, Any] = one if isinstance(one, dict) else {}
        name, value = table.get("HashName"), table.get("HashValue")
        if not isinstance(name, str) or not value:
            continue
        key = "".join(filter(str.isalnum, name)).upper()
        if key in _ALTERNATIVES:
            _take(value, name, _ALTERNATIVES[key], digests, problems)
        elif key == "PHOTODNA":
            photodna += 1
        else:
            other += 1
    return photodna, other


def _take(value: object, name: str, algorithm: str, digests: list[Digest], problems: list[str]) -> None:
    read = read_digest(value.strip(), algorithm) if isinstance(value, str) else "the hash is not text"
    if isinstance(read, str):
        problems.append(f"{name}: {read}")
    elif read not in digests:
        digests.append(read)


def _broken(source: ListFile, record: int, error: Exception) -> OperatorFault:
    # The rest of the parser's message quotes the file.
    reason = str(error).split("\n", 1)[0].removeprefix("b'").split("\\n", 1)[0].removesuffix(".")
    return OperatorFault(
        f"the VICS file is broken in or after record {record} ({reason}); nothing was imported",
        where=str(source.path),
        advice="get a whole copy of the list",
    )
