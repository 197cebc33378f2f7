"""Documents, mail boxes and thumbnail caches."""

from collections.abc import Callable, Sequence
from typing import BinaryIO

from sakshya.evidence.archives.archive import Archive

FORMATS: dict[str, Callable[[BinaryIO, int, Sequence[str]], Archive]] = {}


def detect(head: bytes, name: str, size: int) -> str | None:
    """Return None: nothing is opened yet."""
    return None
