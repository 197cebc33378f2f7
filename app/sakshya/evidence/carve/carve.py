"""Files found in free space by their content, each checked to its last byte."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sakshya.domain.locator import Run
from sakshya.evidence.carve import bmp, isobmff, tiff
from sakshya.evidence.carve.doubt import Doubtful, check
from sakshya.evidence.carve.heads import Head, heads
from sakshya.evidence.carve.mend import split_file
from sakshya.evidence.carve.stretch import Broken, Source, Stretch

_SECTOR = 512
# Nothing in these tells where the first part ends, so that a file put together would be a guess.
_ANY_CUT_FITS = (bmp.measure, isobmff.measure, tiff.measure)


@dataclass(frozen=True, slots=True)
class Carved:
    """A file found by its content: where its bytes lie in order, and how many they are."""

    runs: tuple[Run, ...]
    format: str
    size: int
    is_complete: bool
    detail: str = ""


def carve(read: Callable[[int, int], bytes], free: Sequence[Run], cluster: int) -> Iterator[Carved | int]:
    """Yield the files in the free space, and in between how many bytes of it have been searched.

    Whole files come first, in the order they lie; then what they had split, and files in two parts. No two overlap.
    `read` takes an offset and a length and may return less at a place that cannot be read.
    """
    grain = cluster if all(not run.length % cluster for run in free) else _SECTOR
    stretch = Stretch(read, free, grain)
    claimed: list[Run] = []
    failed: list[tuple[int, Head]] = []
    covered = doubtful = 0
    for head in heads(stretch, min(grain, _SECTOR)):
        if isinstance(head, int):
            yield head
            continue
        if head.at < covered or (head.at % grain and head.at < doubtful):
            continue
        found = _whole(stretch, head, grain)
        if isinstance(found, Carved):
            claimed += found.runs
            covered = head.at + -(-found.size // grain) * grain
            yield found
        elif head.at % grain == 0:
            doubtful = max(doubtful, head.at + found)
            failed.append((stretch.runs(head.at, 1)[0].offset, head))
    yield from _second_look(stretch, failed, claimed, grain)
    yield sum(run.length for run in free)


def _whole(stretch: Stretch, head: Head, grain: int) -> Carved | int:
    source = Source(stretch, [(head.at, stretch.size - head.at)])
    try:
        return _carved(source, head, grain)
    except Broken as broken:
        return broken.at


def _carved(source: Source, head: Head, grain: int) -> Carved:
    name, size = head.measure(source)
    if head.weak:
        check(source, size, grain)
    detail = "in two parts" if len(source.parts) > 1 and size > source.parts[0][1] else ""
    return Carved(source.runs(size), name, size, True, detail)


def _second_look(
    stretch: Stretch, failed: list[tuple[int, Head]], claimed: list[Run], grain: int
) -> Iterator[Carved | int]:
    """Try again without what has been found, then in two parts."""
    for mends in (False, True, True):
        left = stretch.without(claimed, grain)
        taken: list[Run] = []
        remaining: list[tuple[int, Head]] = []
        for exhibit, head in failed:
            yield stretch.size
            place = left.place(exhibit)
            if place is None:
                continue
            found = _again(left, Head(place, head.measure, head.weak), taken, grain, mends)
            if found is None:
                remaining.append((exhibit, head))
            else:
                taken += found.runs
                yield found
        claimed += taken
        failed = remaining
        if mends and not taken:
            return


def _again(left: Stretch, head: Head, taken: list[Run], grain: int, mends: bool) -> Carved | None:
    whole = Source(left, [(head.at, left.size - head.at)])
    try:
        found = _carved(whole, head, grain)
    except Broken as broken:
        split = _split(left, head, broken, grain) if mends else None
        if split is None:
            return None
        found = split
    overlaps = any(
        one.offset < other.offset + other.length and other.offset < one.offset + one.length
        for one in found.runs
        for other in taken
    )
    return None if overlaps else found


def _split(left: Stretch, head: Head, broken: Broken, grain: int) -> Carved | None:
    source: Source | None
    if isinstance(broken, Doubtful):
        after = head.at + broken.at + broken.length
        source = Source(left, [(head.at, broken.at), (after, left.size - after)])
    elif head.measure in _ANY_CUT_FITS:
        return None
    else:
        source = split_file(left, head.at, head.measure, broken, grain)
    try:
        return _carved(source, head, grain) if source is not None else None
    except Broken:
        return None
