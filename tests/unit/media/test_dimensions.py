import io

import pytest

from sakshya.domain.media import Kind, Sniffed
from sakshya.media.dimensions import picture_size
from sakshya.media.jpeg_header import read_jpeg_header
from tests.unit.media.generated import as_pillow, encoded, png_declaring, rings, saved, stream_of

_PICTURE = rings(91, 83)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".bmp", ".webp", ".jp2", ".ppm", ".hdr", ".ras", ".tiff"])
def test_the_size_is_read_from_what_one_library_writes(suffix: str) -> None:
    assert picture_size(*stream_of(encoded(_PICTURE, suffix))) == (91, 83)


@pytest.mark.parametrize("form", ["GIF", "TIFF", "PCX", "SGI", "TGA", "DDS", "QOI", "AVIF", "WEBP", "PPM"])
def test_the_size_is_read_from_what_another_library_writes(form: str) -> None:
    assert picture_size(*stream_of(saved(as_pillow(_PICTURE), form))) == (91, 83)


def test_a_lossless_webp_states_its_size_in_bits() -> None:
    assert picture_size(*stream_of(saved(as_pillow(_PICTURE), "WEBP", lossless=True))) == (91, 83)


def test_a_declared_size_is_taken_at_its_word() -> None:
    assert picture_size(*stream_of(png_declaring(40_000, 40_000))) == (40_000, 40_000)


@pytest.mark.parametrize(
    "form", ["jpeg", "png", "gif", "bmp", "tiff", "webp", "heic", "jp2", "ico", "pnm", "cr3", "exr"]
)
def test_a_header_that_ends_early_has_no_size(form: str) -> None:
    whole = encoded(_PICTURE, ".png")

    for length in (0, 1, 5, 13, 20):
        assert picture_size(io.BytesIO(whole[:length]), Sniffed(Kind.PICTURE, "", form)) is None


def test_a_jpeg_header_is_found_behind_rubbish_and_padding() -> None:
    jpeg = encoded(_PICTURE, ".jpg")

    found = read_jpeg_header(io.BytesIO(jpeg[:2] + b"rubbish\xff\x00\xff\xff" + jpeg[2:]))

    assert (found.width, found.height, found.components, found.progressive) == (91, 83, 3, False)
