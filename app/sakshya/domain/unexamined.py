"""The closed list of what was not read or decoded, and why. Nothing is silently skipped."""

from dataclasses import dataclass
from enum import StrEnum

from sakshya.domain.locator import Locator


class Of(StrEnum):
    """What kind of thing was not examined."""

    ENTRY = "entry"
    MEMBER = "member"
    STREAM = "stream"
    RUN = "sector run"
    VOLUME = "volume"
    EXHIBIT = "exhibit"


class Stage(StrEnum):
    """At which step it was given up."""

    OPEN = "open"
    READ = "read"
    SNIFF = "sniff"
    UNPACK = "unpack"
    DECODE = "decode"
    CARVE = "carve"
    PARSE = "parse"


class Reason(StrEnum):
    """Why; the glossary explains each in a sentence."""

    READ_ERROR = "read error"
    DAMAGED_CHUNK = "damaged chunk"
    MISSING_SEGMENT = "missing segment"
    BEYOND_END = "beyond the end of the exhibit"
    NO_CONTENT_ADDRESS = "content address lost"
    BAD_METADATA = "metadata not readable"
    TOO_DEEP = "stopped at the depth limit"
    TOO_MANY = "stopped at the count limit"
    LOOP = "directory loop"
    OVERLAP = "overlapping volumes"
    UNKNOWN_FILE_SYSTEM = "unknown file system"
    UNSUPPORTED_FILE_SYSTEM = "unsupported file system"
    ENCRYPTED = "encrypted"
    UNSUPPORTED_FORMAT = "unsupported format"
    NOT_DECODABLE = "not decodable"
    CUT_SHORT = "cut short"
    TOO_LARGE = "declared size above the limit"
    TIME_LIMIT = "time limit"
    MEMORY_LIMIT = "memory limit"
    WORKER_DIED = "worker process died"
    NOT_REACHED = "not reached at this depth"
    NOT_UNPACKED = "archive members not read"
    NOT_CARVED = "not carved at this depth"
    DIFFERS = "differs from its stated digest"


@dataclass(frozen=True, slots=True)
class Unexamined:
    """One thing that was not read or not decoded. `bytes` is None where its extent is unknown.

    `locator` is None only for a whole exhibit.
    """

    exhibit: str
    of: Of
    stage: Stage
    reason: Reason
    detail: str
    locator: Locator | None = None
    bytes: int | None = None
    retried: bool = False
