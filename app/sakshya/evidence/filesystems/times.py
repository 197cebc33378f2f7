"""Times as a file system records them, each with its basis."""

import calendar
import time
from datetime import UTC, datetime
from functools import lru_cache

from sakshya.domain.absent import Absent, NotApplicable, NotRecorded, Unparsable
from sakshya.domain.moment import Moment

Time = Moment | Absent
_NANOSECONDS = 1_000_000_000
# Whole trees carry the time of one copy.
_KEPT = 1 << 14


@lru_cache(_KEPT)
def utc(seconds: int, nanoseconds: int) -> Moment | Absent:
    """Return a time that the file system keeps in UTC."""
    return _made(seconds, nanoseconds, None, is_local=False)


@lru_cache(_KEPT)
def local(seconds: int, nanoseconds: int, zone: str | None) -> Moment | Absent:
    """Return a time that the file system keeps as wall-clock digits.

    TSK turns the digits into POSIX seconds by this machine's zone; the digits are taken back the same way.
    """
    if not seconds:
        return NotRecorded()
    try:
        digits = calendar.timegm(time.localtime(seconds))
    except (OverflowError, OSError, ValueError):
        return Unparsable(f"{seconds} seconds is outside the calendar")
    return _made(digits, nanoseconds, zone, is_local=True)


def not_kept(filesystem: str) -> NotApplicable:
    """Return the reason for a time that the file system has no place for."""
    return NotApplicable(f"{filesystem} keeps none")


def _made(seconds: int, nanoseconds: int, zone: str | None, *, is_local: bool) -> Moment | Absent:
    if not seconds and not nanoseconds:
        return NotRecorded()
    if not 0 <= nanoseconds < _NANOSECONDS:
        nanoseconds = 0
    try:
        return Moment.local(seconds, nanoseconds, zone=zone) if is_local else Moment.utc(seconds, nanoseconds)
    except ValueError as error:
        return Unparsable(str(error))


def lost() -> NotRecorded:
    """Return the reason where the record with the times is gone."""
    return NotRecorded("the record is gone")


def from_digits(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int:
    """Return calendar digits as if they were POSIX seconds.

    Raises:
        ValueError: there is no such date or time.
    """
    return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())
