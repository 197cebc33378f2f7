"""Files in two parts with something else between them, cut at a cluster's border."""

from collections.abc import Callable, Iterator
from typing import Any

from sakshya.evidence.carve import jpeg
from sakshya.evidence.carve.jpeg_baseline import BrokenScan, Place, Scan, Trail, walk
from sakshya.evidence.carve.stretch import Broken, Source, Stretch

_LONGEST_GAP = 8 << 20
_MOST_GAPS = 1500
_MOST_TRIES = 6000
_BACK = 6
_LOOK_BACK = 2
Measure = Callable[[Source], tuple[str, int]]


def split_file(stretch: Stretch, head: int, measure: Measure, broken: Broken, grain: int) -> Source | None:
    """Return the two parts that together are whole, or None.

    Every break at or before the place where the bytes stopped fitting is tried with every later cluster, nearest first.
    """
    breaks = _breaks(stretch, head, broken, grain)
    if measure is jpeg.measure and isinstance(broken, BrokenScan):
        return _split_jpeg(stretch, head, breaks, grain)
    tries, kept = 0, dict[Any, Any]()
    for gap in _gaps(stretch, head + (breaks[0] if breaks else 0), grain):
        for cut in breaks:
            tries += 1
            if tries > _MOST_TRIES:
                return None
            source = _joined(stretch, head, cut, head + cut + gap, kept)
            if _fits(source, measure):
                return source
    return None


def _split_jpeg(stretch: Stretch, head: int, breaks: list[int], grain: int) -> Source | None:
    trail = Trail()
    for cut in breaks:
        picture = jpeg.Picture()
        try:
            jpeg.read(Source(stretch, [(head, cut)]), picture)
        except BrokenScan as fault:
            place = fault.place
        except Broken:
            continue
        if picture.scan is None or picture.progressive:
            continue
        for gap in _gaps(stretch, head + cut, grain):
            source = _joined(stretch, head, cut, head + cut + gap)
            if _continues(source, picture.scan, place, trail) and _fits(source, jpeg.measure):
                return source
    return None


def _continues(source: Source, scan: Scan, place: Place, trail: Trail) -> bool:
    trail.begin()
    try:
        walk(source, scan, place, trail)
    except Broken:
        return False
    return True


def _fits(source: Source, measure: Measure) -> bool:
    try:
        return measure(source)[1] > source.parts[0][1]
    except Broken:
        return False


def _joined(stretch: Stretch, head: int, cut: int, after: int, kept: dict[Any, Any] | None = None) -> Source:
    return Source(stretch, [(head, cut), (after, stretch.size - after)], kept)


def _breaks(stretch: Stretch, head: int, broken: Broken, grain: int) -> list[int]:
    """Return the borders where the first part may end, the latest first; it holds no cluster of zeros."""
    last = (broken.at + _LOOK_BACK) // grain
    low = max(1, last - _BACK if broken.low is None else broken.low // grain + 1)
    for index in range(1, last + 1):
        if not any(stretch.read(head + index * grain, grain)):
            last, low = index, min(low, index)
            break
    return [index * grain for index in range(last, low - 1, -1)]


def _gaps(stretch: Stretch, cut: int, grain: int) -> Iterator[int]:
    most = min(_LONGEST_GAP // grain, _MOST_GAPS, (stretch.size - cut) // grain)
    for clusters in range(1, most + 1):
        if any(stretch.read(cut + clusters * grain, grain)):
            yield clusters * grain
