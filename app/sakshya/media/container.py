"""What the container of a video or sound says: sizes, length, codecs. Nothing is decoded here, and nothing can be."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from sakshya.domain.media import ExifValue, MediaFacts, Sniffed
from sakshya.domain.unexamined import Reason
from sakshya.media.failure import UndecodableError, one_line
from sakshya.media.gps import iso_6709_place
from sakshya.media.limits import EXIF_TEXT
from sakshya.media.movie_size import movie_size

if TYPE_CHECKING:
    from av.audio.codeccontext import AudioCodecContext
    from av.container import InputContainer
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream

DEMUXERS = {
    **dict.fromkeys(("mp4", "mov", "m4v", "3gp", "mj2", "m4a"), "mov"),
    **dict.fromkeys(("mkv", "webm"), "matroska"),
    **dict.fromkeys(("wmv", "wma"), "asf"),
    **dict.fromkeys(("ogv", "ogg"), "ogg"),
    "avi": "avi",
    "amv": "avi",
    "flv": "flv",
    "mpegps": "mpeg",
    "mpegvideo": "mpegvideo",
    "mpegts": "mpegts",
    "dav": "dhav",
    "rm": "rm",
    "mxf": "mxf",
    "h264": "h264",
    "hevc": "hevc",
    "mp3": "mp3",
    "aac": "aac",
    "wav": "wav",
    "flac": "flac",
    "amr": "amr",
    "aiff": "aiff",
    "caf": "caf",
}
"""The demuxer that a sniffed format is read with; the library never guesses one from hostile bytes."""

# No protocol may be opened from inside a file. No decoder may run while the streams are looked over: the library
# would otherwise decode a few frames to learn what the container does not say.
_OPTIONS = {"protocol_whitelist": "none", "codec_whitelist": "none", "probesize": "5000000", "fpsprobesize": "0"}
_MOST_SECONDS = 10 * 366 * 86400
_KEPT_TAGS = {
    "creation_time": "CreationTime",
    "com.apple.quicktime.creationdate": "CreationDate",
    "com.apple.quicktime.make": "Make",
    "com.apple.quicktime.model": "Model",
    "com.apple.quicktime.software": "Software",
    "com.android.version": "AndroidVersion",
    "make": "Make",
    "model": "Model",
    "encoder": "Encoder",
    "title": "Title",
    "comment": "Comment",
    "artist": "Artist",
    "date": "Date",
}
_PLACE_TAGS = ("com.apple.quicktime.location.iso6709", "location", "location-eng")


@contextmanager
def open_container(stream: BinaryIO, sniffed: Sniffed) -> Iterator["InputContainer"]:
    """Open a video or sound from its stream for the length of a `with` block.

    Raises:
        UndecodableError: no demuxer for the format, or the container does not open; carries the reason.
        EvidenceFault: the bytes could not be read.
    """
    # PyAV maps 130 MB of codecs; pictures alone never need it.
    import av

    demuxer = DEMUXERS.get(sniffed.format)
    if demuxer is None:
        raise UndecodableError(Reason.UNSUPPORTED_FORMAT, f"no reader for {sniffed.mime}")
    av.logging.set_level(av.logging.PANIC)
    stream.seek(0)
    try:
        container = av.open(
            stream,
            "r",
            format=demuxer,
            container_options=_OPTIONS,
            metadata_errors="replace",
            io_open=_refuse_reference,
        )
    except (av.FFmpegError, ValueError, OSError) as error:
        raise UndecodableError(reason_of(error), f"the container does not open: {said(error)}") from None
    try:
        yield container
    finally:
        container.close()


def facts_of(stream: BinaryIO, sniffed: Sniffed, container: "InputContainer") -> MediaFacts:
    """Return what the container says of its first video stream, or of its first sound where it has no video.

    Raises:
        EvidenceFault: the bytes could not be read.
    """
    facts = container_facts(container)
    if facts.width is not None or DEMUXERS[sniffed.format] != "mov":
        return facts
    # The library leaves the size of some codecs to their decoder, which does not run here; the container has it.
    size = movie_size(stream)
    return facts if size is None else replace(facts, width=size[0], height=size[1])


def container_facts(container: "InputContainer") -> MediaFacts:
    """Return what the library read of the container, without a look at its bytes."""
    video = picture_stream(container)
    audio = container.streams.audio
    duration = _seconds(container.duration, 1e-6)
    if duration is None and video is not None and video.duration and video.time_base:
        duration = _seconds(video.duration, float(video.time_base))
    # A stream of a codec that the library does not know has no context at all.
    if video is None:
        sound: AudioCodecContext | None = audio[0].codec_context if audio else None
        return MediaFacts(duration=duration, codec=sound.name if sound else None, has_audio=bool(audio))
    context: VideoCodecContext | None = video.codec_context
    if context is None:
        return MediaFacts(duration=duration, has_audio=bool(audio))
    return MediaFacts(context.width or None, context.height or None, duration, context.name, bool(audio))


def container_tags(container: "InputContainer") -> tuple[tuple[str, ExifValue], ...]:
    """Return when, where and with what the container says it was made, in order of name."""
    stated = {name.lower(): text for name, text in container.metadata.items()}
    values: dict[str, ExifValue] = {}
    for name, short in _KEPT_TAGS.items():
        text = stated.get(name, "").strip()
        if text and short not in values:
            values[short] = text[:EXIF_TEXT]
    values.update(_place(stated))
    return tuple(sorted(values.items()))


def reason_of(error: BaseException) -> Reason:
    """Return the reason from the closed list for an error of the video library."""
    if isinstance(error, MemoryError):
        return Reason.MEMORY_LIMIT
    return Reason.CUT_SHORT if isinstance(error, EOFError) else Reason.NOT_DECODABLE


def said(error: BaseException) -> str:
    """Return the library's own words without the stream's address in memory, which differs in every run."""
    text = getattr(error, "strerror", None) or str(error)
    return one_line(text.partition(": '<")[0]) or type(error).__name__


def _place(stated: Mapping[str, str]) -> dict[str, ExifValue]:
    for name in _PLACE_TAGS:
        place = iso_6709_place(stated.get(name, ""))
        if place is not None:
            return {"GPSLatitude": place[0], "GPSLongitude": place[1]}
    return {}


def picture_stream(container: "InputContainer") -> "VideoStream | None":
    """Return the first video stream that is a film and not a cover picture."""
    # Loaded already where a container is open; the facts of pictures never need it.
    import av

    cover = av.stream.Disposition.attached_pic
    return next((stream for stream in container.streams.video if not stream.disposition & cover), None)


def _seconds(length: int | None, unit: float) -> float | None:
    if not length or length < 0:
        return None
    seconds = length * unit
    return round(seconds, 3) if seconds <= _MOST_SECONDS else None


def _refuse_reference(url: str, flags: int, options: object) -> NoReturn:
    """A file that points to another file or host gets nothing: evidence is read from the exhibit alone."""
    raise PermissionError("reference to another file refused")
