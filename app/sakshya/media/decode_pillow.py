"""The tolerant decoder: Pillow, one plugin by name, strict first and then forgiving."""

import struct
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import numpy as np
from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from sakshya.domain.unexamined import Reason
from sakshya.media.failure import UndecodableError, one_line, out_of_memory, too_many_pixels
from sakshya.media.limits import FULL_PIXELS, MEGAPIXEL
from sakshya.media.pixels import Pixels, is_filling

PLUGINS: dict[str, tuple[str, ...]] = {
    "jpeg": ("JPEG",),
    "png": ("PNG",),
    "gif": ("GIF",),
    "bmp": ("BMP",),
    "tiff": ("TIFF",),
    "bigtiff": ("TIFF",),
    "webp": ("WEBP",),
    "avif": ("AVIF",),
    "jp2": ("JPEG2000",),
    "j2k": ("JPEG2000",),
    "psd": ("PSD",),
    "ico": ("ICO",),
    "cur": ("CUR",),
    "pnm": ("PPM",),
    "tga": ("TGA",),
    "qoi": ("QOI",),
    "dds": ("DDS",),
    "pcx": ("PCX",),
    "sgi": ("SGI",),
    "icns": ("ICNS",),
    "sun": ("SUN",),
    "xpm": ("XPM",),
}
"""Which plugin may open which format; EPS is not among them, since its plugin starts another program."""

# Pillow's own guard stays behind ours, for pictures inside pictures (an icon's PNG, a frame larger than its GIF).
Image.MAX_IMAGE_PIXELS = FULL_PIXELS

_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
_BOMB = f"it declares more than {2 * FULL_PIXELS // MEGAPIXEL} million pixels inside"
_REDUCE_ABOVE = 24 * MEGAPIXEL

Divide = Callable[[tuple[int, int]], int]
Reducers = tuple[Divide, Divide]
Values = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Found:
    """What Pillow made of a picture; `damage` is what the strict attempt said, None where that succeeded."""

    pixels: Pixels
    route: str
    damage: str | None


def pillow_decode(stream: BinaryIO, plugins: tuple[str, ...], draft: Divide, box: Divide, limit: int) -> Found:
    """Return the first frame as BGR, not turned. `draft` and `box` say by how much it may be reduced on the way.

    Raises:
        UndecodableError: nothing came out, or nothing but one tone; carries the reason.
        EvidenceFault: the bytes could not be read.
    """
    reducers = (draft, box)
    try:
        pixels, scale = _attempt(stream, plugins, reducers, limit)
        return Found(pixels, f"pillow {scale}", None)
    except _BROKEN as error:
        first = error
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        pixels, scale = _attempt(stream, plugins, reducers, limit)
    except _BROKEN:
        raise UndecodableError(_reason(first), _said(first)) from None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    if is_filling(pixels):
        raise UndecodableError(_reason(first), f"no picture data could be decoded ({_said(first)})")
    return Found(pixels, f"pillow tolerant {scale}", f"decoded in part: {_said(first)}")


def _attempt(stream: BinaryIO, plugins: tuple[str, ...], reducers: Reducers, limit: int) -> tuple[Pixels, str]:
    stream.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(stream, formats=plugins) as picture:
                return _load(picture, reducers, limit)
        except Image.DecompressionBombError:
            raise UndecodableError(Reason.TOO_LARGE, _BOMB) from None
        except MemoryError:
            raise out_of_memory() from None


def _load(picture: Image.Image, reducers: Reducers, limit: int) -> tuple[Pixels, str]:
    draft, box = reducers
    pixels = picture.width * picture.height
    if pixels > limit:
        raise too_many_pixels(picture.width, picture.height, limit)
    scale = "full"
    part = draft(picture.size)
    if part > 1 and picture.format in ("JPEG", "MPO"):
        picture.draft("RGB", (picture.width // part, picture.height // part))
        scale = f"draft 1/{part}"
    picture.load()
    if picture.format == "AVIF":
        # The plugin passes the turn that the boxes ask for on as an orientation.
        ImageOps.exif_transpose(picture, in_place=True)
    part = box(picture.size)
    if picture.width * picture.height > _REDUCE_ABOVE and part > 1 and picture.mode in ("L", "RGB", "RGBA", "CMYK"):
        return _bgr(picture.reduce(part)), f"{scale} box 1/{part}"
    return _bgr(picture), scale


def _bgr(picture: Image.Image) -> Pixels:
    if picture.mode.startswith("I;16"):
        # Pillow clips 16-bit grey to 255 on conversion; the upper byte is the picture.
        grey = (np.asarray(picture) >> 8).astype(np.uint8)
    elif picture.mode in ("I", "F"):
        grey = _stretched(np.asarray(picture, dtype=np.float64))
    else:
        rgb = _from_lab(picture) if picture.mode == "LAB" else picture.convert("RGB")
        return cast(Pixels, np.ascontiguousarray(np.asarray(rgb)[:, :, ::-1]))
    return cast(Pixels, np.ascontiguousarray(np.repeat(grey[:, :, None], 3, axis=2)))


def _stretched(values: Values) -> Pixels:
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    if low >= 0 and high <= 255:
        return values.astype(np.uint8)
    if low >= 0 and high <= 65535:
        return (values / 257).astype(np.uint8)
    return ((values - low) * (255 / ((high - low) or 1.0))).astype(np.uint8)


def _from_lab(picture: Image.Image) -> Image.Image:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    turned = ImageCms.profileToProfile(picture, lab, srgb, outputMode="RGB")
    if turned is None:
        raise ValueError("colours could not be converted")
    return turned


def _reason(error: BaseException) -> Reason:
    text = str(error).lower()
    short = ("truncated", "unexpected end", "not enough", "cut short", "buffer of", "end of file", "reading", "eof")
    if isinstance(error, EOFError | struct.error) or any(word in text for word in short):
        return Reason.CUT_SHORT
    return Reason.NOT_DECODABLE


def _said(error: BaseException) -> str:
    if isinstance(error, UnidentifiedImageError):
        # Its own text quotes the stream's address in memory, which differs in every run.
        return "the header is not one the decoder knows"
    # The library says "image" for every file it reads.
    words = str(error).replace("image file", "file").replace("image data", "data").partition(" (")[0]
    return one_line(words) or type(error).__name__
