"""What a full scan reads beside the live file systems: older states kept in shadow copies, and lost files."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sakshya.domain.absent import NotRecorded
from sakshya.domain.entry import Entry, EntryKind, Recovery, Times, Volume
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Locator, Run
from sakshya.domain.unexamined import Of, Stage, Unexamined
from sakshya.evidence.carve.carve import Carved, carve
from sakshya.evidence.damage import reason_in
from sakshya.evidence.spaces import SHADOW
from sakshya.evidence.tree import ExhibitReader, Span
from sakshya.evidence.volumes import reader_at

_LOST = NotRecorded("found by its content; nothing says when it was written")
_NO_TIMES = Times(_LOST, _LOST, _LOST, _LOST)
_EXTENSIONS = {"jpeg": "jpg", "tiff": "tif", "matroska": "mkv"}


@dataclass(frozen=True, slots=True)
class Searched:
    """How much free space was searched, in bytes."""

    done: int
    total: int


def walk_deep(reader: ExhibitReader) -> Iterator[Entry | Unexamined | Searched]:
    """Yield what the shadow copies hold and the live volume does not, then every file found in free space.

    The order is the same each time. A shadow copy's file is left out where the live volume has the same record with
    the same path, size and times.
    """
    for volume in reader.table.volumes:
        if volume.layers and volume.layers[-1].startswith(SHADOW):
            yield from _older(reader, volume)
    spans = [(span, span.free()) for span in reader.spans()]
    total = sum(run.length for _, free in spans for run in free)
    done = 0
    for span, free in spans:
        yield from _carved(span, free, done, total)
        done += sum(run.length for run in free)
    yield Searched(total, total)


def _older(reader: ExhibitReader, shadow: Volume) -> Iterator[Entry | Unexamined]:
    live = replace(shadow, layers=shadow.layers[:-1])
    try:
        known = {_state(one) for one in reader.walk_volume(live) if isinstance(one, Entry)}
        for one in reader.walk_volume(shadow):
            if isinstance(one, Unexamined) or (one.kind is EntryKind.FILE and _state(one) not in known):
                yield one
    except EvidenceFault as fault:
        locator = Locator(reader.exhibit.number, shadow.index, shadow.offset, None, "/", layers=shadow.layers)
        reason = reason_in(fault.what)
        yield Unexamined(reader.exhibit.number, Of.VOLUME, Stage.OPEN, reason, fault.what, locator, shadow.length)


def _state(entry: Entry) -> int:
    place = entry.locator
    times = (str(entry.times.modified), str(entry.times.changed))
    return hash((place.address, place.attribute, place.path, place.stream, entry.size, entry.allocated, *times))


def _carved(span: Span, free: list[Run], done: int, total: int) -> Iterator[Entry | Searched]:
    read = reader_at(span.container, 0)
    for found in carve(read, free, span.cluster):
        if isinstance(found, Carved):
            yield _lost_file(span, found)
        else:
            yield Searched(done + found, total)


def _lost_file(span: Span, found: Carved) -> Entry:
    first = found.runs[0].offset
    extension = _EXTENSIONS.get(found.format, found.format)
    path = f"/$Carved/{first:014d}.{extension}"
    locator = replace(span.place.locator(None, path), runs=found.runs)
    return Entry(
        locator, "carved", EntryKind.FILE, found.size, False, _NO_TIMES, first_byte=first, recovery=Recovery.CARVED
    )
