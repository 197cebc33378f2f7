"""The stages of long jobs in the language in use."""

from sakshya.gui.texts import tr


def stage_name(stage: str) -> str:
    """Return a stage's name on screen; a stage without a translation is shown as it is called."""
    return {
        "hashing": tr("Computing digests"),
        "listing": tr("Listing the file systems"),
        "searching free space": tr("Searching free space for lost files"),
        "reading": tr("Reading and examining files"),
    }.get(stage, tr(stage))


def unit_name(unit: str) -> str:
    """Return what a stage counts, on screen."""
    return {
        "bytes": tr("bytes"),
        "files": tr("files"),
        "entries": tr("entries"),
    }.get(unit, tr(unit))
