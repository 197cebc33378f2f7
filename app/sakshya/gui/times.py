"""Times of the case: UTC and the case's zone side by side."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sakshya.gui.texts import ltr


def both_times(at: str, zone: ZoneInfo) -> str:
    """Return an instant kept in UTC (ISO 8601 with Z) in UTC and in the case's zone."""
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        return at
    local = instant.astimezone(zone)
    return ltr(f"{instant:%Y-%m-%d %H:%M:%S} UTC · {local:%H:%M:%S %z}")
