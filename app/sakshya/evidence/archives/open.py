"""Tells as what a file can be opened, and opens it."""

from collections.abc import Callable, Sequence
from typing import BinaryIO

from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives import documents, embedded, packed
from sakshya.evidence.archives.archive import Archive
from sakshya.evidence.damage import unreadable

Opener = Callable[[BinaryIO, int, Sequence[str]], Archive]
FORMATS: dict[str, Opener] = {**packed.FORMATS, **documents.FORMATS, **embedded.FORMATS}


def archive_format(head: bytes, name: str, size: int) -> str | None:
    """Return the format of a file that holds others, told by its first bytes; None where it is none that is opened."""
    return packed.detect(head, name, size) or documents.detect(head, name, size)


def embedded_format(head: bytes) -> str | None:
    """Return "picture" for a picture that may carry others or a video."""
    return embedded.detect(head)


def open_archive(format_name: str, stream: BinaryIO, size: int, keys: Sequence[str] = ()) -> Archive:
    """Open a file that holds others.

    Raises:
        EvidenceFault: it is not readable as that, or no key opens it.
    """
    if format_name not in FORMATS:
        raise unreadable(Reason.UNSUPPORTED_FORMAT, format_name)
    return FORMATS[format_name](stream, size, keys)
