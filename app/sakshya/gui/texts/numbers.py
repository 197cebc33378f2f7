"""Counts, sizes and durations in words, with the same digits in every language."""

from sakshya.gui.texts import ltr, tr

_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def count(number: int) -> str:
    """Return a whole number with separators every three digits."""
    return ltr(f"{number:,}")


def size(octets: int) -> str:
    """Return a size in decimal units (1 kB is 1,000 bytes) with at most one decimal."""
    value = float(octets)
    for unit in _UNITS:
        if value < 1000 or unit == _UNITS[-1]:
            break
        value /= 1000
    text = f"{octets} B" if unit == "B" else f"{value:.1f} {unit}"
    return ltr(text)


def exact_size(octets: int) -> str:
    """Return a size both rounded and to the byte."""
    return ltr(f"{size(octets)} ({octets:,} B)")


def duration(seconds: float) -> str:
    """Return a span as minutes and seconds, or hours and minutes above an hour."""
    whole = max(0, round(seconds))
    if whole >= 3600:
        return ltr(f"{whole // 3600} h {whole % 3600 // 60:02d} min")
    if whole >= 60:
        return ltr(f"{whole // 60} min {whole % 60:02d} s")
    return ltr(f"{whole} s")


def eta(low: float | None, high: float | None) -> str:
    """Return an estimate as a range, or that there is none yet."""
    if low is None or high is None:
        return tr("time left: not known yet")
    if round(low) == round(high):
        return tr("about {time} left", time=duration(high))
    return tr("{low} to {high} left", low=duration(low), high=duration(high))
