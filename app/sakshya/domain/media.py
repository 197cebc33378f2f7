"""What is known of a picture or video without keeping it."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a content is, told from its bytes and not from its name."""

    PICTURE = "picture"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    ARCHIVE = "archive"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What the first bytes say: `mime` per IANA, `format` a short name such as "jpeg"."""

    kind: Kind
    mime: str
    format: str


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """Stored width and height in pixels before orientation, duration in seconds; None where the file does not say."""

    width: int | None = None
    height: int | None = None
    duration: float | None = None
    codec: str | None = None
    has_audio: bool | None = None


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A perceptual hash: `value` hex, `quality` 0 to 100 where the algorithm has one, `decode` the decode path."""

    algorithm: str
    version: str
    value: str
    quality: int | None
    decode: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One storyboard frame's fingerprint, never its pixels."""

    second: float
    pdq: str
    quality: int


@dataclass(frozen=True, slots=True)
class Mosaic:
    """Grey cells, row by row, one byte each, at most 16 by 12: all the case ever keeps of a picture."""

    columns: int
    rows: int
    cells: bytes

    def __post_init__(self) -> None:
        if not (1 <= self.columns <= 16 and 1 <= self.rows <= 12 and len(self.cells) == self.columns * self.rows):
            raise ValueError("a mosaic has at most 16 x 12 cells of one byte")


ExifValue = str | int | float | list[int] | list[float] | None


@dataclass(frozen=True, slots=True)
class MediaReport:
    """All that one look at a picture or video yields.

    `problem` says in words what was wrong; `partial` is True where only a part of the picture decoded.
    """

    facts: MediaFacts = MediaFacts()
    exif: tuple[tuple[str, ExifValue], ...] = ()
    fingerprints: tuple[Fingerprint, ...] = ()
    frames: tuple[Frame, ...] = ()
    mosaic: Mosaic | None = None
    partial: bool = False
    problem: str | None = None
