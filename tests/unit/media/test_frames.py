import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, BinaryIO

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from sakshya.domain.media import Kind, Sniffed
from sakshya.domain.unexamined import Reason
from sakshya.media.container import facts_of, open_container
from sakshya.media.examine import Look, examine
from sakshya.media.failure import UndecodableError
from sakshya.media.fingerprint import pdq
from sakshya.media.frames import frame_at, storyboard
from sakshya.testing.avi_writer import mjpeg_avi
from tests.support.third_party import third_party
from tests.unit.media.generated import encoded, quarters, rings, stream_of, video


def _distance(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


@pytest.mark.parametrize(
    ("form", "codec"),
    [
        ("mp4", "mpeg4"),
        ("mov", "mpeg4"),
        ("matroska", "mpeg4"),
        ("webm", "vp8"),
        ("mpegts", "mpeg2video"),
        ("asf", "wmv2"),
    ],
)
def test_a_storyboard_holds_the_key_frames(form: str, codec: str) -> None:
    found = storyboard(*stream_of(video(form, codec)))

    assert [frame.second for frame in found.frames] == pytest.approx([0, 1, 2, 3], abs=0.1)
    assert all(frame.quality == 100 for frame in found.frames)
    for number, frame in enumerate(found.frames):
        assert _distance(frame.pdq, pdq(rings(320, 240, seed=1 + number))[0]) <= 20
    assert found.problem is None


def test_a_motion_jpeg_video_of_our_own_writer_is_read() -> None:
    pictures = [encoded(rings(320, 240, seed=n), ".jpg") for n in range(30)]

    data = mjpeg_avi(pictures, width=320, height=240)
    found = storyboard(*stream_of(data))

    assert 2 <= len(found.frames) <= 12
    assert found.frames[0].second == 0
    assert _distance(found.frames[0].pdq, pdq(rings(320, 240, seed=0))[0]) <= 10


def test_a_long_video_is_sought_through() -> None:
    found = storyboard(*stream_of(video("mp4", "mpeg4", frames=700, size=(64, 48))))

    assert len(found.frames) == 12
    assert found.frames[0].second < 6
    assert found.frames[-1].second > 60


def test_facts_come_from_the_container_and_no_decoder_can_run() -> None:
    stream, sniffed = stream_of(video("matroska", "mpeg4", sound=True))

    with open_container(stream, sniffed) as container:
        facts = facts_of(stream, sniffed, container)

        assert (facts.width, facts.height, facts.duration, facts.codec) == (320, 240, 4.0, "mpeg4")
        assert facts.has_audio
        # A decoder that ran to fill the gaps would have learnt the pixel format.
        assert container.streams.video[0].codec_context.pix_fmt is None


def test_an_mp4_states_its_size_where_the_library_leaves_it_to_the_decoder() -> None:
    stream, sniffed = stream_of(video("mp4", "mpeg4"))

    with open_container(stream, sniffed) as container:
        assert facts_of(stream, sniffed, container).width == 320


def test_a_missing_index_is_a_reason() -> None:
    data = video("mp4", "mpeg4")

    with pytest.raises(UndecodableError) as caught:
        storyboard(*stream_of(data[: data.index(b"moov") - 4]))
    assert caught.value.failure.reason is Reason.NOT_DECODABLE


def test_a_video_cut_short_gives_what_is_there_and_says_so() -> None:
    data = mjpeg_avi([encoded(rings(320, 240, seed=n), ".jpg") for n in range(20)], width=320, height=240)

    found = storyboard(*stream_of(data[: len(data) // 2]))

    assert found.frames
    assert found.problem is not None
    assert "missing" in found.problem


def test_a_frame_is_found_by_its_second() -> None:
    data = video("mp4", "mpeg4")

    for second, seed in ((0.0, 1), (1.55, 2), (3.9, 4), (99.0, 4)):
        shown = frame_at(*stream_of(data), second)
        assert _distance(pdq(shown)[0], pdq(rings(320, 240, seed=seed))[0]) <= 20, second


def test_a_file_that_points_elsewhere_gets_nothing() -> None:
    playlist = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n"
    stream, sniffed = stream_of(playlist)

    assert sniffed.kind is Kind.DOCUMENT
    with pytest.raises(UndecodableError), open_container(stream, replace(sniffed, format="avi")):
        pass


def test_no_decoder_for_sound_is_ever_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[bool] = []

    @contextmanager
    def watched(stream: BinaryIO, sniffed: Sniffed) -> Iterator[Any]:
        with open_container(stream, sniffed) as container:
            yield container
            opened.extend(sound.codec_context.is_open for sound in container.streams.audio)

    monkeypatch.setattr("sakshya.media.frames.open_container", watched)

    assert storyboard(*stream_of(video("matroska", "mpeg4", sound=True))).frames
    assert opened == [False]


@pytest.mark.parametrize(("matrix", "corner"), [((0, 1, -1, 0), 170), ((-1, 0, 0, -1), 255), ((0, -1, 1, 0), 80)])
def test_a_video_is_shown_the_way_its_camera_was_held(matrix: tuple[int, int, int, int], corner: int) -> None:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 160, "yuv420p"
        for _ in range(5):
            for packet in stream.encode(VideoFrame.from_ndarray(quarters(160, 160), format="bgr24")):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    plain = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    a, b, c, d = (one << 16 for one in matrix)
    turned = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    at = buffer.getvalue().rindex(plain)
    data = buffer.getvalue()[:at] + turned + buffer.getvalue()[at + 36 :]

    shown = frame_at(*stream_of(data), 0)

    # The dark corner of the four begins at the upper left; after the turn another stands there.
    assert abs(int(np.median(shown[:70, :70])) - corner) < 12


@pytest.mark.data
def test_published_video_hashes_are_met_within_the_publisher_s_tolerance() -> None:
    folder = third_party("facebook_ThreatExchange")
    for path in sorted((folder / "tmk/sample-videos").glob("*.mp4")):
        lines = (folder / f"vpdq/sample-hashes/{path.stem}.txt").read_text().splitlines()
        published = [line.split(",") for line in lines]
        found = storyboard(*stream_of(path.read_bytes()))
        assert found.frames
        for frame in found.frames:
            near = min(published, key=lambda line: abs(float(line[3]) - frame.second))
            if int(near[1]) >= 50:
                assert abs(float(near[3]) - frame.second) < 0.02
                assert _distance(near[2], frame.pdq) <= 10, path.name


def test_a_codec_that_is_not_known_is_a_reason_and_keeps_its_facts() -> None:
    data = mjpeg_avi([encoded(rings(64, 48), ".jpg")] * 3, width=64, height=48).replace(b"MJPG", b"ZQ7X")

    found = examine(*stream_of(data), look=Look.DECODE)

    assert found.failure is not None
    assert found.failure.reason in (Reason.UNSUPPORTED_FORMAT, Reason.NOT_DECODABLE)
    assert found.report.facts.duration == 0.3


def test_a_video_of_a_declared_size_above_the_limit_is_refused() -> None:
    data = mjpeg_avi([encoded(rings(64, 48), ".jpg")] * 3, width=30_000, height=30_000)

    found = examine(*stream_of(data), look=Look.DECODE)

    assert found.failure is not None
    assert found.failure.reason is Reason.TOO_LARGE


def test_a_frame_larger_than_its_container_says_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sakshya.media.frames.VIDEO_PIXELS", 64 * 48)
    data = mjpeg_avi([encoded(rings(640, 480), ".jpg")] * 3, width=64, height=48)

    assert examine(*stream_of(data), look=Look.DECODE).failure is not None
