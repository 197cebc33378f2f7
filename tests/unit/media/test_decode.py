import io
import struct
import warnings

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageFile

from sakshya.domain.unexamined import Reason
from sakshya.media.decode import Decoded, Side, Want, decode_picture
from sakshya.media.decode_pillow import PLUGINS, pillow_decode
from sakshya.media.exif import read_exif
from sakshya.media.failure import UndecodableError
from sakshya.media.pixels import upright
from tests.unit.media.generated import (
    as_pillow,
    encoded,
    oriented,
    png_declaring,
    quarters,
    rings,
    saved,
    stream_of,
)

_WANT = Want(512, Side.SHORT)


def _decode(data: bytes, want: Want = _WANT) -> Decoded:
    stream, sniffed = stream_of(data)
    return decode_picture(stream, sniffed, want, read_exif(stream, sniffed).orientation)


def _reason(data: bytes) -> Reason:
    with pytest.raises(UndecodableError) as caught:
        _decode(data)
    return caught.value.failure.reason


@pytest.mark.parametrize(
    ("size", "route", "shape"),
    [
        ((600, 500), "cv2 full", (500, 600)),
        ((1100, 1030), "cv2 reduced 1/2; area 512", (512, 547)),
        ((4200, 2100), "cv2 reduced 1/4; area 512", (512, 1024)),
        ((8300, 4200), "cv2 reduced 1/8; area 512", (512, 1012)),
    ],
)
def test_a_jpeg_is_reduced_while_decoding_but_never_below_512(
    size: tuple[int, int], route: str, shape: tuple[int, int]
) -> None:
    found = _decode(encoded(np.full((size[1], size[0], 3), 99, np.uint8), ".jpg"))

    assert found.route == route
    assert found.pixels.shape[:2] == shape
    assert not found.partial


@pytest.mark.parametrize("orientation", range(1, 9))
def test_both_decoders_turn_a_picture_alike_and_once(orientation: int) -> None:
    data = oriented(encoded(quarters(640, 600), ".jpg"), orientation)
    turned = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)

    fast = _decode(data).pixels
    found = pillow_decode(io.BytesIO(data), PLUGINS["jpeg"], lambda _: 1, lambda _: 1, 10**9)
    tolerant = upright(found.pixels, orientation)

    assert np.abs(fast.astype(int) - cv2.resize(turned, fast.shape[1::-1]).astype(int)).mean() < 2
    assert np.abs(tolerant.astype(int) - turned.astype(int)).mean() < 2


@pytest.mark.parametrize("keep", [0.67, 0.3, 0.1])
def test_a_jpeg_cut_short_is_decoded_in_part(keep: float) -> None:
    whole = encoded(rings(1300, 1100), ".jpg")

    found = _decode(whole[: int(len(whole) * keep)])

    assert found.partial
    assert found.problem is not None
    assert "truncated" in found.problem
    assert found.route == "pillow tolerant draft 1/2; area 512"
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_all_of_thirty_pictures_cut_at_two_thirds_are_decoded_in_part() -> None:
    for seed in range(30):
        whole = encoded(rings(500 + seed * 7, 400 + seed * 11, seed), ".jpg", cv2.IMWRITE_JPEG_PROGRESSIVE, seed % 2)

        assert _decode(whole[: len(whole) * 2 // 3]).partial, seed


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".webp"])
def test_other_formats_cut_short_are_decoded_in_part(suffix: str) -> None:
    whole = encoded(rings(700, 600), suffix, *([cv2.IMWRITE_WEBP_QUALITY, 80] if suffix == ".webp" else []))

    found = _decode(whole[: len(whole) * 2 // 3])

    assert found.partial
    assert found.pixels.shape[:2] == (512, 597)


def test_a_jpeg_without_picture_data_says_so_and_shows_no_grey_sheet() -> None:
    whole = encoded(rings(300, 300), ".jpg")

    assert _reason(whole[: whole.index(b"\xff\xda") + 14]) is Reason.CUT_SHORT


@pytest.mark.parametrize(("width", "height"), [(40_000, 40_000), (1 << 31, 1), (120_001, 1000)])
def test_a_declared_size_above_the_limit_is_refused_before_decoding(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("sakshya.media.decode.cv_decode", never)
    monkeypatch.setattr("sakshya.media.decode.pillow_decode", never)

    assert _reason(png_declaring(width, height)) is Reason.TOO_LARGE


@pytest.mark.slow
def test_a_jpeg_of_200_megapixels_is_decoded_reduced() -> None:
    phone = encoded(np.tile(rings(1024, 1024)[:, :, 1], (12, 16)), ".jpg")

    found = _decode(phone)

    assert found.route == "cv2 reduced 1/8; area 512"
    assert found.pixels.shape == (512, 683, 3)


@pytest.mark.parametrize(
    ("mode", "form", "options"),
    [
        ("1", "PNG", {}),
        ("L", "JPEG", {}),
        ("P", "GIF", {}),
        ("P", "PNG", {}),
        ("LA", "PNG", {}),
        ("RGBA", "PNG", {}),
        ("RGBA", "WEBP", {}),
        ("CMYK", "JPEG", {}),
        ("CMYK", "TIFF", {}),
        ("LAB", "TIFF", {}),
        ("YCbCr", "TIFF", {}),
        ("RGB", "TIFF", {"compression": "tiff_lzw"}),
        ("1", "TIFF", {"compression": "group4"}),
        ("F", "TIFF", {}),
        ("I;16", "TIFF", {}),
        ("I;16", "PNG", {}),
        ("RGB", "JPEG2000", {}),
        ("RGB", "AVIF", {}),
        ("RGB", "ICO", {}),
        ("RGB", "ICNS", {}),
        ("RGB", "TGA", {}),
        ("RGB", "PCX", {}),
        ("RGB", "SGI", {}),
        ("RGB", "DDS", {}),
        ("RGB", "QOI", {}),
    ],
)
def test_every_kind_of_colour_comes_out_as_the_same_picture(mode: str, form: str, options: dict[str, object]) -> None:
    grey = mode in ("1", "L", "LA", "F", "I;16")
    plain = quarters(256, 256)
    if mode == "I;16":
        picture = Image.fromarray(plain[:, :, 0].astype(np.uint16) * 257)
    elif mode == "LAB":
        picture = Image.merge("LAB", [as_pillow(plain).convert("L"), *[Image.new("L", (256, 256), 128)] * 2])
    else:
        picture = as_pillow(plain).convert("L").convert(mode) if grey else as_pillow(plain).convert(mode)

    found = _decode(saved(picture, form, **options)).pixels

    assert found.shape[0] == found.shape[1] >= 256
    assert found[:100, :100].mean() < 30
    assert found[-100:, -100:].mean() > 225


def test_only_the_first_frame_of_a_moving_picture_counts() -> None:
    frames = [as_pillow(np.full((40, 40, 3), tone, np.uint8)) for tone in (30, 200)]

    for form in ("GIF", "WEBP", "PNG"):
        moving = saved(frames[0], form, save_all=True, append_images=frames[1:])

        assert _decode(moving).pixels.mean() < 60, form


def test_a_gif_that_holds_a_frame_larger_than_it_declares_is_refused() -> None:
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    frame = b"," + struct.pack("<HHHHB", 65535, 65535, 65535, 65535, 0) + b"\x02\x02\x44\x01\x00;"

    assert _reason(head + frame) is Reason.TOO_LARGE


def test_eps_and_svg_are_listed_and_never_drawn() -> None:
    assert _reason(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n") is Reason.UNSUPPORTED_FORMAT
    assert _reason(b"<svg xmlns='http://www.w3.org/2000/svg'/>") is Reason.UNSUPPORTED_FORMAT
    assert not {name for plugins in PLUGINS.values() for name in plugins} & {"EPS", "WMF", "FPX", "MIC"}


def test_a_raw_file_gives_its_largest_ordinary_preview() -> None:
    preview = encoded(rings(900, 700), ".jpg")
    tags = [(0x111, 4, 1, 100), (0x112, 3, 1, 6), (0x117, 4, 1, len(preview))]
    body = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    raw = (b"II*\0\x10\0\0\0CR\2\0\0\0\0\0" + body).ljust(100, b"\0") + preview

    found = _decode(raw)

    assert found.route.startswith("embedded preview; cv2")
    assert found.pixels.shape[:2] == (658, 512)
    assert found.problem == "only the embedded preview was decoded"


def test_a_reveal_asks_for_the_longer_side() -> None:
    found = _decode(encoded(rings(4000, 1000), ".jpg"), Want(1000, Side.LONG))

    assert found.route == "cv2 reduced 1/4"
    assert found.pixels.shape[:2] == (250, 1000)


def test_no_warning_of_a_decoder_gets_out() -> None:
    broken = oriented(encoded(rings(64, 64), ".jpg"), 6).replace(b"II*\0\x08\0\0\0\x01\0", b"II*\0\x08\0\0\0\xff\0")

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert _decode(broken[:-200]).pixels.size


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_heic_is_turned_once_by_its_own_decoder(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x112] = orientation
    buffer = io.BytesIO()
    pillow_heif.from_pillow(as_pillow(quarters(640, 600))).save(buffer, exif=exif.tobytes(), quality=90)

    found = _decode(buffer.getvalue())

    expected = cv2.resize(upright(quarters(640, 600), orientation), found.pixels.shape[1::-1])
    assert found.route == "pillow-heif full; area 512"
    assert np.abs(found.pixels.astype(int) - expected.astype(int)).mean() < 4


def test_a_png_chunk_of_gigabytes_makes_no_room_for_them() -> None:
    whole = encoded(rings(64, 64), ".png")
    at = whole.index(b"IDAT")
    lying = whole[: at - 4] + struct.pack(">I4s", 0xFFFFFF00, b"zzZz") + whole[at - 4 :]

    with pytest.raises(UndecodableError):
        _decode(lying)
    assert _decode(whole).route == "cv2 full"
