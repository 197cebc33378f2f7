"""Windows file times as documents keep them."""

from sakshya.domain.absent import Absent, NotRecorded, Unparsable
from sakshya.domain.moment import Moment

_EPOCH = 11_644_473_600


def from_filetime(value: int) -> Moment | Absent:
    """Return a time counted in 100 ns from 1601 in UTC; 0 means that none was written."""
    if not value:
        return NotRecorded("the file states none")
    try:
        return Moment.utc(value // 10_000_000 - _EPOCH, value % 10_000_000 * 100)
    except ValueError as error:
        return Unparsable(str(error))
