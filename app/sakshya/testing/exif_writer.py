"""A small EXIF writer (TIFF 6.0 in a JPEG APP1 segment, after CIPA DC-008): camera, time, place, embedded picture."""

import struct
from dataclasses import dataclass
from datetime import datetime

_ASCII, _SHORT, _LONG, _RATIONAL = 2, 3, 4, 5
_TIFF = b"II*\0"


@dataclass(frozen=True, slots=True)
class Camera:
    """What a camera writes into a picture; `latitude` and `longitude` in signed degrees with up to six decimals."""

    make: str
    model: str
    taken: datetime
    latitude: str | None = None
    longitude: str | None = None
    embedded: bytes = b""


@dataclass(frozen=True, slots=True)
class _Field:
    tag: int
    kind: int
    count: int
    data: bytes


def with_exif(jpeg: bytes, camera: Camera) -> bytes:
    """Return the JPEG with an EXIF segment right after its start marker.

    `camera.embedded`, a small JPEG, becomes the thumbnail of the second directory.

    Raises:
        ValueError: the bytes are no JPEG, or the segment would exceed 64 KB.
    """
    if not jpeg.startswith(b"\xff\xd8"):
        raise ValueError("not a JPEG")
    body = b"Exif\0\0" + _tiff(camera)
    if len(body) > 0xFFFD:
        raise ValueError("the EXIF segment would exceed 64 KB")
    return jpeg[:2] + struct.pack(">2sH", b"\xff\xe1", len(body) + 2) + body + jpeg[2:]


def _tiff(camera: Camera) -> bytes:
    """Lay out the directories one after another; each pointer needs the length of what stands before it."""
    taken = _text(0, camera.taken.strftime("%Y:%m:%d %H:%M:%S")).data
    exif = [_Field(0x9003, _ASCII, 20, taken), _Field(0x9004, _ASCII, 20, taken)]
    gps = _gps(camera)
    first = [
        _text(0x010F, camera.make),
        _text(0x0110, camera.model),
        _short(0x0112, 1),
        _Field(0x0132, _ASCII, 20, taken),
    ]
    pointers = [_long(0x8769, 0), *([_long(0x8825, 0)] if gps else [])]
    exif_at = 8 + len(_directory([*first, *pointers], 8, 0))
    gps_at = exif_at + len(_directory(exif, exif_at, 0))
    second_at = gps_at + (len(_directory(gps, gps_at, 0)) if gps else 0)
    pointers = [_long(0x8769, exif_at), *([_long(0x8825, gps_at)] if gps else [])]
    whole = _TIFF + struct.pack("<I", 8)
    whole += _directory([*first, *pointers], 8, second_at if camera.embedded else 0)
    whole += _directory(exif, exif_at, 0) + (_directory(gps, gps_at, 0) if gps else b"")
    return whole + (_embedded(camera.embedded, second_at) if camera.embedded else b"")


def _embedded(picture: bytes, at: int) -> bytes:
    fields = [_short(0x0103, 6), _long(0x0201, 0), _long(0x0202, len(picture))]
    fields[1] = _long(0x0201, at + len(_directory(fields, at, 0)))
    return _directory(fields, at, 0) + picture


def _gps(camera: Camera) -> list[_Field]:
    if camera.latitude is None or camera.longitude is None:
        return []
    south, west = camera.latitude.startswith("-"), camera.longitude.startswith("-")
    return [
        _text(1, "S" if south else "N"),
        _degrees(2, camera.latitude),
        _text(3, "W" if west else "E"),
        _degrees(4, camera.longitude),
    ]


def _degrees(tag: int, text: str) -> _Field:
    whole, _, fraction = text.lstrip("-").partition(".")
    # Minutes in millionths of a degree times sixty stay whole numbers; no rounding enters.
    millionths = int(fraction.ljust(6, "0")[:6]) * 60
    minutes, rest = divmod(millionths, 1_000_000)
    numbers = struct.pack("<6I", int(whole), 1, minutes, 1, rest * 60, 1_000_000)
    return _Field(tag, _RATIONAL, 3, numbers)


def _text(tag: int, text: str) -> _Field:
    data = text.encode("ascii") + b"\0"
    return _Field(tag, _ASCII, len(data), data)


def _short(tag: int, value: int) -> _Field:
    return _Field(tag, _SHORT, 1, struct.pack("<HH", value, 0))


def _long(tag: int, value: int) -> _Field:
    return _Field(tag, _LONG, 1, struct.pack("<I", value))


def _directory(fields: list[_Field], at: int, following: int) -> bytes:
    """Return one directory that starts at offset `at`, its long values right behind it."""
    values, entries = b"", b""
    values_at = at + 2 + 12 * len(fields) + 4
    for one in sorted(fields, key=lambda one: one.tag):
        place = one.data.ljust(4, b"\0")
        if len(one.data) > 4:
            place = struct.pack("<I", values_at + len(values))
            values += one.data + b"\0" * (len(one.data) % 2)
        entries += struct.pack("<HHI", one.tag, one.kind, one.count) + place
    return struct.pack("<H", len(fields)) + entries + struct.pack("<I", following) + values
