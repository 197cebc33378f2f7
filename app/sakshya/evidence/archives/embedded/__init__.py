"""What pictures carry beside themselves."""

from collections.abc import Callable, Sequence
from typing import BinaryIO

from sakshya.evidence.archives.archive import Archive
from sakshya.evidence.archives.embedded.picture import open_picture

FORMATS: dict[str, Callable[[BinaryIO, int, Sequence[str]], Archive]] = {"picture": open_picture}
_TIFFS = (b"II*\0", b"MM\0*", b"IIU\0", b"IIRO", b"IIRS")
_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"FUJIFILMCCD-RAW", *_TIFFS)
_BRANDS = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"heim", b"heis", b"avif", b"avis"})


def detect(head: bytes) -> str | None:
    """Return "picture" for a picture that may carry others, or a video."""
    if head.startswith(_STARTS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "picture"
    return "picture" if head[4:8] == b"ftyp" and head[8:12] in _BRANDS else None
