"""Decodes a picture as small as honest fingerprints allow, and as much of it as its bytes allow."""

import io
from dataclasses import dataclass, replace
from enum import Enum
from typing import BinaryIO

from sakshya.domain.media import Sniffed
from sakshya.domain.unexamined import Reason
from sakshya.media.decode_cv import CV_FAST, CV_SECOND, chunks_fit, cv_decode
from sakshya.media.decode_heif import heif_decode
from sakshya.media.decode_pillow import PLUGINS, pillow_decode
from sakshya.media.decode_webp_cut import decode_cut_webp
from sakshya.media.dimensions import Size, picture_size
from sakshya.media.failure import UndecodableError, too_many_pixels
from sakshya.media.jpeg_header import JpegHeader, read_jpeg_header
from sakshya.media.limits import ENCODED_BYTES, FULL_PIXELS, JPEG_PIXELS, PROGRESSIVE_PIXELS
from sakshya.media.pixels import Pixels, fit, shrink, upright
from sakshya.media.previews import RAW, embedded_preview
from sakshya.media.streams import length_of, read_at

_JPEG = "jpeg"
# These formats say in their own structure how the picture is to be turned, and their decoders do it.
_TURNED_BY_DECODER = frozenset({"heic", "avif", "tiff", "bigtiff"})


class Side(Enum):
    """Which side of the picture a wanted length is meant for."""

    SHORT = "short"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Want:
    """How large a decode must be: the given side has at least `length` pixels where the picture has as many."""

    length: int
    side: Side

    def denominator(self, size: Size) -> int:
        """Return 8, 4, 2 or 1: the most that both sides may be divided by."""
        have = min(size) if self.side is Side.SHORT else max(size)
        return next((part for part in (8, 4, 2) if have // part >= self.length), 1)

    def box(self, size: Size) -> int:
        """Return the whole number that both sides may be divided by."""
        have = min(size) if self.side is Side.SHORT else max(size)
        return max(1, have // self.length)

    def apply(self, pixels: Pixels) -> Pixels:
        """Return the picture reduced to exactly the wanted length, never enlarged."""
        return shrink(pixels, self.length) if self.side is Side.SHORT else fit(pixels, self.length)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded picture; `route` names the decoder and its scale, `problem` what was wrong."""

    pixels: Pixels
    route: str
    partial: bool = False
    problem: str | None = None


def decode_picture(stream: BinaryIO, sniffed: Sniffed, want: Want, orientation: int = 1) -> Decoded:
    """Return the picture upright and no larger than wanted.

    The declared size is judged before anything is decoded. A picture that a strict decoder refuses is tried again
    tolerantly, and what comes out is marked partial.

    Raises:
        UndecodableError: nothing came out; it carries the reason.
        EvidenceFault: the bytes could not be read.
    """
    if sniffed.format in RAW:
        return _decode_preview(stream, sniffed, want, orientation)
    if sniffed.format not in PLUGINS and sniffed.format not in CV_SECOND and sniffed.format != "heic":
        raise UndecodableError(Reason.UNSUPPORTED_FORMAT, f"no decoder for {sniffed.mime}")
    size = picture_size(stream, sniffed)
    header = read_jpeg_header(stream) if sniffed.format == _JPEG else None
    _refuse_too_large(size, header)
    decoded = _route(stream, sniffed, want, size, header)
    reduced = want.apply(decoded.pixels)
    if reduced is not decoded.pixels:
        decoded = replace(decoded, route=f"{decoded.route}; area {want.length}")
    turn = 1 if sniffed.format in _TURNED_BY_DECODER else orientation
    return replace(decoded, pixels=upright(reduced, turn))


def _refuse_too_large(size: Size | None, header: JpegHeader | None) -> None:
    if size is None:
        return
    limit = FULL_PIXELS
    if header is not None:
        limit = PROGRESSIVE_PIXELS if header.progressive else JPEG_PIXELS
    if size[0] * size[1] > limit:
        raise too_many_pixels(*size, limit)


def _route(stream: BinaryIO, sniffed: Sniffed, want: Want, size: Size | None, header: JpegHeader | None) -> Decoded:
    if sniffed.format == "heic":
        return Decoded(heif_decode(stream), "pillow-heif full")
    data = _encoded(stream)
    if data is not None and size is not None and _is_for_cv(data, sniffed, header):
        part = want.denominator(size) if header is not None else 1
        pixels = cv_decode(data, part)
        if pixels is not None:
            return Decoded(pixels, f"cv2 reduced 1/{part}" if part > 1 else "cv2 full")
    try:
        return _pillow(stream if data is None else io.BytesIO(data), sniffed, want)
    except UndecodableError as error:
        again = _second_chance(data, sniffed, error) if data is not None and size is not None else None
        if again is None:
            raise
        return again


def _second_chance(data: bytes, sniffed: Sniffed, error: UndecodableError) -> Decoded | None:
    if sniffed.format == "webp":
        pixels = decode_cut_webp(data)
        said = f"decoded in part: {error.failure.detail}"
        return Decoded(pixels, "vp8 tolerant", partial=True, problem=said) if pixels is not None else None
    pixels = cv_decode(data, 1) if sniffed.format in CV_SECOND else None
    return Decoded(pixels, "cv2 full") if pixels is not None else None


def _is_for_cv(data: bytes, sniffed: Sniffed, header: JpegHeader | None) -> bool:
    if header is not None:
        return header.components in (1, 3)
    return sniffed.format in CV_FAST and (sniffed.format != "png" or chunks_fit(data))


def _pillow(stream: BinaryIO, sniffed: Sniffed, want: Want) -> Decoded:
    limit = JPEG_PIXELS if sniffed.format == _JPEG else FULL_PIXELS
    found = pillow_decode(stream, PLUGINS.get(sniffed.format, ()), want.denominator, want.box, limit)
    return Decoded(found.pixels, found.route, found.damage is not None, found.damage)


def _encoded(stream: BinaryIO) -> bytes | None:
    length = length_of(stream)
    return read_at(stream, 0, length) if length <= ENCODED_BYTES else None


def _decode_preview(stream: BinaryIO, sniffed: Sniffed, want: Want, orientation: int) -> Decoded:
    preview = embedded_preview(stream, sniffed)
    if preview is None:
        raise UndecodableError(Reason.UNSUPPORTED_FORMAT, f"{sniffed.mime} without a preview that can be decoded")
    jpeg = Sniffed(sniffed.kind, "image/jpeg", _JPEG)
    decoded = decode_picture(preview, jpeg, want, orientation)
    problem = "; ".join(part for part in ("only the embedded preview was decoded", decoded.problem) if part)
    return replace(decoded, route=f"embedded preview; {decoded.route}", problem=problem)
