"""Times as archives state them."""

import calendar

from sakshya.domain.absent import Absent, NotRecorded, Unparsable
from sakshya.domain.entry import Times
from sakshya.domain.moment import Moment

_NONE = NotRecorded("the archive states none")
NO_TIMES = Times(_NONE, _NONE, _NONE, _NONE)


def only_modified(modified: Moment | Absent) -> Times:
    """Return the times of a member of which only the last change is stated."""
    return Times(modified, _NONE, _NONE, _NONE)


def from_posix(seconds: float) -> Moment | Absent:
    """Return a time stated in seconds of UTC."""
    try:
        return Moment.utc(int(seconds))
    except ValueError as error:
        return Unparsable(str(error))


def from_digits(digits: tuple[int, int, int, int, int, int]) -> Moment | Absent:
    """Return a time stated as a clock on the wall showed it, in a zone that nobody wrote down."""
    year, month, day, hour, minute, second = digits
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 62):
        return Unparsable(f"{digits} is no time")
    try:
        return Moment.local(calendar.timegm((year, month, day, hour, minute, second, 0, 0, 0)))
    except ValueError as error:
        return Unparsable(str(error))
