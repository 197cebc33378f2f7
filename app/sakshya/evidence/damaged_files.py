"""Which files lie on bytes that cannot be read as stored."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from sakshya.domain.entry import Volume
from sakshya.domain.exhibit import Damage, Exhibit
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Locator, Run
from sakshya.evidence.damage import merged
from sakshya.evidence.tree import ExhibitReader
from sakshya.evidence.walk import Found

_Mapping = Sequence[tuple[int, int, int]]


def files_on(exhibit: Exhibit, damage: Sequence[Damage]) -> Iterator[tuple[Locator, Damage]]:
    """Yield every stream that has bytes on damage, with the part of the damage it lies on, in the exhibit's own bytes.

    A stream is named once for each damaged run it touches. Where a layer's bytes do not lie plainly in the exhibit
    (a compressed volume) nothing can be said of its files.

    Raises:
        EvidenceFault: the exhibit cannot be opened.
    """
    lost = merged(list(damage))
    if not lost:
        return
    with ExhibitReader(exhibit) as reader:
        mappings = {(one.offset, one.layers): _mapping(reader, one) for one in reader.table.volumes}
        for found in reader.found():
            if not isinstance(found, Found) or found.stream is None:
                continue
            if found.node is not None and found.node.reused:
                continue
            locator = found.entry.locator
            through = mappings.get((locator.offset, locator.layers), ())
            for start, length in found.stream.stored_runs():
                for run in _in_exhibit(start, length, through):
                    yield from ((locator, part) for part in _touched(run, lost))


def _mapping(reader: ExhibitReader, volume: Volume) -> _Mapping:
    if not volume.layers:
        return ((0, 0, reader.container.size),)
    try:
        return reader.mapping(volume)
    except EvidenceFault:
        return ()


def _in_exhibit(start: int, length: int, mapping: _Mapping) -> Iterator[Run]:
    """Return where a run of a volume lies in the exhibit."""
    for inner, outer, size in mapping:
        low, high = max(start, inner), min(start + length, inner + size)
        if low < high:
            yield Run(outer + low - inner, high - low)


def _touched(run: Run, lost: Sequence[Damage]) -> Iterator[Damage]:
    """Return the parts of the damage, which is in order, that lie in a run."""
    first = max(0, bisect_right(lost, run.offset, key=lambda one: one.run.offset) - 1)
    for one in lost[first:]:
        if one.run.offset >= run.offset + run.length:
            return
        low = max(run.offset, one.run.offset)
        high = min(run.offset + run.length, one.run.offset + one.run.length)
        if low < high:
            yield Damage(Run(low, high - low), one.reason)
