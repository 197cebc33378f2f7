"""Logical volumes of LVM2, as far as this one physical volume holds them."""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from sakshya.domain.exhibit import ContainerFacts, Damage
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Run
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import Container, PieceByPiece
from sakshya.evidence.damage import damaged
from sakshya.evidence.layers.layer import Layer
from sakshya.evidence.layers.lvm_label import read_label, read_text
from sakshya.evidence.layers.lvm_text import Section, bad, parse_lvm_text
from sakshya.evidence.layers.window import Window, damage_from

_SECTOR = 512
_MOST_VOLUMES = 256
_MOST_SEGMENTS = 100_000
_MOST_STRIPES = 128


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes of a logical volume: `stripes` are their starts in the physical volume, None where another one has them.

    `unit` is how many bytes lie on one stripe before the next begins. `barrier` is why the stretch cannot be read.
    """

    start: int
    length: int
    stripes: tuple[int | None, ...]
    unit: int
    barrier: str = ""


class LogicalVolume(PieceByPiece):
    """The bytes of a logical volume; those on another physical volume are damage and never zeros."""

    def __init__(self, window: Window, stretches: Sequence[Stretch], facts: ContainerFacts) -> None:
        super().__init__(facts)
        self._window = window
        self._stretches = tuple(stretches)
        self._starts = [one.start for one in stretches]

    def _piece(self, offset: int, length: int) -> bytes | Damage:
        index = bisect.bisect_right(self._starts, offset) - 1
        stretch = self._stretches[index] if index >= 0 else None
        if stretch is None or offset >= stretch.start + stretch.length:
            end = self._starts[index + 1] if index + 1 < len(self._starts) else self.size
            return damaged(Reason.BAD_METADATA, Run(offset, end - offset), "no segment holds these bytes")
        length = min(length, stretch.start + stretch.length - offset)
        if stretch.barrier:
            run = Run(stretch.start, stretch.length)
            return damaged(Reason.UNSUPPORTED_FORMAT, run, stretch.barrier)
        row, inside = divmod(offset - stretch.start, stretch.unit)
        turn, column = divmod(row, len(stretch.stripes))
        left = min(length, stretch.unit - inside)
        at = stretch.stripes[column]
        if at is None:
            whole = Run(stretch.start, stretch.length) if len(stretch.stripes) == 1 else Run(offset, left)
            return damaged(Reason.MISSING_SEGMENT, whole, "lies on a physical volume that is not there")
        return self._read(offset, at + turn * stretch.unit + inside, left)

    def _read(self, offset: int, at: int, length: int) -> bytes | Damage:
        for size in dict.fromkeys((length, min(length, _SECTOR - at % _SECTOR))):
            try:
                data = self._window.read(at, size)
            except EvidenceFault as fault:
                found = damage_from(fault, Run(offset, min(length, _SECTOR - at % _SECTOR)))
                continue
            return data or damaged(Reason.BEYOND_END, Run(offset, length), "lies beyond the end of the physical volume")
        return found

    def close(self) -> None:
        """Nothing is held; the parent stays open."""


def open_lvm(parent: Container, offset: int, length: int, _keys: Sequence[str]) -> list[Layer]:
    """Return the logical volumes of the group that the physical volume belongs to, also those it holds only in part.

    Raises:
        EvidenceFault: the label or the metadata are damaged.
    """
    window = Window(parent, offset, length)
    label = read_label(window)
    root = parse_lvm_text(read_text(window, label))
    group_name, group = next(((name, one) for name, one in root.sections.items() if one.sections), ("", Section()))
    if not group_name:
        raise bad("the metadata name no volume group")
    return list(volumes_of(window, offset, (group_name, group), label.identifier))


def volumes_of(window: Window, offset: int, group: tuple[str, Section], identifier: str) -> list[Layer]:
    """Return the logical volumes of a group as seen from the physical volume `identifier` at `offset`.

    Raises:
        EvidenceFault: the group's own values cannot be believed.
    """
    name, section = group
    extent = section.number("extent_size") * _SECTOR
    if not extent or extent > 1 << 44:
        raise bad(f"extents of {extent} bytes are stated")
    here = _here(section, identifier)
    logical = section.section("logical_volumes").sections
    if len(logical) > _MOST_VOLUMES:
        raise bad(f"{len(logical)} logical volumes are stated, more than {_MOST_VOLUMES}")
    layers: list[Layer] = []
    for index, (title, one) in enumerate(logical.items()):
        stretches, problem = _stretches_or_problem(one, extent, here)
        size = max((each.start + each.length for each in stretches), default=0)
        missing = problem or _missing(stretches)
        facts = ContainerFacts("LVM2", size, _SECTOR, (), problems=(missing,) if missing else ())
        runs = tuple(
            (each.start, offset + at, each.length)
            for each in stretches
            if len(each.stripes) == 1 and not each.barrier and (at := each.stripes[0]) is not None
        )
        text = f"logical volume {name}/{title}" + (f" ({missing})" if missing else "")
        layers.append(Layer(f"lvm.{index}", text, LogicalVolume(window, stretches, facts), runs))
    return layers


def _here(section: Section, identifier: str) -> dict[str, int]:
    """Return the names under which this physical volume's extents go, with the byte where they start."""
    wanted = identifier.replace("-", "")
    found = {
        name: one.number("pe_start") * _SECTOR
        for name, one in section.section("physical_volumes").sections.items()
        if one.text("id").replace("-", "") == wanted
    }
    if not found:
        raise bad("the metadata do not name this physical volume")
    return found


def _stretches_or_problem(one: Section, extent: int, here: dict[str, int]) -> tuple[list[Stretch], str]:
    try:
        return _stretches(one, extent, here), ""
    except EvidenceFault as fault:
        return [], fault.what


def _stretches(one: Section, extent: int, here: dict[str, int]) -> list[Stretch]:
    segments = [part for name, part in one.sections.items() if name.startswith("segment")]
    if len(segments) > _MOST_SEGMENTS:
        raise bad(f"{len(segments)} segments are stated")
    found = sorted((_stretch(part, extent, here) for part in segments), key=lambda each: each.start)
    end = 0
    for each in found:
        if each.start < end:
            raise bad("segments of a logical volume overlap")
        end = each.start + each.length
    if end >= 1 << 63:
        raise bad("a logical volume is longer than any disk")
    return found


def _stretch(part: Section, extent: int, here: dict[str, int]) -> Stretch:
    start, length = part.number("start_extent") * extent, part.number("extent_count") * extent
    if not length:
        raise bad("a segment without extents is stated")
    kind = part.text("type")
    if kind not in ("striped", "linear"):
        barrier = f"a logical volume of type {kind[:40]!r} is not supported"
        return Stretch(start, length, (None,), length, barrier)
    raw = part.items("stripes")
    pairs = list(zip(raw[::2], raw[1::2], strict=False))
    if not 0 < len(pairs) <= _MOST_STRIPES or len(raw) % 2:
        raise bad(f"a segment of {len(raw)} stripe values is stated")
    stripes = tuple(_place(name, first, extent, here) for name, first in pairs)
    unit = length if len(stripes) == 1 else part.number("stripe_size") * _SECTOR
    if not unit or length % (unit * len(stripes)):
        raise bad("the stripes of a segment do not fill it")
    return Stretch(start, length, stripes, unit)


def _place(name: str | int, first: str | int, extent: int, here: dict[str, int]) -> int | None:
    if not isinstance(name, str) or not isinstance(first, int) or not 0 <= first < 1 << 48:
        raise bad("a stripe is not a physical volume's name and a number")
    return here[name] + first * extent if name in here else None


def _missing(stretches: Sequence[Stretch]) -> str:
    if barriers := sorted({each.barrier for each in stretches if each.barrier}):
        return f"{Reason.UNSUPPORTED_FORMAT.value}: {barriers[0]}"
    lost = sum(each.length * each.stripes.count(None) // len(each.stripes) for each in stretches)
    if lost:
        return f"{Reason.MISSING_SEGMENT.value}: {lost} bytes lie on physical volumes that are not there"
    return ""
