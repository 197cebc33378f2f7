"""The stages of long jobs in the language in use."""

from sakshya.gui.texts import isolated, ltr, tr
from sakshya.gui.texts.numbers import count, duration, size
from sakshya.triage.events import Live
from sakshya.triage.forecast import Forecast


def stage_name(stage: str) -> str:
    """Return a stage's name on screen; a stage without a translation is shown as it is called."""
    return {
        "hashing": tr("Computing digests"),
        "listing": tr("Listing the file systems"),
        "searching free space": tr("Searching free space for lost files"),
        "reading": tr("Reading and hashing files, and asking the known sets"),
        "looking": tr("Decoding what no set knows, in memory, for the mosaics"),
    }.get(stage, tr(stage))


def unit_name(unit: str) -> str:
    """Return what a stage counts, on screen."""
    return {
        "bytes": tr("bytes"),
        "files": tr("files"),
        "entries": tr("entries"),
        "pictures and videos": tr("pictures and videos"),
    }.get(unit, tr(unit))


def live_figures(live: Live) -> list[str]:
    """Return what the scan does each second, what is settled and what waits, and the share that was read."""
    return [
        ltr(f"{live.bytes_a_second / 1e6:,.0f} MB/s"),
        tr("{count} files a second", count=count(round(live.files_a_second))),
        tr("{count} settled by the known sets", count=count(live.settled)),
        tr("{count} waiting to be decoded", count=count(live.to_look)),
        isolated(live.share),
    ]


def foreseen(one: Forecast) -> str:
    """Return a forecast in words."""
    low, high = duration(one.seconds_low), duration(one.seconds_high)
    if not one.listed:
        return tr("Not listed yet: {size} of exhibits, at most {high}", size=size(one.bytes), high=high)
    return tr(
        "{files} files, {size}, of them {media} pictures and videos by name: {low} to {high}",
        files=count(one.files),
        size=size(one.bytes),
        media=count(one.media_files),
        low=low,
        high=high,
    )
