"""JPEG: markers and tables are read, and every scan is decoded to its end."""

import re
import struct
from dataclasses import dataclass, field

from sakshya.evidence.carve.jpeg_baseline import BrokenScan, Place, Plan, Scan, walk
from sakshya.evidence.carve.jpeg_codes import alternating_steps, direct_steps, is_possible, plain_symbols
from sakshya.evidence.carve.jpeg_progressive import Band, Interval, Kept
from sakshya.evidence.carve.stretch import Broken, Source

_LARGEST = 1 << 26
_MOST_BLOCKS = 1 << 22
_MARKER = re.compile(rb"\xff[^\x00]", re.DOTALL)
_RESTART = re.compile(rb"\xff[\xd0-\xd7]", re.DOTALL)
_PIECE = 1 << 16
_SLICE = 256
_MAY_FOLLOW = {0xC4, 0xD9, 0xDA, 0xDC, 0xDD, 0xFE, 0xFF}
Chosen = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Component:
    """A colour: its sampling, and its blocks across and down (in all, and when it stands alone)."""

    across: int
    down: int
    columns: int
    rows: int


@dataclass(slots=True)
class Picture:
    """What the markers so far told."""

    progressive: bool = False
    units: tuple[int, int] = (0, 0)
    components: dict[int, Component] = field(default_factory=dict)
    codes: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)
    restart: int = 0
    masks: dict[int, list[int]] = field(default_factory=dict)
    extent: int = 0
    scan: Scan | None = None
    scans: int = 0


def measure(source: Source) -> tuple[str, int]:
    """Return the format and size of the JPEG there.

    Raises:
        Broken: a marker that may not stand there, or a scan that does not decode.
    """
    return "jpeg", read(source, Picture())


def read(source: Source, picture: Picture) -> int:
    """Return where the JPEG ends; `picture` keeps what was learnt, also when it breaks off.

    Raises:
        Broken: see `measure`.
    """
    at = 2
    while True:
        mark, kind = source.need(at, 2)
        if mark != 0xFF or kind == 0 or 0xD0 <= kind <= 0xD8 or 0x02 <= kind < 0xC0:
            raise Broken(at)
        if kind == 0xD9:
            if not picture.scans:
                raise Broken(at)
            return _with_more(source, at + 2, picture.extent)
        if kind == 0xFF:
            at += 1
            continue
        length = struct.unpack(">H", source.need(at + 2, 2))[0]
        if length < 2:
            raise Broken(at)
        body = source.need(at + 4, length - 2)
        after = at + 2 + length
        try:
            if kind == 0xDA:
                after = _scan(source, picture, body, after)
            else:
                _segment(picture, kind, body, at)
        except (struct.error, IndexError, KeyError, ValueError, ZeroDivisionError):
            raise Broken(at) from None
        at = after


def _with_more(source: Source, end: int, extent: int) -> int:
    return extent if end < extent <= source.size and source.read(extent - 2, 2) == b"\xff\xd9" else end


def _segment(picture: Picture, kind: int, body: bytes, at: int) -> None:
    if kind == 0xC4:
        while body:
            total = sum(body[1:17])
            if len(body) < 17 + total or not is_possible(body[1:17]) or body[0] & 0xEC:
                raise Broken(at)
            picture.codes[body[0]] = (body[1:17], body[17 : 17 + total])
            body = body[17 + total :]
    elif kind in (0xC0, 0xC1, 0xC2):
        _frame(picture, body, at)
        picture.progressive = kind == 0xC2
    elif 0xC3 <= kind <= 0xCF:
        raise Broken(at)
    elif kind == 0xDD:
        picture.restart = struct.unpack(">H", body[:2])[0]
    elif kind == 0xE2 and body[:4] == b"MPF\0":
        picture.extent = _several(body[4:], at + 8)


def _frame(picture: Picture, body: bytes, at: int) -> None:
    depth, height, width, count = struct.unpack_from(">BHHB", body)
    sampling = {body[6 + 3 * one]: divmod(body[7 + 3 * one], 16) for one in range(count)}
    if picture.components or depth not in (8, 12) or not height * width or len(sampling) != count or count > 4:
        raise Broken(at)
    if not all(1 <= one <= 4 for pair in sampling.values() for one in pair):
        raise Broken(at)
    most_x, most_y = max(x for x, _ in sampling.values()), max(y for _, y in sampling.values())
    picture.units = (-(-width // (8 * most_x)), -(-height // (8 * most_y)))
    for number, (x, y) in sampling.items():
        columns, rows = -(-width * x // (8 * most_x)), -(-height * y // (8 * most_y))
        picture.components[number] = Component(x, y, columns, rows)
    if picture.units[0] * picture.units[1] > _MOST_BLOCKS:
        raise Broken(at)


def _several(body: bytes, start: int) -> int:
    """Return where the last of the pictures that a multi-picture index lists ends."""
    order = "<" if body[:2] == b"II" else ">"
    at = struct.unpack_from(order + "I", body, 4)[0]
    end = 0
    for index in range(struct.unpack_from(order + "H", body, at)[0]):
        tag, _, length, place = struct.unpack_from(order + "HHII", body, at + 2 + 12 * index)
        for entry in range(place, place + length, 16) if tag == 0xB002 else ():
            size, offset = struct.unpack_from(order + "II", body, entry + 4)
            end = max(end, start + offset + size if offset else 0)
    return end


def _scan(source: Source, picture: Picture, body: bytes, at: int) -> int:
    chosen = [(picture.components[body[1 + 2 * one]], body[2 + 2 * one], body[1 + 2 * one]) for one in range(body[0])]
    if not chosen:
        raise Broken(at)
    picture.scans += 1
    if picture.progressive:
        return _progressive(source, picture, body, at)
    plan: Plan = tuple(
        (direct_steps(*picture.codes[tables >> 4]), alternating_steps(*picture.codes[16 + (tables & 15)]))
        for component, tables, _ in chosen
        for _ in range(component.across * component.down if len(chosen) > 1 else 1)
    )
    alone = chosen[0][0]
    units = picture.units[0] * picture.units[1] if len(chosen) > 1 else alone.columns * alone.rows
    picture.scan = Scan(plan, units, picture.restart)
    return walk(source, picture.scan, Place(at, 0, 0))


def _progressive(source: Source, picture: Picture, body: bytes, at: int) -> int:
    chosen = [(body[1 + 2 * one], body[2 + 2 * one]) for one in range(body[0])]
    first, last, depth = body[-3:]
    band = Band(first, last, depth > 15)
    if last > 63 or first > last or (first and len(chosen) > 1) or (not first and last):
        raise Broken(at)
    raw, end = _entropy(source, at)
    if source.is_joined and source.need(end, 2)[1] not in _MAY_FOLLOW:
        raise Broken(end)
    alone = picture.components[chosen[0][0]]
    units = picture.units[0] * picture.units[1] if len(chosen) > 1 else alone.columns * alone.rows
    step = picture.restart or units
    pieces = _RESTART.split(raw)
    if len(pieces) != -(-units // step):
        raise Broken(end)
    done = 0
    for number, piece in enumerate(pieces):
        interval = Interval(piece.replace(b"\xff\0", b"\xff"))
        blocks = range(number * step, min(units, (number + 1) * step))
        sure = source.sure - at - done
        kept = Kept(source.kept, (at, number, source.sure), len(piece[: max(0, sure)].replace(b"\xff\0", b"\xff")))
        if sure >= len(piece) + 2:
            kept.bits = interval.end
        if not _resumed(interval, picture, chosen, band, blocks, kept) or not interval.is_spent():
            bad = min(interval.bit >> 3, len(piece))
            raise Broken(min(at + done + bad + piece.count(b"\xff\0", 0, bad), end))
        done += len(piece) + 2
    return end


def _resumed(interval: Interval, picture: Picture, chosen: list[Chosen], band: Band, blocks: range, kept: Kept) -> bool:
    """Decode an interval a few blocks at a time, going on from where it is known to be well."""
    number = chosen[0][0]
    masks = [] if not band.first else picture.masks.setdefault(number, _no_masks(picture.components[number]))
    start = kept.restore(interval, blocks, masks)
    for first in range(start, blocks.stop, _SLICE):
        if not _interval(interval, picture, chosen, band, range(first, min(first + _SLICE, blocks.stop))):
            return False
        kept.note(interval, first + _SLICE, masks, blocks)
    return True


def _no_masks(part: Component) -> list[int]:
    return [0] * (part.columns * part.rows)


def _interval(interval: Interval, picture: Picture, chosen: list[Chosen], band: Band, blocks: range) -> bool:
    number, tables = chosen[0]
    if not band.first:
        plan: list[list[int]] = []
        for one, table in chosen:
            part = picture.components[one]
            steps = [] if band.refines else direct_steps(*picture.codes[table >> 4])
            plan += [steps] * (part.across * part.down if len(chosen) > 1 else 1)
        return all(interval.direct(plan, band) for _ in blocks)
    masks = picture.masks[number]
    symbols = plain_symbols(*picture.codes[16 + (tables & 15)])
    return (interval.refine if band.refines else interval.first)(symbols, band, iter(blocks), masks)


def _entropy(source: Source, at: int) -> tuple[bytes, int]:
    """Return the coded bytes of a scan and where the marker after it stands."""
    pieces, start = list[bytes](), at
    while at - start < _LARGEST:
        piece = source.need(at, 2) and source.read(at, _PIECE)
        for found in _MARKER.finditer(piece):
            if not 0xD0 <= piece[found.start() + 1] <= 0xD7:
                return b"".join([*pieces, piece[: found.start()]]), at + found.start()
        keep = len(piece) - (piece[-1] == 0xFF)
        pieces.append(piece[:keep])
        at += keep
    raise Broken(at)


__all__ = ["BrokenScan", "Picture", "measure", "read"]
