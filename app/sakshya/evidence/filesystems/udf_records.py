"""The records of UDF (ECMA-167): tags, names, times, file entries and what they say of their extents."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from sakshya.domain.absent import NotRecorded, Unparsable
from sakshya.domain.entry import EntryKind, Times
from sakshya.domain.moment import Moment
from sakshya.evidence.filesystems.times import Time, from_digits

FILE_ENTRY, EXTENDED_FILE_ENTRY, ALLOCATION_EXTENT, NAME_RECORD = 261, 266, 258, 257
RECORDED, CONTINUED = 0, 3
EMBEDDED = 3
_NO_ZONE = -2047
_LENGTH = (1 << 30) - 1
_KINDS = {4: EntryKind.DIRECTORY, 5: EntryKind.FILE, 249: EntryKind.FILE, 0: EntryKind.FILE, 12: EntryKind.LINK}
_AD_SIZES = {0: 8, 1: 16, 2: 20}
_UNSET = NotRecorded("UDF keeps it only in an extended attribute here")


@dataclass(frozen=True, slots=True)
class Place:
    """A block of a partition map of the volume."""

    partition: int
    block: int


@dataclass(frozen=True, slots=True)
class Extent:
    """`length` bytes from a block on; `state` is ECMA-167's: 0 recorded, 1 and 2 not, 3 goes on elsewhere."""

    place: Place
    length: int
    state: int


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file's or directory's own record; `embedded` is where its content stands in the record, in bytes."""

    kind: EntryKind
    strategy: int
    form: int
    size: int
    times: Times
    descriptors: bytes
    embedded: int
    streams: Extent | None


@dataclass(frozen=True, slots=True)
class NameRecord:
    """One name in a directory; `length` is the record's own."""

    name: str
    is_parent: bool
    is_directory: bool
    is_deleted: bool
    target: Extent
    length: int


def tag_of(raw: bytes) -> int | None:
    """Return the number of the descriptor that `raw` starts with; None where its tag does not add up."""
    if len(raw) < 16 or (sum(raw[:4]) + sum(raw[5:16])) & 0xFF != raw[4]:
        return None
    number = int(struct.unpack_from("<H", raw)[0])
    return number or None


def text(raw: bytes) -> str:
    """Return characters in OSTA compressed Unicode."""
    if not raw:
        return ""
    if raw[0] in (16, 255):
        return raw[1:].decode("utf-16-be", "replace")
    return raw[1:].decode("latin-1")


def field_text(raw: bytes) -> str:
    """Return the text of a field of fixed length, whose last byte says how much of it is used."""
    return text(raw[: min(raw[-1], len(raw) - 1)]).rstrip("\0") if raw else ""


def moment(raw: bytes, zone: str | None) -> Time:
    """Return a recorded time: with its offset from UTC as UTC, without one as wall-clock digits."""
    head, year, month, day, hour, minute, second, centi, hundreds, micro = struct.unpack("<HhBBBBBBBB", raw)
    if not month and not day:
        return NotRecorded()
    offset = head & 0xFFF
    offset -= 0x1000 if offset & 0x800 else 0
    try:
        seconds = from_digits(year, month, day, hour, minute, second)
        nanoseconds = min(999_999, centi * 10_000 + hundreds * 100 + micro) * 1000
        if head >> 12 == 1 and offset != _NO_ZONE:
            return Moment.utc(seconds - offset * 60, nanoseconds)
        if head >> 12 == 0:
            return Moment.utc(seconds, nanoseconds)
        return Moment.local(seconds, nanoseconds, zone=zone)
    except ValueError as error:
        return Unparsable(str(error))


def long_extent(raw: bytes) -> Extent:
    """Return an allocation descriptor of 16 bytes."""
    length, block, partition = struct.unpack_from("<IIH", raw)
    return Extent(Place(partition, block), length & _LENGTH, length >> 30)


def file_entry(raw: bytes, zone: str | None) -> FileEntry | None:
    """Return the file entry in a block; None where there is none."""
    tag = tag_of(raw)
    if tag not in (FILE_ENTRY, EXTENDED_FILE_ENTRY) or len(raw) < 216:
        return None
    extended = tag == EXTENDED_FILE_ENTRY
    start, stamps, lengths = (216, 80, 208) if extended else (176, 72, 168)
    attributes, used = struct.unpack_from("<II", raw, lengths)
    start = min(start + attributes, len(raw))
    modified, created = stamps + 12, stamps + 24
    changed = created + 12 if extended else created
    streams = long_extent(raw[152:168]) if extended else None
    return FileEntry(
        kind=_KINDS.get(raw[27], EntryKind.VIRTUAL),
        strategy=struct.unpack_from("<H", raw, 20)[0],
        form=struct.unpack_from("<H", raw, 34)[0] & 7,
        size=struct.unpack_from("<Q", raw, 56)[0],
        times=Times(
            modified=moment(raw[modified : modified + 12], zone),
            accessed=moment(raw[stamps : stamps + 12], zone),
            changed=moment(raw[changed : changed + 12], zone),
            created=moment(raw[created : created + 12], zone) if extended else _UNSET,
        ),
        descriptors=raw[start : start + used],
        embedded=start,
        streams=streams if streams is not None and streams.length else None,
    )


def extents(descriptors: bytes, form: int, partition: int) -> Iterator[Extent]:
    """Yield the extents that allocation descriptors name, up to the first empty one."""
    step = _AD_SIZES.get(form)
    if step is None:
        return
    for at in range(0, len(descriptors) - step + 1, step):
        raw = descriptors[at : at + step]
        if form == 0:
            length, block = struct.unpack("<II", raw)
            extent = Extent(Place(partition, block), length & _LENGTH, length >> 30)
        elif form == 1:
            extent = long_extent(raw)
        else:
            length, _, _, block, where = struct.unpack_from("<IIIIH", raw)
            extent = Extent(Place(where, block), length & _LENGTH, length >> 30)
        if not extent.length:
            return
        yield extent


def name_record(raw: bytes) -> NameRecord | None:
    """Return the name record at the start of `raw`; None where there is no whole one."""
    if len(raw) < 38 or tag_of(raw) != NAME_RECORD:
        return None
    traits, used = raw[18], raw[19]
    extra = struct.unpack_from("<H", raw, 36)[0]
    end = 38 + extra + used
    if end > len(raw):
        return None
    return NameRecord(
        name=text(raw[38 + extra : end]),
        is_parent=bool(traits & 8),
        is_directory=bool(traits & 2),
        is_deleted=bool(traits & 4),
        target=long_extent(raw[20:36]),
        length=-(-end // 4) * 4,
    )


def link_target(raw: bytes) -> str:
    """Return the path that a symbolic link's content names."""
    parts: list[str] = []
    at = 0
    while at + 4 <= len(raw):
        kind, used = raw[at], raw[at + 1]
        parts.append({1: "", 2: "", 3: "..", 4: "."}.get(kind, text(raw[at + 4 : at + 4 + used])))
        at += 4 + used
    return "/".join(parts) or "/"
