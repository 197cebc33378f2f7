"""ISO base media: MP4, MOV, 3GP, HEIC and AVIF, by their boxes."""

import struct
from collections.abc import Iterator

from sakshya.evidence.carve.stretch import Broken, Source

_TOP = {
    b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"meta", b"moof", b"mfra", b"sidx", b"styp", b"uuid",
    b"pdin", b"prft", b"ssix", b"emsg", b"mpvd", b"idat", b"pnot", b"PICT",
}  # fmt: skip
_HOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
_LARGEST_TABLE = 1 << 26
_LARGEST_META = 1 << 22


def measure(source: Source) -> tuple[str, int]:
    """Return the format and size of the file there.

    Raises:
        Broken: a box that may not stand there, no index to the media, or an index that points outside the media.
    """
    kind = _kind(source)
    at, seen, media, index = 0, set[bytes](), list[tuple[int, int]](), (0, 0)
    while at + 8 <= source.size:
        try:
            name, start, end = box(source, at, source.size)
        except Broken:
            if _is_done(seen):
                break
            raise
        if name not in _TOP or (name in seen and name in (b"ftyp", b"moov")):
            if _is_done(seen):
                break
            raise Broken(at)
        seen.add(name)
        if name == b"mdat":
            media.append((start, end))
        elif name == b"moov":
            index = (start, end)
        at = end
    if not _is_done(seen):
        raise Broken(at)
    if index[1]:
        _check_index(source, index, media, seen)
    return kind, at


def box(source: Source, at: int, limit: int) -> tuple[bytes, int, int]:
    """Return a box's name, and where its content starts and ends."""
    size, name = struct.unpack(">I4s", source.need(at, 8))
    start = at + 8
    if size == 1:
        size, start = struct.unpack(">Q", source.need(at + 8, 8))[0], at + 16
    if at + size < start or at + size > limit:
        raise Broken(at)
    return name, start, at + size


def _kind(source: Source) -> str:
    size, brand = struct.unpack(">I4x4s", source.need(0, 12))
    if not 16 <= size <= 512 or source.need(4, 4) != b"ftyp":
        raise Broken(0)
    brands = {brand} | {source.need(at, 4) for at in range(16, size - 3, 4)}
    if brand in (b"avif", b"avis") or (brand in (b"mif1", b"msf1") and b"avif" in brands):
        return "avif"
    if brand[:3] in (b"hei", b"hev") or brand in (b"mif1", b"msf1"):
        return "heic"
    if brand == b"qt  ":
        return "mov"
    return "3gp" if brand[:2] == b"3g" else "mp4"


def _is_done(seen: set[bytes]) -> bool:
    return b"mdat" in seen and bool({b"moov", b"meta"} & seen)


def _check_index(source: Source, index: tuple[int, int], media: list[tuple[int, int]], seen: set[bytes]) -> None:
    if index[1] - index[0] > _LARGEST_META * 16:
        raise Broken(index[0])
    tracks = 0
    for name, start, end in _tables(source, *index, 0):
        if name == b"mvhd":
            tracks += 1
        if name in (b"stco", b"co64"):
            _check_offsets(source, start, end, 4 if name == b"stco" else 8, media)
    if not tracks:
        raise Broken(index[0])


def _tables(source: Source, at: int, end: int, depth: int) -> Iterator[tuple[bytes, int, int]]:
    while at + 8 <= end:
        name, start, after = box(source, at, end)
        if not all(32 <= byte < 127 or byte == 0xA9 for byte in name):
            raise Broken(at)
        yield name, start, after
        if name in _HOLDERS and depth < 6:
            yield from _tables(source, start, after, depth + 1)
        at = after


def _check_offsets(source: Source, start: int, end: int, width: int, media: list[tuple[int, int]]) -> None:
    count = struct.unpack(">4xI", source.need(start, 8))[0]
    if count * width > min(end - start - 8, _LARGEST_TABLE):
        raise Broken(start)
    table = source.need(start + 8, count * width)
    for (offset,) in struct.iter_unpack(">I" if width == 4 else ">Q", table):
        if not any(low <= offset < high for low, high in media):
            raise Broken(start)
