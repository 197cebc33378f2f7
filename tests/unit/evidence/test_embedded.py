import io
import struct
import time

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakshya.evidence.archives import embedded
from tests.support.third_party import third_party


def _jpeg(width: int, height: int) -> bytes:
    picture = np.random.default_rng(width).integers(0, 255, (height, width, 3), dtype=np.uint8)
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 30])[1].tobytes()


def _with_segment(jpeg: bytes, payload: bytes, marker: int = 0xE1) -> bytes:
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload + jpeg[2:]


def _carried(data: bytes) -> dict[str, bytes]:
    assert embedded.detect(data[:65536]) == "picture"
    archive = embedded.FORMATS["picture"](io.BytesIO(data), len(data), ())
    return {one.name: archive.open(one.index).read() for one in archive.members()}


def _mp4() -> bytes:
    return struct.pack(">I4s4sI", 16, b"ftyp", b"mp42", 0) + struct.pack(">I4s", 40, b"mdat") + b"v" * 32


def test_a_thumbnail_is_listed_whatever_its_shape() -> None:
    thumbnail = _jpeg(64, 48)

    found = _carried(_with_segment(_jpeg(640, 480), b"Exif\0\0MM\0*" + bytes(20) + thumbnail))

    assert found == {"preview-1.jpg": thumbnail}


@pytest.mark.parametrize("before", [b"", b"\0" * 100, b"\0\0\x30\x0a\x10\0\0\0MotionPhoto_Data"])
def test_the_video_of_a_motion_photo_is_found(before: bytes) -> None:
    assert _carried(_jpeg(64, 48) + before + _mp4() + b"SEFT") == {"motion.mp4": _mp4()}


def test_the_video_in_a_heic_is_found() -> None:
    brand = struct.pack(">I4s4sI", 16, b"ftyp", b"heic", 0)

    assert _carried(brand + struct.pack(">I4s", 8 + len(_mp4()), b"mpvd") + _mp4()) == {"motion.mp4": _mp4()}


@pytest.mark.parametrize("ending", [".jpg", ".png", ".gif", ".webp"])
def test_files_appended_to_a_picture_are_found_in_order(ending: str) -> None:
    picture = cv2.imencode(ending, np.full((40, 40, 3), 90, np.uint8))[1].tobytes()
    archive = b"PK\x03\x04" + b"z" * 60

    assert _carried(picture + _jpeg(64, 48) + archive) == {"appended-1.jpg": _jpeg(64, 48), "appended-2.zip": archive}


def test_a_directory_that_leads_to_itself_ends() -> None:
    assert _carried(struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<HI", 0, 8)) == {}


def test_a_plain_photograph_costs_little() -> None:
    data = _jpeg(640, 480)
    begun = time.process_time()
    for _ in range(50):
        assert _carried(data) == {}

    assert (time.process_time() - begun) / 50 < 0.003


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_broken_picture_never_breaks_the_reader(data: st.DataObject) -> None:
    whole = _with_segment(_jpeg(64, 48), b"Exif\0\0MM\0*\0\0\0\x08" + _jpeg(32, 32)) + _mp4()
    broken = bytearray(whole[: data.draw(st.integers(4, len(whole)))])
    for _ in range(data.draw(st.integers(0, 8))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    archive = embedded.FORMATS["picture"](io.BytesIO(bytes(broken)), len(broken), ())

    assert all(archive.open(one.index).read() for one in archive.members())


@pytest.mark.data
@pytest.mark.parametrize("folder", ["exiftool_exiftool", "ianare_exif-samples"])
def test_real_photographs_are_all_looked_into(folder: str) -> None:
    looked_into = 0
    for path in sorted(third_party(folder).rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        if embedded.detect(data):
            assert all(content for content in _carried(data).values())
            looked_into += 1

    assert looked_into > 10
