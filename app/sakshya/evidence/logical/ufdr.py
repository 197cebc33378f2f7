"""Cellebrite UFDR: what its report says of the files it carries.

`report.xml` is read as a stream. A tagged file names its path on the device, whether it was deleted there, its times,
its MD5, and where in the archive its content is; one whose content is carried once already has none of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from sakshya.domain.absent import Absent, NotRecorded, Unparsable
from sakshya.domain.entry import EntryKind, Times
from sakshya.domain.exhibit import StatedDigest
from sakshya.domain.moment import LOCAL_BASIS, Moment
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.archive import Archive, ArchiveMember
from sakshya.evidence.archives.packed.times import from_posix
from sakshya.evidence.damage import unreadable
from sakshya.evidence.logical.member_tree import LogicalMember

_MOST_DIGITS = 18
_REPORT = "report.xml"
_CHUNK = 1 << 18
_DELETED = frozenset({"deleted", "trash"})
_NOT_STATED = NotRecorded("the extraction states none")


@dataclass(frozen=True, slots=True)
class TaggedFile:
    """A file the report names, and the number of the archive's member with its content, None where there is none."""

    member: LogicalMember
    payload: int | None


@dataclass(slots=True)
class _Read:
    path: str = ""
    size: int = 0
    deleted: bool = False
    md5: str = ""
    local: str = ""
    times: dict[str, Moment | Absent] = field(default_factory=dict)


def tagged_files(archive: Archive, members: Sequence[ArchiveMember]) -> list[TaggedFile]:
    """Return the files that the report names; an empty list where the archive has no such report.

    Raises:
        EvidenceFault: the report declares entities, which no honest one does.
    """
    report = next((one for one in members if one.name.lower() == _REPORT), None)
    if report is None:
        return []
    with archive.open(report.index) as stream:
        if not _is_extraction(stream.read(4096)):
            return []
    by_name = {one.name.replace("\\", "/").lstrip("/"): one for one in members}
    by_md5: dict[str, ArchiveMember] = {}
    found: list[TaggedFile] = []
    with archive.open(report.index) as stream:
        for one in _files(stream):
            payload = by_name.get(one.local.replace("\\", "/").lstrip("/"))
            if payload is not None and one.md5:
                by_md5.setdefault(one.md5, payload)
            payload = payload or by_md5.get(one.md5)
            found.append(TaggedFile(_member(one, payload), payload.index if payload else None))
    return found


def _member(one: _Read, payload: ArchiveMember | None) -> LogicalMember:
    times = Times(
        *(one.times.get(name, _NOT_STATED) for name in ("ModifyTime", "AccessTime", "ChangeTime", "CreationTime"))
    )
    stated = (StatedDigest("md5", one.md5, "container"),) if one.md5 else ()
    size = payload.size if payload is not None and payload.size is not None else one.size
    lost = f"{Reason.NO_CONTENT_ADDRESS.value}: the extraction holds no content for it"
    barrier = lost if payload is None else payload.barrier
    return LogicalMember(one.path, size, times, EntryKind.FILE, not one.deleted, barrier=barrier, stated=stated)


def _is_extraction(head: bytes) -> bool:
    return b"<project" in head or b"extractionType" in head or b"sourceExtractions" in head


def _files(stream: BinaryIO) -> Iterator[_Read]:
    """Yield the files the report names; a report that breaks off names those before the break."""
    open_elements: list[Element] = []
    inside: _Read | None = None
    for event, element in _events(stream):
        tag = element.tag.rpartition("}")[2]
        if event == "start":
            open_elements.append(element)
            inside = _Read() if tag == "file" else inside
            continue
        open_elements.pop()
        if inside is not None:
            _take(inside, tag, element)
        if tag == "file" and inside is not None:
            yield inside
            inside = None
        if inside is None and open_elements:
            # What was read is let go of: reports reach gigabytes.
            open_elements[-1].clear()


def _events(stream: BinaryIO) -> Iterator[tuple[str, Element]]:
    parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
    try:
        while chunk := stream.read(_CHUNK):
            if b"<!ENTITY" in chunk or b"<!DOCTYPE" in chunk:
                raise unreadable(Reason.BAD_METADATA, "report.xml declares entities; it is not read")
            parser.feed(chunk)
            yield from parser.read_events()  # type: ignore[misc]
    except ParseError:
        return
    except (ValueError, LookupError) as error:
        raise unreadable(Reason.BAD_METADATA, f"report.xml cannot be decoded: {error}") from error


def _take(one: _Read, tag: str, element: Element) -> None:
    name, text = element.get("name", ""), (element.text or "").strip()
    if tag == "file":
        one.path = f"/{element.get('fs', '')}/{element.get('path', '')}"
        size = element.get("size", "")
        one.size = int(size) if _is_number(size) else 0
        one.deleted = (element.get("deleted") or "").lower() in _DELETED
    elif tag == "timestamp":
        one.times[name] = _time(element.get("format", ""), text)
    elif name == "MD5":
        one.md5 = text.lower()
    elif name == "Local Path":
        one.local = text


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def _time(form: str, text: str) -> Moment | Absent:
    if not text:
        return _NOT_STATED
    try:
        when = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return from_posix(int(text)) if _is_number(text) else Unparsable(f"{text[:64]} ({form[:64]})")
    if when.tzinfo is None:
        return Moment(when.isoformat(), LOCAL_BASIS)
    return from_posix(when.timestamp())
