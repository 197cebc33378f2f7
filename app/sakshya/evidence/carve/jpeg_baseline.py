"""A sequential JPEG scan, decoded as far as tells whether it is one."""

import re
from dataclasses import dataclass

import numpy as np

from sakshya.evidence.carve.jpeg_codes import RUN
from sakshya.evidence.carve.stretch import Broken, Source

_CHUNK = 12 << 10
_UNIT_ROOM = 3 << 10
_MARKER = re.compile(rb"\xff[^\x00]", re.DOTALL)
_SLACK_BITS = 16
Plan = tuple[tuple[list[int], list[int]], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A unit's first bit: the byte, the bit in it, and the unit's number."""

    at: int
    bit: int
    unit: int


class BrokenScan(Broken):
    """The scan breaks off; `place` is the start of the unit that could not be read."""

    def __init__(self, at: int, place: Place) -> None:
        super().__init__(at)
        self.place = place


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan must hold: tables of each block of a unit, units in all, units between restarts (0: none)."""

    plan: Plan
    units: int
    restart: int


class Trail:
    """Where units began on the ways tried before; a way that joins one of them will end as it did."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[int, int]] = {}
        self._ends: list[int | None] = []

    def begin(self) -> None:
        """Start another way."""
        self._ends.append(None)

    def end(self, units: int | None) -> None:
        """Note how many units this way had counted at its end."""
        self._ends[-1] = units

    def leads_nowhere(self, places: list[int], unit: int, wanted: int) -> bool:
        """Note the bits where units begin, the first being `unit`; tell whether they join a way that cannot fit."""
        way = len(self._ends) - 1
        for number, place in enumerate(places, unit):
            before = self._seen.setdefault(place, (way, number))
            if before[0] != way:
                end = self._ends[before[0]]
                self._ends[way] = None if end is None else end + number - before[1]
                return self._ends[way] != wanted
        return False


def walk(source: Source, scan: Scan, place: Place, trail: Trail | None = None) -> int:
    """Decode from `place`; return where the marker after the scan stands.

    Raises:
        BrokenScan: no code, too many coefficients, or another number of units than the picture has.
    """
    at, bit, unit = place.at, place.bit, place.unit
    while True:
        raw = source.read(at, _CHUNK + _UNIT_ROOM)
        found = _MARKER.search(raw)
        ended = found is not None or len(raw) < _CHUNK + _UNIT_ROOM
        body = raw[: found.start()] if found else raw[:-1] if raw[-1:] == b"\xff" and not ended else raw
        data = body.replace(b"\xff\0", b"\xff")
        goal = min(scan.units, (unit // scan.restart + 1) * scan.restart) if scan.restart else scan.units
        limit = len(data) * 8 if ended else (len(data) - _UNIT_ROOM) * 8
        bits, starts, failed = _units(data, bit, limit, scan.plan, goal - unit)
        first, unit = unit, unit + len(starts) - failed
        here = Place(at + _raw(data, bits >> 3), bits & 7, unit)
        places = [(at + _raw(data, one >> 3), one & 7) for one in starts] if trail and not scan.restart else []
        joined = trail is not None and _leads_nowhere(source, trail, places, first, goal)
        if joined or failed or (not ended and unit == goal):
            raise BrokenScan(here.at, here)
        if not ended:
            at, bit = here.at, here.bit
            continue
        stop = at + len(body)
        if trail is not None:
            trail.end(unit if found else None)
        if found is None and starts and not failed:
            raise BrokenScan(stop, Place(at + _raw(data, starts[-1] >> 3), starts[-1] & 7, unit - 1))
        if found is None or unit < goal or len(data) * 8 - bits >= _SLACK_BITS:
            raise BrokenScan(stop, here)
        if unit == scan.units:
            return stop
        if raw[found.start() + 1] != 0xD0 + (unit // scan.restart - 1) % 8:
            raise BrokenScan(stop, here)
        at, bit = stop + 2, 0


def _leads_nowhere(source: Source, trail: Trail, places: list[tuple[int, int]], unit: int, wanted: int) -> bool:
    """Compare the units that begin after the first part with the ways tried before."""
    known = sum(at < source.parts[0][1] for at, _ in places)
    later = [source.stretch_place(at) * 8 + bit for at, bit in places[known:]]
    return trail.leads_nowhere(later, unit + known, wanted)


def _raw(data: bytes, index: int) -> int:
    return index + data.count(b"\xff", 0, index)


def windows(data: bytes) -> memoryview:
    """Return the 32 bits from each byte on, as numbers; beyond the data come zeros."""
    padded = np.frombuffer(data + bytes(_UNIT_ROOM + 8), np.uint8).astype(np.uint32)
    words = (padded[:-3] << 24) | (padded[1:-2] << 16) | (padded[2:-1] << 8) | padded[3:]
    return memoryview(words.tobytes()).cast("I")


def _units(data: bytes, bits: int, limit: int, plan: Plan, most: int) -> tuple[int, list[int], int]:
    """Decode units that begin before `limit`; return the bit after the last, where each began, and 1 on failure."""
    window, end, starts = windows(data), len(data) * 8, list[int]()
    while len(starts) < most and bits < limit:
        at = bits
        starts.append(at)
        for direct, alternating in plan:
            step = direct[(window[at >> 3] >> (16 - (at & 7))) & 0xFFFF]
            if not step:
                return bits, starts, 1
            at += step
            index = 1
            while index < 64:
                step = alternating[(window[at >> 3] >> (16 - (at & 7))) & 0xFFFF]
                at += step % RUN
                index += step // RUN
            if (index != 64 and not 129 <= index <= 191) or at > end:
                return bits, starts, 1
        bits = at
    return bits, starts, 0
