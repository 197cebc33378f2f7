"""Lists with one hash a line: alone, or as md5sum, sha256sum, BSD tools, OpenSSL and hashdeep write them."""

import re
from collections.abc import Iterator

from sakshya.matching.importers.rows import Digest, Row, read_digest, read_size
from sakshya.matching.importers.source import ListFile

# A leading backslash says that the name behind the hash is escaped.
_LINE = re.compile(rb"\\?([0-9A-Fa-f]{8,})(?:[ \t]+.*|)", re.DOTALL)
_TAGGED = re.compile(rb"\\?([A-Za-z0-9/-]+) ?\(.*\) ?= ?([0-9A-Fa-f]+)", re.DOTALL)
_TAGS = {
    b"MD5": "md5",
    b"SHA1": "sha1",
    b"SHA-1": "sha1",
    b"SHA256": "sha256",
    b"SHA2-256": "sha256",
    b"SHA-256": "sha256",
}
_HASHDEEP = b"%%%%"
_COMMENTS = (b"#", b";", b"//")
_LENGTHS = (32, 40, 64)


def looks_right(head: bytes) -> bool:
    """Tell whether one of the first lines is a hash list's."""
    lines = [line.strip() for line in head.split(b"\n")[:50]]
    if lines[0].startswith(_HASHDEEP):
        return True
    plain = (_LINE.fullmatch(line) for line in lines)
    return any(match and len(match[1]) in _LENGTHS for match in plain) or any(map(_TAGGED.fullmatch, lines))


def read(source: ListFile) -> Iterator[Row]:
    """Yield a row for every line but blank ones and comments. File names are passed over, whatever their encoding."""
    hashdeep: list[str] | None = None
    for number, raw in source.lines():
        line = raw.strip()
        if not line or line.startswith(_COMMENTS):
            continue
        if line.startswith(_HASHDEEP):
            hashdeep = _hashdeep_columns(line) or hashdeep
        elif hashdeep is not None:
            yield _hashdeep_row(number, line, hashdeep)
        else:
            yield _row(number, line)


def _row(number: int, line: bytes) -> Row:
    plain = _LINE.fullmatch(line)
    if plain is not None:
        return _single(number, read_digest(plain[1].decode("ascii")))
    tagged = _TAGGED.fullmatch(line)
    if tagged is None:
        return Row(number, (), problem=_why(line))
    algorithm = _TAGS.get(tagged[1].upper())
    if algorithm is None:
        return Row(number, (), problem=f"{tagged[1].decode('ascii')} hashes are not compared here", other=1)
    return _single(number, read_digest(tagged[2].decode("ascii"), algorithm))


def _single(number: int, read: Digest | str) -> Row:
    return Row(number, (), problem=read) if isinstance(read, str) else Row(number, (read,))


def _why(line: bytes) -> str:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return "the line is not valid UTF-8 and does not start with a hash"
    return "the line does not start with a hash"


def _hashdeep_columns(line: bytes) -> list[str]:
    names = line.removeprefix(_HASHDEEP).strip().lower().decode("ascii", "replace").split(",")
    return names if "filename" in names else []


def _hashdeep_row(number: int, line: bytes, columns: list[str]) -> Row:
    # The name stands last and may hold anything; the fields before it hold neither commas nor quotes.
    cells = line.decode("utf-8", "replace").split(",", len(columns) - 1)
    values = dict(zip(columns, cells, strict=False))
    reads = [read_digest(values[name], name) for name in ("md5", "sha1", "sha256") if name in values]
    digests = tuple(one for one in reads if not isinstance(one, str))
    problems = [one for one in reads if isinstance(one, str)]
    if not reads:
        problems = ["the line has fewer fields than the list's heading"]
    return Row(number, digests, read_size(values.get("size")), problem="; ".join(problems))
