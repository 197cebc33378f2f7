"""BMP: the header states the size; it is believed only where all its fields agree."""

import struct

from sakshya.evidence.carve.stretch import Broken, Source

_HEADERS = {12, 40, 52, 56, 64, 108, 124}
_DEPTHS = {1, 4, 8, 16, 24, 32}


def measure(source: Source) -> tuple[str, int]:
    """Return the format and size of the BMP there.

    Raises:
        Broken: the header contradicts itself, or not all of it is there.
    """
    size, zero, start, header = struct.unpack("<2xIIII", source.need(0, 18))
    if header not in _HEADERS or zero or not 14 + header <= start <= size:
        raise Broken(0)
    if header == 12:
        width, height, planes, depth = struct.unpack("<hhHH", source.need(18, 8))
        packing = 0
    else:
        width, height, planes, depth, packing = struct.unpack("<iiHHI", source.need(18, 16))
    if width <= 0 or not height or planes != 1 or depth not in _DEPTHS or packing > 3:
        raise Broken(0)
    plain = (width * depth + 31) // 32 * 4 * abs(height)
    if packing in (0, 3) and not plain <= size - start <= plain + 4:
        raise Broken(0)
    if size > source.size:
        raise Broken(source.size)
    return "bmp", size
