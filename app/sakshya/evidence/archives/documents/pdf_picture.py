"""One picture of a PDF as a file (ISO 32000-1, 8.9): as it is kept where it is JPEG or JPEG 2000, else rebuilt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.documents import raster
from sakshya.evidence.damage import unreadable

LIMIT = 64 << 20
_KEPT = {"/DCTDecode": "jpg", "/DCT": "jpg", "/JPXDecode": "jp2"}
_FAX = ("/CCITTFaxDecode", "/CCF")
_BILEVEL = "/JBIG2Decode"
_GREY, _RGB, _CMYK = ("/DeviceGray", "/CalGray", "/G"), ("/DeviceRGB", "/CalRGB", "/RGB"), ("/DeviceCMYK", "/CMYK")
_INDEXED = ("/Indexed", "/I")
_INVERT = bytes(range(255, -1, -1))


@dataclass(frozen=True, slots=True)
class Colours:
    """How samples become colours: channels of one pixel, a palette where there is one, and whether 0 is full."""

    channels: int
    palette: bytes = b""
    is_inverted: bool = False


@dataclass(frozen=True, slots=True)
class PdfPicture:
    """A picture's dictionary with plain values, its filters, and what undoes all filters but those that are kept."""

    fields: dict[str, Any]
    filters: tuple[str, ...]
    decoded: Callable[[], bytes]

    @property
    def extension(self) -> str:
        """The extension of the file that comes of it."""
        last = self.filters[-1] if self.filters else ""
        if last in _FAX:
            return "tif"
        return _KEPT.get(last) or ("tif" if self._colours_or_none() == Colours(4) else "png")

    @property
    def barrier(self) -> str:
        """Reason first, why it cannot be made a file, or nothing."""
        last = self.filters[-1] if self.filters else ""
        if last in _KEPT:
            return ""
        if _BILEVEL in self.filters:
            return f"{Reason.UNSUPPORTED_FORMAT.value}: a JBIG2 picture in a PDF"
        width, height, bits = self._measures()
        colours = Colours(1) if last in _FAX else self._colours_or_none()
        if colours is None:
            return f"{Reason.UNSUPPORTED_FORMAT.value}: a picture in a colour space that is not rebuilt"
        if width < 1 or height < 1 or bits not in (1, 2, 4, 8, 16) or (colours.channels > 1 and bits < 8):
            return f"{Reason.UNSUPPORTED_FORMAT.value}: {width} by {height} pixels of {bits} bits"
        size = raster.row_length(width, colours.channels, bits) * height
        return f"{Reason.TOO_LARGE.value}: {size} bytes of pixels" if size > LIMIT else ""

    def content(self) -> bytes:
        """Return the file.

        Raises:
            EvidenceFault: its dictionary makes no picture.
        """
        last = self.filters[-1] if self.filters else ""
        data = self.decoded()
        if last in _KEPT:
            return data
        width, height, bits = self._measures()
        if last in _FAX:
            parameters = _last(self.fields.get("/DecodeParms")) or {}
            columns = int(parameters.get("/Columns", 1728))
            black_is_one = bool(parameters.get("/BlackIs1", False))
            return raster.fax_tiff(columns, height, data, int(parameters.get("/K", 0)), black_is_one=black_is_one)
        colours = self._colours_or_none()
        if colours is None:
            raise unreadable(Reason.UNSUPPORTED_FORMAT, "a picture in a colour space that is not rebuilt")
        if colours.is_inverted != self._is_negative() and not colours.palette:
            data = data.translate(_INVERT)
        if colours.channels == 4:
            return raster.cmyk_tiff(width, height, data[::2] if bits == 16 else data)
        return raster.png(width, height, bits, data, channels=colours.channels, palette=colours.palette)

    def _measures(self) -> tuple[int, int, int]:
        bits = 1 if self.fields.get("/ImageMask") else self.fields.get("/BitsPerComponent", 8)
        try:
            return int(self.fields.get("/Width", 0)), int(self.fields.get("/Height", 0)), int(bits)
        except (TypeError, ValueError):
            return 0, 0, 0

    def _is_negative(self) -> bool:
        decode = self.fields.get("/Decode")
        return isinstance(decode, list) and len(decode) >= 2 and decode[0] == 1 and decode[1] == 0

    def _colours_or_none(self) -> Colours | None:
        if self.fields.get("/ImageMask"):
            return Colours(1)
        return _colours(self.fields.get("/ColorSpace"))


def _last(value: Any) -> Any:  # noqa: ANN401 - a PDF value is of any kind
    return value[-1] if isinstance(value, list) and value else value


def _colours(space: Any) -> Colours | None:  # noqa: ANN401 - a PDF value is of any kind
    name = space[0] if isinstance(space, list) and space else space
    for names, channels in ((_GREY, 1), (_RGB, 3), (_CMYK, 4)):
        if name in names:
            return Colours(channels)
    if not isinstance(space, list) or len(space) < 2:
        return None
    if name == "/ICCBased" and isinstance(space[1], dict):
        stated = space[1].get("/N")
        return Colours(int(stated)) if stated in (1, 3, 4) else None
    if name == "/Separation":
        return Colours(1, is_inverted=True)
    if name in _INDEXED and len(space) >= 4:
        return _indexed(_colours(space[1]), space[3])
    return None


def _indexed(base: Colours | None, lookup: Any) -> Colours | None:  # noqa: ANN401 - a PDF value is of any kind
    if base is None or base.palette or not isinstance(lookup, bytes):
        return None
    lookup = lookup[: 256 * base.channels]
    if base.channels == 3:
        palette = lookup[: len(lookup) // 3 * 3]
    elif base.channels == 1:
        palette = bytes(value for value in lookup for _ in range(3))
    else:
        inks = (lookup[at : at + 4] for at in range(0, len(lookup) - 3, 4))
        palette = bytes((255 - ink) * (255 - key) // 255 for *three, key in inks for ink in three)
    return Colours(1, palette) if palette else None
