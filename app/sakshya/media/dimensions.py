"""The size a picture declares, read from its header and without any decoder."""

import re
from collections.abc import Callable
from struct import error as StructError
from struct import unpack_from
from typing import BinaryIO

from sakshya.domain.media import Sniffed
from sakshya.media.boxes import content, find, top_boxes
from sakshya.media.heif import read_heif_header
from sakshya.media.jpeg_header import read_jpeg_header
from sakshya.media.limits import IFD_ENTRIES
from sakshya.media.movie_size import movie_size
from sakshya.media.streams import read_at
from sakshya.media.tiff_tags import byte_order, read_directory

Size = tuple[int, int]

_HEAD = 4096


def picture_size(stream: BinaryIO, sniffed: Sniffed) -> Size | None:
    """Return the stored (width, height) in pixels before orientation, None where the header does not say.

    Raises:
        EvidenceFault: the bytes could not be read.
    """
    reader = _READERS.get(sniffed.format)
    if reader is None:
        return None
    try:
        size = reader(stream)
    except (StructError, IndexError, ValueError, OverflowError):
        return None
    return size if size is not None and size[0] > 0 and size[1] > 0 else None


def _jpeg(stream: BinaryIO) -> Size | None:
    header = read_jpeg_header(stream)
    return (header.width, header.height) if header.width is not None and header.height is not None else None


def _png(stream: BinaryIO) -> Size | None:
    head = read_at(stream, 0, 24)
    return _pair(">II", head, 16) if head[12:16] == b"IHDR" else None


def _gif(stream: BinaryIO) -> Size:
    return _pair("<HH", read_at(stream, 6, 4), 0)


def _bmp(stream: BinaryIO) -> Size:
    head = read_at(stream, 14, 12)
    width, height = _pair("<HH" if head[0] == 12 else "<ii", head, 4)
    # A negative height says that the rows run from the top.
    return width, abs(height)


def _tiff(stream: BinaryIO) -> Size | None:
    head = read_at(stream, 0, 8)
    order = byte_order(head)
    if order is None:
        return None
    start = int.from_bytes(head[4:8], order)
    block = read_at(stream, start, 2 + 12 * IFD_ENTRIES)
    # The directory is read as if it stood at offset 8, the first place where one may stand.
    tags = {tag.number: tag.number_value for tag in read_directory(bytes(8) + block, 8, order)}
    return (tags[0x100], tags[0x101]) if 0x100 in tags and 0x101 in tags else None


def _webp(stream: BinaryIO) -> Size | None:
    head = read_at(stream, 12, 20)
    match head[:4]:
        case b"VP8X":
            return 1 + int.from_bytes(head[12:15], "little"), 1 + int.from_bytes(head[15:18], "little")
        case b"VP8L":
            bits = unpack_from("<I", head, 9)[0]
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = _pair("<HH", head, 14)
            return width & 0x3FFF, height & 0x3FFF
        case _:
            return None


def _heif(stream: BinaryIO) -> Size | None:
    header = read_heif_header(stream)
    return (header.width, header.height) if header.width is not None and header.height is not None else None


def _jp2(stream: BinaryIO) -> Size | None:
    for box in top_boxes(stream):
        if box.name == b"jp2h":
            header = find(stream, box, b"ihdr")
            if header is not None:
                height, width = _pair(">II", content(stream, header), 0)
                return width, height
        if box.name == b"jp2c":
            return _codestream(read_at(stream, box.start, 24))
    return None


def _j2k(stream: BinaryIO) -> Size:
    return _codestream(read_at(stream, 0, 24))


def _codestream(head: bytes) -> Size:
    right, bottom, left, top = unpack_from(">IIII", head, 8)
    return right - left, bottom - top


def _psd(stream: BinaryIO) -> Size:
    height, width = _pair(">II", read_at(stream, 14, 8), 0)
    return width, height


def _ico(stream: BinaryIO) -> Size:
    head = read_at(stream, 0, 6 + 16 * 256)
    if head[:2] != b"\0\0":
        raise ValueError("no icon directory")
    count = unpack_from("<H", head, 4)[0]
    sizes = [(head[at] or 256, head[at + 1] or 256) for at in range(6, min(6 + 16 * count, len(head) - 1), 16)]
    return max(sizes, key=lambda size: size[0] * size[1])


_PNM_WORD = re.compile(rb"(?:\s|#[^\n]*\n)*([^\s#]+)")
_PAM_SIDE = re.compile(rb"^(WIDTH|HEIGHT) +(\d+)", re.MULTILINE)


def _pnm(stream: BinaryIO) -> Size:
    head = read_at(stream, 0, _HEAD)
    if head.startswith(b"P7"):
        sides = {name: int(value) for name, value in _PAM_SIDE.findall(head)}
        return sides.get(b"WIDTH", 0), sides.get(b"HEIGHT", 0)
    width = _PNM_WORD.match(head, 2)
    height = _PNM_WORD.match(head, width.end()) if width else None
    if width is None or height is None:
        raise ValueError("header without a size")
    return int(width[1]), int(height[1])


_RADIANCE = re.compile(rb"\n[-+]([XY]) +(\d+) +[-+]([XY]) +(\d+)\n")


def _hdr(stream: BinaryIO) -> Size | None:
    found = _RADIANCE.search(read_at(stream, 0, _HEAD))
    if found is None:
        return None
    sides = {found[1]: int(found[2]), found[3]: int(found[4])}
    return sides.get(b"X", 0), sides.get(b"Y", 0)


def _exr(stream: BinaryIO) -> Size | None:
    head = read_at(stream, 0, _HEAD)
    at = head.find(b"dataWindow\x00box2i\x00")
    if at < 0:
        return None
    left, top, right, bottom = unpack_from("<4i", head, at + 21)
    return right - left + 1, bottom - top + 1


def _pcx(stream: BinaryIO) -> Size:
    left, top, right, bottom = unpack_from("<4H", read_at(stream, 4, 8))
    return right - left + 1, bottom - top + 1


def _cr3(stream: BinaryIO) -> Size | None:
    return movie_size(stream)


def _at(form: str, offset: int) -> Callable[[BinaryIO], Size]:
    def read(stream: BinaryIO) -> Size:
        return _pair(form, read_at(stream, offset, 8), 0)

    return read


def _pair(form: str, data: bytes, offset: int) -> Size:
    first, second = unpack_from(form, data, offset)
    return int(first), int(second)


def _dds(stream: BinaryIO) -> Size:
    height, width = _pair("<II", read_at(stream, 12, 8), 0)
    return width, height


_READERS: dict[str, Callable[[BinaryIO], Size | None]] = {
    "jpeg": _jpeg,
    "png": _png,
    "gif": _gif,
    "bmp": _bmp,
    "webp": _webp,
    "heic": _heif,
    "avif": _heif,
    "jp2": _jp2,
    "j2k": _j2k,
    "psd": _psd,
    "ico": _ico,
    "cur": _ico,
    "pnm": _pnm,
    "hdr": _hdr,
    "exr": _exr,
    "pcx": _pcx,
    "dds": _dds,
    "cr3": _cr3,
    "sun": _at(">II", 4),
    "farbfeld": _at(">II", 8),
    "qoi": _at(">II", 4),
    "tga": _at("<HH", 12),
    "sgi": _at(">HH", 6),
    **dict.fromkeys(("tiff", "cr2", "nef", "arw", "dng", "pef", "orf", "rw2"), _tiff),
}
