"""The case's zone beside UTC."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sakshya.domain.faults import OperatorFault

# Neither zone has changed its clocks since 2009; Windows keeps no zone files of its own.
_WITHOUT_ZONE_FILES = {
    "UTC": UTC,
    "Asia/Kolkata": timezone(timedelta(hours=5, minutes=30), "IST"),
    "Asia/Karachi": timezone(timedelta(hours=5), "PKT"),
}


def zone_named(name: str) -> tzinfo:
    """Return the zone with an IANA name.

    Raises:
        OperatorFault: there is no such zone on this machine.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        known = _WITHOUT_ZONE_FILES.get(name)
    if known is None:
        raise OperatorFault(f"there is no time zone {name!r}", advice="name one such as Asia/Kolkata")
    return known


def utc_text(at: datetime) -> str:
    """Return a time to the second, as printed: `2026-03-01 09:30:00 UTC`."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def local_text(at: datetime, zone: str) -> str:
    """Return the same time in the case's zone, with its offset: `2026-03-01 15:00:00 +05:30 (Asia/Kolkata)`."""
    local = at.astimezone(zone_named(zone))
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:5]} ({zone})"


def parse_utc(text: str) -> datetime:
    """Return the aware time of an ISO 8601 text as the case keeps it."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
