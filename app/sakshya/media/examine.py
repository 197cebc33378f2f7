"""One look at a picture, video or sound: facts of every one, fingerprints and a mosaic of those that may be decoded."""

from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from sakshya.domain.faults import SakshyaFault
from sakshya.domain.media import Kind, MediaFacts, MediaReport, Sniffed
from sakshya.domain.unexamined import Reason
from sakshya.media.container import DEMUXERS, container_facts, container_tags, facts_of, open_container
from sakshya.media.dimensions import picture_size
from sakshya.media.exif import Exif, read_exif
from sakshya.media.failure import DecodeFailure, UndecodableError, one_line
from sakshya.media.limits import HASH_SIDE
from sakshya.media.missing import what_is_missing

__all__ = ["DecodeFailure", "Look", "MediaExamined", "examine"]


class Look(StrEnum):
    """How far a look may go."""

    FACTS = "facts"
    """EXIF and container facts alone; no decoder is so much as imported. The only look a known item ever gets."""

    DECODE = "decode"
    """Facts, and a reduced decode for fingerprints and the mosaic."""


@dataclass(frozen=True, slots=True)
class MediaExamined:
    """What a look yields: always a report, and beside it why nothing was decoded where that failed."""

    report: MediaReport
    failure: DecodeFailure | None = None


def examine(stream: BinaryIO, sniffed: Sniffed, *, look: Look) -> MediaExamined:
    """Examine one content from a seekable stream.

    Whatever the bytes are, this returns; what was wrong is told in `report.problem` and in `failure`. With
    `Look.FACTS` nothing is decoded, by construction. No pixel leaves but as a mosaic of at most 16 x 12 grey cells.

    Raises:
        EvidenceFault: the stream's bytes could not be read.
    """
    try:
        match sniffed.kind:
            case Kind.PICTURE:
                return _picture(stream, sniffed, look)
            case Kind.VIDEO:
                return _video(stream, sniffed, look)
            case Kind.AUDIO if sniffed.format in DEMUXERS:
                return _sound(stream, sniffed)
            case _:
                return MediaExamined(MediaReport())
    except SakshyaFault:
        raise
    except MemoryError:
        failure = DecodeFailure(Reason.MEMORY_LIMIT, "reading the file needs more memory than a file may use")
    except Exception as error:  # door: hostile file  # noqa: BLE001
        failure = DecodeFailure(Reason.NOT_DECODABLE, one_line(f"{type(error).__name__}: {error}"))
    return MediaExamined(MediaReport(problem=failure.detail), failure)


def _picture(stream: BinaryIO, sniffed: Sniffed, look: Look) -> MediaExamined:
    size = picture_size(stream, sniffed)
    facts = MediaFacts(size[0], size[1]) if size else MediaFacts()
    exif = read_exif(stream, sniffed)
    if look is Look.FACTS:
        return MediaExamined(MediaReport(facts, exif.values, problem=exif.problem))
    try:
        return _decoded_picture(stream, sniffed, facts, exif)
    except UndecodableError as error:
        failure = _explained(stream, sniffed, error.failure)
        return MediaExamined(MediaReport(facts, exif.values, problem=_joined(exif.problem, failure.detail)), failure)


def _decoded_picture(stream: BinaryIO, sniffed: Sniffed, facts: MediaFacts, exif: Exif) -> MediaExamined:
    # The decoders are imported here and nowhere above, so that a look at facts cannot reach them.
    from sakshya.media.decode import Side, Want, decode_picture
    from sakshya.media.fingerprint import fingerprints
    from sakshya.media.mosaic import mosaic

    decoded = decode_picture(stream, sniffed, Want(HASH_SIDE, Side.SHORT), exif.orientation)
    report = MediaReport(
        facts,
        exif.values,
        fingerprints=fingerprints(decoded.pixels, decoded.route),
        mosaic=mosaic(decoded.pixels),
        partial=decoded.partial,
        problem=_joined(exif.problem, decoded.problem),
    )
    return MediaExamined(report)


def _video(stream: BinaryIO, sniffed: Sniffed, look: Look) -> MediaExamined:
    try:
        with open_container(stream, sniffed) as container:
            facts, tags = facts_of(stream, sniffed, container), container_tags(container)
    except UndecodableError as error:
        failure = _explained(stream, sniffed, error.failure)
        return MediaExamined(MediaReport(problem=failure.detail), failure)
    if look is Look.FACTS:
        return MediaExamined(MediaReport(facts, tags))
    # As above: no decoder where only facts are wanted.
    from sakshya.media.frames import storyboard
    from sakshya.media.mosaic import mosaic

    try:
        board = storyboard(stream, sniffed)
    except UndecodableError as error:
        failure = _explained(stream, sniffed, error.failure)
        return MediaExamined(MediaReport(facts, tags, problem=failure.detail), failure)
    report = MediaReport(
        facts,
        tags,
        frames=board.frames,
        mosaic=mosaic(board.middle),
        partial=board.problem is not None,
        problem=board.problem,
    )
    return MediaExamined(report)


def _sound(stream: BinaryIO, sniffed: Sniffed) -> MediaExamined:
    """Sound is never decoded; a container that does not open is a problem of its facts and no failure."""
    try:
        with open_container(stream, sniffed) as container:
            return MediaExamined(MediaReport(container_facts(container), container_tags(container)))
    except UndecodableError as error:
        return MediaExamined(MediaReport(problem=error.failure.detail))


def _explained(stream: BinaryIO, sniffed: Sniffed, failure: DecodeFailure) -> DecodeFailure:
    """Say "cut short" where the decoder only said that it met what it cannot decode."""
    if failure.reason is not Reason.NOT_DECODABLE:
        return failure
    missing = what_is_missing(stream, sniffed)
    return failure if missing is None else DecodeFailure(Reason.CUT_SHORT, one_line(f"{missing}; {failure.detail}"))


def _joined(*problems: str | None) -> str | None:
    return "; ".join(problem for problem in problems if problem) or None
