"""The hand-written EXIF and AVI say to other people's readers what they were told to say."""

import io
from datetime import UTC, datetime
from random import Random

import av
import exifread
import pytest

from sakshya.domain.source import Source
from sakshya.testing import drawing, memory_source
from sakshya.testing.avi_writer import mjpeg_avi
from sakshya.testing.exif_writer import Camera, with_exif

TAKEN = datetime(2024, 3, 1, 10, 11, 12, tzinfo=UTC)


def test_camera_time_and_a_southern_western_place_are_read_back() -> None:
    plain = drawing.jpeg(drawing.landscape(Random(1), 160, 120))

    tags = exifread.process_file(
        io.BytesIO(with_exif(plain, Camera("Example Optics", "One", TAKEN, "-34.603722", "-58.381592")))
    )

    assert str(tags["Image Make"]) == "Example Optics"
    assert str(tags["EXIF DateTimeOriginal"]) == "2024:03:01 10:11:12"
    assert (str(tags["GPS GPSLatitudeRef"]), str(tags["GPS GPSLongitudeRef"])) == ("S", "W")
    degrees, minutes, seconds = (float(part) for part in tags["GPS GPSLatitude"].values)
    assert degrees + minutes / 60 + seconds / 3600 == pytest.approx(34.603722, abs=1e-7)


def test_an_embedded_picture_is_where_a_reader_looks_for_it() -> None:
    small = drawing.jpeg(drawing.pattern(Random(2), 64, 48))
    plain = drawing.jpeg(drawing.landscape(Random(1), 160, 120))

    tags = exifread.process_file(io.BytesIO(with_exif(plain, Camera("M", "One", TAKEN, embedded=small))))

    assert tags["JPEGThumbnail"] == small


def test_a_video_has_the_frames_that_were_put_in() -> None:
    frames = [drawing.jpeg(drawing.teapot_frame(3, 160, 120, step)) for step in range(0, 60, 5)]

    with av.open(io.BytesIO(mjpeg_avi(frames, width=160, height=120, per_second=4))) as video:
        assert sum(1 for _ in video.decode(video=0)) == 12
        assert video.duration == 3 * av.time_base


def test_a_memory_source_is_a_source() -> None:
    source = memory_source(b"0123456789", path="/a.bin")

    assert isinstance(source, Source)
    assert (source.size, source.read_at(8, 9), list(source.chunks(4))) == (10, b"89", [b"0123", b"4567", b"89"])
