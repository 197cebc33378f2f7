"""Storyboards: a few key frames of a video, each decoded alone. Sound is never decoded."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO, cast

import av
import numpy as np

from sakshya.domain.media import Frame, Sniffed
from sakshya.domain.unexamined import Reason
from sakshya.media.container import container_facts, open_container, picture_stream, reason_of, said
from sakshya.media.failure import UndecodableError
from sakshya.media.fingerprint import pdq
from sakshya.media.limits import (
    HASH_SIDE,
    MEGAPIXEL,
    REVEAL_FRAMES,
    SEEK_PACKETS,
    STORYBOARD_FRAMES,
    VIDEO_PACKETS,
    VIDEO_PIXELS,
)
from sakshya.media.missing import what_is_missing
from sakshya.media.pixels import Pixels, shrink

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.codeccontext import VideoCodecContext
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    VideoPacket = Packet[VideoStream]

# A video longer than this is sought through, a shorter one read through once.
_SEEK_ABOVE_SECONDS = 60.0
_BROKEN = (av.FFmpegError, ArithmeticError, LookupError, MemoryError, OSError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Still:
    """One decoded frame, upright."""

    second: float
    pixels: Pixels


@dataclass(frozen=True, slots=True)
class Storyboard:
    """Fingerprints of up to 12 frames in order of time, and the one frame from which the mosaic is made."""

    frames: tuple[Frame, ...]
    middle: Pixels
    problem: str | None


def storyboard(stream: BinaryIO, sniffed: Sniffed) -> Storyboard:
    """Return the fingerprints of key frames spread over the video.

    Raises:
        UndecodableError: no frame could be decoded; carries the reason.
        EvidenceFault: the bytes could not be read.
    """
    with open_container(stream, sniffed) as container:
        video = _video(container)
        reader = _Reader(container, video)
        stills = list(reader.spread(container_facts(container).duration))
        if not stills:
            raise _why_none(video, reader)
    frames = tuple(Frame(round(still.second, 3), *pdq(still.pixels)) for still in stills)
    problem = what_is_missing(stream, sniffed)
    if problem is None and reader.last_error is not None:
        problem = f"some frames could not be decoded: {said(reader.last_error)}"
    return Storyboard(frames, stills[len(stills) // 2].pixels, problem)


def frame_at(stream: BinaryIO, sniffed: Sniffed, second: float) -> Pixels:
    """Return the frame shown at a second of the video, or the nearest one before it that decodes.

    Raises:
        UndecodableError: no frame could be decoded; carries the reason.
        EvidenceFault: the bytes could not be read.
    """
    with open_container(stream, sniffed) as container:
        video = _video(container)
        reader = _Reader(container, video)
        pixels = reader.exactly(second)
        if pixels is None:
            raise _why_none(video, reader)
        return pixels


def _video(container: "InputContainer") -> "VideoStream":
    video = picture_stream(container)
    if video is None:
        raise UndecodableError(Reason.NOT_DECODABLE, "the container holds no video stream")
    context: VideoCodecContext | None = video.codec_context
    if context is None:
        raise UndecodableError(Reason.UNSUPPORTED_FORMAT, "the video stream is of a codec that is not known here")
    if context.width * context.height > VIDEO_PIXELS:
        said_size = (
            f"{context.width} x {context.height} pixels; the limit for video is {VIDEO_PIXELS // MEGAPIXEL} million"
        )
        raise UndecodableError(Reason.TOO_LARGE, said_size)
    video.thread_type = "NONE"
    # A stream may say one size in its container and another in its data.
    context.options = {"max_pixels": str(VIDEO_PIXELS)}
    return video


class _Reader:
    """Decodes single frames of one stream; remembers the last error instead of giving up at it."""

    def __init__(self, container: "InputContainer", video: "VideoStream") -> None:
        self._container = container
        self._video = video
        self._unit = video.time_base or Fraction(1, 1000)
        self._start = (video.start_time or 0) * self._unit
        self.last_error: BaseException | None = None

    def spread(self, duration: float | None) -> Iterator[Still]:
        """Yield up to 12 stills at distinct times, spread over the duration where that is known."""
        step = (duration or 0.0) / STORYBOARD_FRAMES
        if duration is not None and duration > _SEEK_ABOVE_SECONDS:
            found = list(self._by_seeking(step))
            if found:
                yield from found
                return
            self._seek(0.0)
        found = list(self._by_reading(step))
        if not found:
            self._seek(0.0)
            found = list(self._by_decoding())
        yield from found

    def _by_seeking(self, step: float) -> Iterator[Still]:
        seen = set()
        for number in range(STORYBOARD_FRAMES):
            if not self._seek(step * (number + 0.5)):
                continue
            for packet in self._packets(SEEK_PACKETS):
                still = self._key_frame(packet) if packet.is_keyframe else None
                if still is not None:
                    if still.second not in seen:
                        seen.add(still.second)
                        yield still
                    break

    def _by_reading(self, step: float) -> Iterator[Still]:
        count, due = 0, 0.0
        for packet in self._packets(VIDEO_PACKETS):
            if not packet.is_keyframe or (count and self._second(packet) < due):
                continue
            still = self._key_frame(packet)
            if still is None:
                continue
            yield still
            count, due = count + 1, still.second + step
            if count == STORYBOARD_FRAMES:
                return

    def _by_decoding(self) -> Iterator[Still]:
        """Some recorders mark no frame as a key frame: decode from the start until one comes out."""
        for packet in self._packets(SEEK_PACKETS):
            frames = self._decode(packet)
            if frames:
                yield self._still(frames[0], packet)
                return

    def exactly(self, second: float) -> Pixels | None:
        """Return the frame shown at a second."""
        self._seek(second)
        last, budget = None, REVEAL_FRAMES
        for packet in self._packets(VIDEO_PACKETS):
            for frame in self._decode(packet):
                last, budget = frame, budget - 1
                if self._time(frame.pts) >= second or budget <= 0:
                    return _upright(frame)
        for frame in self._decode(None):
            last = frame
        return None if last is None else _upright(last)

    def _seek(self, second: float) -> bool:
        self._video.codec_context.flush_buffers()
        try:
            self._container.seek(int((Fraction(second) + self._start) / self._unit), stream=self._video, backward=True)
        except _BROKEN:
            return False
        return True

    def _packets(self, most: int) -> Iterator["VideoPacket"]:
        try:
            for count, packet in enumerate(self._container.demux(self._video)):
                if count >= most or packet.size == 0:
                    return
                yield packet
        except _BROKEN as error:
            self.last_error = error

    def _key_frame(self, packet: "VideoPacket") -> Still | None:
        frames = self._decode(packet) + self._decode(None)
        self._video.codec_context.flush_buffers()
        return self._still(frames[0], packet) if frames else None

    def _decode(self, packet: "VideoPacket | None") -> list["VideoFrame"]:
        try:
            return self._video.codec_context.decode(packet)
        except _BROKEN as error:
            self.last_error = error
            return []

    def _still(self, frame: "VideoFrame", packet: "VideoPacket") -> Still:
        return Still(self._second(packet), shrink(_upright(frame), HASH_SIDE))

    def _second(self, packet: "VideoPacket") -> float:
        return self._time(packet.pts if packet.pts is not None else packet.dts)

    def _time(self, stamp: int | None) -> float:
        return max(0.0, float((stamp or 0) * self._unit - self._start))


def _upright(frame: "VideoFrame") -> Pixels:
    pixels = frame.to_ndarray(format="bgr24")
    turns = round(frame.rotation / 90) % 4
    return cast(Pixels, np.ascontiguousarray(np.rot90(pixels, turns)) if turns else pixels)


def _why_none(video: "VideoStream", reader: "_Reader") -> UndecodableError:
    if reader.last_error is not None:
        return UndecodableError(reason_of(reader.last_error), f"no frame could be decoded: {said(reader.last_error)}")
    return UndecodableError(Reason.NOT_DECODABLE, f"the {video.codec_context.name} stream holds no frame")
