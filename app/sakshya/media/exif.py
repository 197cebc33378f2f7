"""EXIF as plain values: no thumbnail, no bytes, no maker's block, nothing without a bound."""

import io
import logging
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Protocol, cast

import exifread
from exifread.core.exceptions import ExifError

from sakshya.domain.media import ExifValue, Sniffed
from sakshya.media.exif_block import exif_block
from sakshya.media.failure import one_line
from sakshya.media.gps import decimal_place
from sakshya.media.limits import EXIF_BYTES, EXIF_LIST, EXIF_READS, EXIF_TAGS, EXIF_TEXT
from sakshya.media.user_comment import user_comment

# exifread tells its log about every damaged field; a log line could quote what the field holds.
logging.getLogger("exifread").addHandler(logging.NullHandler())
logging.getLogger("exifread").propagate = False
logging.getLogger("exifread").setLevel(logging.CRITICAL + 1)

# What a reader of hostile tables may raise, short of a fault of the stream itself.
_BROKEN = (
    ArithmeticError,
    AttributeError,
    ExifError,
    LookupError,
    MemoryError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
_DIRECTORIES = ("Image", "EXIF", "GPS", "Interoperability")
_DROPPED = frozenset({"MakerNote", "ApplicationNotes", "PrintIM", "StripOffsets", "StripByteCounts", "TileOffsets"}) | {
    "TileByteCounts",
    "JPEGTables",
    "ExifOffset",
    "GPSInfo",
    "InteroperabilityOffset",
    "SubIFDs",
    "InterColorProfile",
    "ImageResources",
    "IPTC/NAA",
    "Padding",
    "OffsetSchema",
}
# Fields of undefined type whose bytes are text by the standard, and fields of bytes that hold UTF-16 text.
_TEXT_BYTES = frozenset({"ExifVersion", "FlashPixVersion", "InteroperabilityVersion", "SonyRawFileType"})
_UTF16_BYTES = frozenset({"XPTitle", "XPComment", "XPAuthor", "XPKeywords", "XPSubject"})
_GPS_TEXT = frozenset({"GPSProcessingMethod", "GPSAreaInformation"})
_UNDEFINED = 7


@dataclass(frozen=True, slots=True)
class Exif:
    """EXIF values by tag name in order of name; `problem` says what of it could not be read."""

    values: tuple[tuple[str, ExifValue], ...] = ()
    problem: str | None = None

    @property
    def orientation(self) -> int:
        """The orientation 1 to 8 by the standard; 1 where it is not recorded or not one of these."""
        value = dict(self.values).get("Orientation")
        return value if isinstance(value, int) and 1 <= value <= 8 else 1


class _Tag(Protocol):
    values: object
    field_type: int


def read_exif(stream: BinaryIO, sniffed: Sniffed) -> Exif:
    """Return the EXIF of a picture, empty where it has none; broken EXIF gives a problem and never an exception.

    `GPSLatitude` and `GPSLongitude` are signed decimal degrees, south and west negative.

    Raises:
        EvidenceFault: the bytes could not be read.
    """
    block = exif_block(stream, sniffed)
    if block is None:
        return Exif()
    bounded = _Bounded(block)
    try:
        tags = exifread.process_file(io.BufferedReader(bounded, 8192), details=False, extract_thumbnail=False)
    except _BROKEN as error:
        return Exif(problem=f"EXIF could not be read: {one_line(error) or type(error).__name__}")
    values = _plain(tags)
    comment = user_comment(block)
    if comment:
        values["UserComment"] = comment[:EXIF_TEXT]
    problem = "EXIF was read in part: its tables do not end" if bounded.exhausted else None
    return Exif(tuple(sorted(values.items())[:EXIF_TAGS]), problem)


class _Bounded(io.RawIOBase):
    """The block behind a budget of reads and bytes; when it is spent the block seems to end, and loops run out."""

    def __init__(self, block: BinaryIO) -> None:
        self._block = block
        self._reads = 0
        self._bytes = 0
        self.exhausted = False

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._reads += 1
        return self._block.seek(offset, whence)

    def tell(self) -> int:
        return self._block.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._reads += 1
        if self._reads > EXIF_READS or self._bytes > EXIF_BYTES:
            self.exhausted = True
            return 0
        piece = self._block.read(len(buffer))
        buffer[: len(piece)] = piece
        self._bytes += len(piece)
        return len(piece)


def _plain(tags: Mapping[str, object]) -> dict[str, ExifValue]:
    values: dict[str, ExifValue] = {}
    fields = {name: cast(_Tag, tag) for name, tag in tags.items() if hasattr(tag, "field_type")}
    for directory in _DIRECTORIES:
        for name, tag in fields.items():
            prefix, _, short = name.partition(" ")
            if prefix != directory or short in values or short in _DROPPED:
                continue
            value = _value(short, tag)
            if value is not None:
                values[short] = value
    for name in ("GPSLatitude", "GPSLongitude"):
        place = decimal_place(values.pop(name, None), values.get(f"{name}Ref"), limit=90 if "Lat" in name else 180)
        if place is not None:
            values[name] = place
    return values


def _value(name: str, tag: _Tag) -> ExifValue:
    values = tag.values
    if isinstance(values, str):
        return _text(values)
    if isinstance(values, bytes):
        # Text that is not UTF-8, as old cameras and Indian-language editors wrote it.
        return _text(values.decode("cp1252", "replace"))
    if not isinstance(values, list) or not values:
        return None
    if name in _UTF16_BYTES:
        return _text(_octets(values).decode("utf-16-le", "replace"))
    if name in _TEXT_BYTES:
        return _text(_octets(values).decode("ascii", "replace"))
    if name in _GPS_TEXT:
        return _text(_octets(values)[8:].decode("ascii", "replace"))
    if tag.field_type == _UNDEFINED and len(values) > 4:
        return None
    return _numbers(values)


def _octets(values: list[object]) -> bytes:
    return bytes(value & 0xFF for value in values[: EXIF_TEXT * 2] if isinstance(value, int))


def _text(text: str) -> str | None:
    clean = text.split("\x00", 1)[0].strip()
    return clean[:EXIF_TEXT] or None


def _numbers(values: list[object]) -> ExifValue:
    if len(values) > EXIF_LIST:
        return None
    numbers = [_number(value) for value in values]
    plain = [number for number in numbers if number is not None]
    if len(plain) != len(numbers):
        return None
    if len(plain) == 1:
        return plain[0]
    whole = [number for number in plain if isinstance(number, int)]
    return whole if len(whole) == len(plain) else [float(number) for number in plain]


def _number(value: object) -> int | float | None:
    # Floats come as a tuple of one, ratios as fractions that may have a zero below the line.
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    if isinstance(value, int):
        return value
    try:
        number = float(value)  # type: ignore[arg-type]
    except (ArithmeticError, TypeError, ValueError):
        return None
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 1 << 53 else number
