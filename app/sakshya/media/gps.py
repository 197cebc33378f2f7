"""Places as signed decimal degrees."""

import re

from sakshya.domain.media import ExifValue

# A place as phones write it into videos (ISO 6709): signed degrees, nothing between latitude and longitude.
_ISO_6709 = re.compile(r"([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)")


def decimal_place(value: ExifValue, reference: ExifValue, *, limit: int) -> float | None:
    """Return degrees from (degrees, minutes, seconds) and N, S, E or W; None where they name no place on earth.

    `limit` is 90 for a latitude and 180 for a longitude. Seven decimals are kept, about a centimetre.
    """
    if isinstance(value, int | float):
        value = [float(value)]
    if not isinstance(value, list) or not 1 <= len(value) <= 3 or not isinstance(reference, str):
        return None
    degrees: float = sum(part / 60.0**place for place, part in enumerate(value))
    sign = {"N": 1, "E": 1, "S": -1, "W": -1}.get(reference.strip()[:1].upper())
    if sign is None or not -limit <= degrees <= limit:
        return None
    return round(sign * degrees, 7)


def iso_6709_place(text: str) -> tuple[float, float] | None:
    """Return (latitude, longitude) of a text such as `+12.9716+077.5946+920/`, None where it is none."""
    found = _ISO_6709.match(text)
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
