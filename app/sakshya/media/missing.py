"""What a file states and does not hold: the plain sign of a download or a recovery that stopped half-way."""

from typing import BinaryIO

from sakshya.domain.media import Sniffed
from sakshya.media.boxes import top_boxes
from sakshya.media.streams import length_of, read_at

_SEGMENT = b"\x18\x53\x80\x67"
_ASF_FILE_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_RIFF = frozenset({"avi", "amv", "webp", "wav"})
_MOVIES = frozenset({"mp4", "mov", "m4v", "3gp", "mj2", "m4a"})
# A box of another name that runs past the end is damage and no statement to rely on.
_BODIES = frozenset({b"mdat", b"moov", b"moof", b"meta", b"jp2h", b"jp2c"})
_BOXED = _MOVIES | {"heic", "avif", "jp2", "cr3"}


def what_is_missing(stream: BinaryIO, sniffed: Sniffed) -> str | None:
    """Return in words what of the file is missing by its own statements, None where nothing is found missing.

    Raises:
        EvidenceFault: the bytes could not be read.
    """
    stated = _stated_length(stream, sniffed)
    if stated is not None:
        missing = stated - length_of(stream)
        return f"cut short: {missing} of its {stated} bytes are missing" if missing > 0 else None
    return _missing_boxes(stream, sniffed) if sniffed.format in _BOXED else None


def _stated_length(stream: BinaryIO, sniffed: Sniffed) -> int | None:
    if sniffed.format in _RIFF:
        return int.from_bytes(read_at(stream, 4, 4), "little") + 8
    if sniffed.format in ("mkv", "webm"):
        return _matroska_length(read_at(stream, 0, 4096))
    if sniffed.format in ("wmv", "wma"):
        head = read_at(stream, 0, 4096)
        at = head.find(_ASF_FILE_PROPERTIES)
        return int.from_bytes(head[at + 40 : at + 48], "little") if at >= 0 else None
    return None


def _matroska_length(head: bytes) -> int | None:
    """The segment that follows the EBML head states its length, unless it was written to a live stream."""
    size, at = _variable_number(head, 4)
    if size is None or head[at + size : at + size + 4] != _SEGMENT:
        return None
    length, start = _variable_number(head, at + size + 4)
    return None if length is None else start + length


def _variable_number(head: bytes, at: int) -> tuple[int | None, int]:
    """Return (number, offset behind it); None where the number says "unknown"."""
    first = head[at] if at < len(head) else 0
    width = 9 - first.bit_length()
    if not first or at + width > len(head):
        return None, at
    number = int.from_bytes(head[at : at + width], "big") & ((1 << 7 * width) - 1)
    return (None if number == (1 << 7 * width) - 1 else number), at + width


def _missing_boxes(stream: BinaryIO, sniffed: Sniffed) -> str | None:
    boxes = top_boxes(stream)
    names = {box.name for box in boxes}
    if sniffed.format in _MOVIES and b"mdat" in names and not names & {b"moov", b"moof"}:
        return "cut short: the index (moov) is missing"
    if sniffed.format in _MOVIES and b"moov" in names and not names & {b"mdat", b"moof"}:
        return "cut short: there is an index but no picture data (mdat)"
    missing = max((box.missing for box in boxes if box.name in _BODIES), default=0)
    return f"cut short: at least {missing} bytes are missing" if missing else None
