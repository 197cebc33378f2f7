import io
import json
import struct
import time
from typing import Any

import pytest

from sakshya.domain.media import Kind, Sniffed
from sakshya.media.exif import read_exif
from sakshya.media.gps import decimal_place, iso_6709_place
from sakshya.media.sniff import HEAD_BYTES, sniff
from tests.support.third_party import third_party
from tests.unit.media.generated import as_pillow, encoded, oriented, rings, saved, stream_of

# The names of the standard for what the oracle calls otherwise.
_STANDARD = {"CreateDate": "DateTimeDigitized", "ModifyDate": "DateTime"}
_COMPARED = ("Make", "Model", "DateTimeOriginal", "CreateDate", "ModifyDate", "Orientation", "Software")


def _tiff(*tags: tuple[int, int, int, bytes]) -> bytes:
    """Return a little-endian TIFF with one directory; a value of more than 4 bytes follows it."""
    at = 8 + 2 + 12 * len(tags) + 4
    directory, values = struct.pack("<H", len(tags)), b""
    for number, kind, count, value in tags:
        place = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack("<I", at + len(values))
        directory += struct.pack("<HHI", number, kind, count) + place
        values += value if len(value) > 4 else b""
    return b"II*\0\x08\0\0\0" + directory + bytes(4) + values


def _jpeg_with(tiff: bytes) -> bytes:
    jpeg, block = encoded(rings(20, 20), ".jpg"), b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + jpeg[2:]


def _exif(data: bytes) -> dict[str, Any]:
    return dict(read_exif(*stream_of(data)).values)


def test_values_are_plain_json_and_ordered_by_name() -> None:
    ratio = struct.pack("<II", 1, 125)
    tags = ((0x10F, 2, 6, b"Nikon\0"), (0x112, 3, 1, b"\x06\0"), (0x829A, 5, 1, ratio), (0xC4A5, 7, 90, bytes(90)))

    found = read_exif(*stream_of(_jpeg_with(_tiff(*tags))))

    assert found.values == (("ExposureTime", 0.008), ("Make", "Nikon"), ("Orientation", 6))
    assert found.orientation == 6
    json.dumps(dict(found.values), allow_nan=False)


def test_no_thumbnail_maker_note_or_block_of_bytes_comes_out() -> None:
    thumbnail = encoded(rings(16, 16), ".jpg")
    tags = ((0x10F, 2, 6, b"Canon\0"), (0x927C, 7, len(thumbnail), thumbnail), (0x501B, 7, len(thumbnail), thumbnail))

    found = _exif(_jpeg_with(_tiff(*tags)))

    assert found == {"Make": "Canon"}


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_every_container_gives_its_exif(form: str) -> None:
    picture = as_pillow(rings(30, 20))
    exif = picture.getexif()
    exif[0x10F], exif[0x110] = "Tea", "Pot 1"

    found = _exif(saved(picture, form, exif=exif))

    assert (found["Make"], found["Model"]) == ("Tea", "Pot 1")


def test_a_comment_in_its_own_character_set_is_text() -> None:
    comment = b"UNICODE\0" + "चाय".encode("utf-16-le")
    pointer = struct.pack("<I", 8 + 2 + 12 + 4)
    directory = struct.pack("<H", 1) + struct.pack("<HHII", 0x9286, 7, len(comment), 44) + bytes(4)
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + struct.pack("<HHI", 0x8769, 4, 1) + pointer + bytes(4)

    found = _exif(_jpeg_with(tiff + directory + comment))

    assert found["UserComment"] == "चाय"


def test_a_field_that_claims_gigabytes_is_bounded_in_time_and_length() -> None:
    tags = ((0x10E, 2, 0xFFFFFFFF, struct.pack("<I", 8)), (0x111, 4, 999, bytes(999 * 4)))
    endless = _tiff(*tags)[:-4] + b"\xff\xff\xff\xff"
    began = time.process_time()

    found = read_exif(*stream_of(_jpeg_with(endless + b"A" * 60_000)))

    assert time.process_time() - began < 1
    assert all(len(str(value)) <= 2000 for _, value in found.values)


@pytest.mark.parametrize("end", range(0, 120, 3))
def test_broken_exif_is_a_problem_and_never_an_exception(end: int) -> None:
    tiff = _tiff((0x10F, 2, 6, b"Nikon\0"), (0x8825, 4, 1, struct.pack("<I", 10)), (0x112, 3, 1, b"\x06\0"))
    broken = bytes(byte ^ (0xFF if place == end else 0) for place, byte in enumerate(tiff))

    found = read_exif(io.BytesIO(_jpeg_with(broken)), Sniffed(Kind.PICTURE, "image/jpeg", "jpeg"))

    assert found.problem is None or "\n" not in found.problem


@pytest.mark.parametrize("value", [0, 9, 4000])
def test_an_orientation_outside_the_standard_turns_nothing(value: int) -> None:
    found = read_exif(*stream_of(oriented(encoded(rings(20, 20), ".jpg"), value)))

    assert found.orientation == 1


def test_places_are_signed_decimals_on_this_earth() -> None:
    assert decimal_place([12, 58, 17.76], "N", limit=90) == 12.9716
    assert decimal_place([77, 35.6676], "W", limit=180) == -77.59446
    assert decimal_place([91], "N", limit=90) is None
    assert decimal_place([10], "", limit=90) is None
    assert iso_6709_place("+12.9716-077.5946+920.0/") == (12.9716, -77.5946)
    assert iso_6709_place("somewhere") is None


@pytest.mark.data
def test_the_photographs_agree_with_another_reader() -> None:
    folder = third_party()
    truth = json.loads((folder / "truth/photos_exif.json").read_text(encoding="utf-8"))["photos"]
    differing = []

    for photo in truth:
        data = (folder / photo["SourceFile"]).read_bytes()
        found = dict(read_exif(io.BytesIO(data), sniff(data[:HEAD_BYTES], len(data))).values)
        for name in _COMPARED:
            stated = photo.get(f"EXIF:{name}")
            if stated is not None and str(found.get(_STANDARD.get(name, name))) != str(stated):
                differing.append((photo["SourceFile"], name, stated))
        for name in ("GPSLatitude", "GPSLongitude"):
            stated = photo.get(f"Composite:{name}")
            if isinstance(stated, float):
                assert found[name] == pytest.approx(stated, abs=1e-6), photo["SourceFile"]

    # The oracle's JSON writes the text "1.00" as a number.
    assert differing == [("exiftool_exiftool/t/images/Casio2.jpg", "Software", 1.0)]
