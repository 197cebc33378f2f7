"""A time with its basis. A local time never carries a `Z`."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

_DAY = 86_400
UTC_BASIS = "utc"
LOCAL_BASIS = "local, zone unknown"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as recorded: `value` in ISO 8601, `basis` one of "utc", "local, zone unknown", "local, assumed <zone>"."""

    value: str
    basis: str

    def __post_init__(self) -> None:
        if self.basis != UTC_BASIS and self.value.endswith("Z"):
            raise ValueError("a local time must not carry a Z")

    # Written out: what a dataclass with slots does by itself takes ten times as long, and millions cross a pipe.
    def __reduce__(self) -> tuple[object, ...]:
        return Moment, (self.value, self.basis)

    @classmethod
    def utc(cls, seconds: int, nanoseconds: int = 0) -> "Moment":
        """Make a UTC moment from a POSIX time.

        Raises:
            ValueError: the time lies outside the years 1 to 9999.
        """
        try:
            days, left = divmod(seconds, _DAY)
            text = f"{_date(days)}T{left // 3600:02}:{left // 60 % 60:02}:{left % 60:02}"
        except (OverflowError, OSError, ValueError) as error:
            raise ValueError(f"time {seconds} is outside the calendar") from error
        return cls(f"{text}{_fraction(nanoseconds)}Z", UTC_BASIS)

    @classmethod
    def local(cls, seconds: int, nanoseconds: int = 0, *, zone: str | None = None) -> "Moment":
        """Make a local moment from wall-clock digits counted as if they were POSIX seconds (FAT).

        Raises:
            ValueError: the time lies outside the years 1 to 9999.
        """
        naive = cls.utc(seconds, nanoseconds).value[:-1]
        return cls(naive, f"local, assumed {zone}" if zone else LOCAL_BASIS)

    def in_zone(self, zone: tzinfo) -> str | None:
        """Return the same instant as ISO 8601 in `zone`, or None where the basis fixes no instant."""
        if self.basis != UTC_BASIS:
            return None
        return datetime.fromisoformat(self.value).astimezone(zone).isoformat()

    def as_json(self) -> dict[str, str]:
        """Return the contract's form for JSON Lines."""
        return {"value": self.value, "basis": self.basis}


@lru_cache(1 << 12)
def _date(days: int) -> str:
    """Return the date so many days after 1970 began: the files of a disk share few, and each has four times."""
    return datetime.fromtimestamp(days * _DAY, UTC).isoformat()[:10]


def _fraction(nanoseconds: int) -> str:
    if not nanoseconds:
        return ""
    return "." + f"{nanoseconds:09d}".rstrip("0")


def iso_utc(at: datetime) -> str:
    """Return an aware time as ISO 8601 in UTC with microseconds and `Z`, the form kept in the case.

    Raises:
        ValueError: the time has no zone.
    """
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be recorded")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
