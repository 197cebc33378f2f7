"""Messages as text (RFC 5322, MIME) and mail boxes of them (mbox, RFC 4155): bodies, attachments, messages within."""

import binascii
import email
import email.message
import email.policy
import email.utils
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from sakshya.domain.absent import Absent, NotRecorded
from sakshya.domain.moment import Moment
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.offered import Offer, OfferedArchive, bytes_at
from sakshya.evidence.archives.packed.times import from_posix, only_modified
from sakshya.evidence.damage import unreadable

_MESSAGE = 256 << 20
_LINE = 1 << 16
_PARTS = 10_000
_FROM = re.compile(rb"From \S.* \d{4}|From - |From \?\?\?@")
_ENDINGS = {"image/jpeg": "jpg", "text/plain": "txt", "text/html": "html", "image/svg+xml": "svg"}
_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} (.+?)\r?$", re.MULTILINE)
Parsed = email.message.Message


def open_eml(stream: BinaryIO, size: int, _keys: Sequence[str]) -> OfferedArchive:
    """Open one message; Apple's form with a line of digits before it is known."""
    first = bytes_at(stream, 0, 32).split(b"\n", 1)[0]
    if first.strip().isdigit():
        start = len(first) + 1
        return OfferedArchive("eml", _message(stream, start, min(size, start + int(first)), ""))
    return OfferedArchive("eml", _message(stream, 0, size, ""))


def open_mbox(stream: BinaryIO, size: int, _keys: Sequence[str]) -> OfferedArchive:
    """Open a mail box; each member's name begins with the number of its message, from 1."""
    return OfferedArchive("mbox", _box(stream, size))


def _box(stream: BinaryIO, size: int) -> Iterator[Offer]:
    too_large = 0
    for number, (start, end) in enumerate(_bounds(stream, size), 1):
        if end - start > _MESSAGE:
            too_large += 1
            continue
        yield from _message(stream, start, end, f"{number}/")
    if too_large:
        raise unreadable(Reason.TOO_LARGE, f"{too_large} messages of more than {_MESSAGE} bytes were not read")


def _bounds(stream: BinaryIO, size: int) -> Iterator[tuple[int, int]]:
    """A line that begins as postmen's do after an empty one starts a message; each piece is read once."""
    start: int | None = None
    at, blank = 0, True
    while at < size:
        stream.seek(at)
        line = stream.readline(_LINE)
        if not line:
            break
        if blank and _FROM.match(line):
            if start is not None:
                yield start, at
            start = at
        blank = line in (b"\n", b"\r\n")
        at += len(line)
    if start is not None:
        yield start, at


def _message(stream: BinaryIO, start: int, end: int, prefix: str) -> Iterator[Offer]:
    if end - start > _MESSAGE:
        raise unreadable(Reason.TOO_LARGE, f"a message of {end - start} bytes")
    parsed = _parsed(stream, start, end)
    times = only_modified(_sent(parsed))
    for number, (path, one) in enumerate(_leaves(parsed)):
        if number >= _PARTS:
            raise unreadable(Reason.TOO_MANY, f"parts after the first {_PARTS} of a message were not read")

        def content(number: int = number) -> bytes:
            again = next(
                each for index, (_, each) in enumerate(_leaves(_parsed(stream, start, end))) if index == number
            )
            return _payload(again)

        name = f"{prefix}{path}{_name(one, number)}"
        yield Offer(name, content, None, times)
        if one.get_content_type() == "text/plain":
            yield from _encoded_in_text(name, content, _payload(one))


def _parsed(stream: BinaryIO, start: int, end: int) -> Parsed:
    data = bytes_at(stream, start, end - start)
    if data.startswith(b"From "):
        data = data.split(b"\n", 1)[-1]
    return email.message_from_bytes(data, policy=email.policy.compat32)


def _leaves(message: Parsed) -> Iterator[tuple[str, Parsed]]:
    """Yield the parts that hold content, with the path of the messages they lie in; not by recursion."""
    waiting: list[tuple[str, Parsed]] = [("", message)]
    while waiting:
        path, one = waiting.pop(0)
        below = one.get_payload() if one.is_multipart() else None
        if isinstance(below, list):
            inner = f"{path}message-{len(path.split('/'))}/" if one.get_content_type() == "message/rfc822" else path
            waiting[:0] = [(inner, each) for each in below if isinstance(each, email.message.Message)]
        else:
            yield path, one


def _payload(one: Parsed) -> bytes:
    payload = one.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _name(one: Parsed, number: int) -> str:
    try:
        stated = one.get_filename()
    except (ValueError, LookupError, TypeError, IndexError):
        stated = None
    if stated:
        return _words(stated).replace("/", "_")
    kind = one.get_content_type()
    ending = _ENDINGS.get(kind) or re.sub(r"[^a-z0-9]", "", kind.partition("/")[2].lower())[:8] or "bin"
    return f"part-{number + 1}.{ending}"


def _words(name: str) -> str:
    """Many programs write an encoded word where the standard has another form for names."""
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(name)))
    except (ValueError, LookupError, binascii.Error):
        return name


def _sent(message: Parsed) -> Moment | Absent:
    try:
        return from_posix(int(email.utils.parsedate_to_datetime(str(message["Date"])).timestamp()))
    except (ValueError, TypeError, OverflowError, IndexError):
        return NotRecorded("the message states none that can be read")


def _encoded_in_text(name: str, content: object, text: bytes) -> Iterator[Offer]:
    """Before MIME, files were written into the text itself (POSIX uuencode)."""
    for match in _BEGIN.finditer(text):
        if match[0].startswith(b"begin "):
            start = match.end() + 1
            shown = match[1].decode("utf-8", "replace").replace("/", "_")

            def decoded(start: int = start) -> bytes:
                assert callable(content)
                return _uudecoded(content(), start)

            yield Offer(f"{name}/{shown}", decoded)


def _uudecoded(text: bytes, start: int) -> bytes:
    result = bytearray()
    for line in text[start:].splitlines():
        if line.strip() in (b"end", b"`", b""):
            break
        try:
            result += binascii.a2b_uu(line)
        except binascii.Error:
            wanted = (((line[0] - 32) & 63) * 4 + 5) // 3
            result += binascii.a2b_uu(line[:wanted])
    return bytes(result)
