"""Archives that are recognised and not read: they are named, with what to do, and never taken for empty."""

from collections.abc import Callable, Sequence
from typing import BinaryIO

from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.archive import Archive
from sakshya.evidence.damage import unreadable

_NAMES = {
    "cab": "a Microsoft cabinet",
    "arj": "an ARJ archive",
    "lzh": "an LZH archive",
    "ace": "an ACE archive",
    "stuffit": "a StuffIt archive",
    "lrzip": "an lrzip file",
}
_ADVICE = "unpack it outside and attach the folder as an exhibit of its own"


def refusal(format_name: str) -> Callable[[BinaryIO, int, Sequence[str]], Archive]:
    """Return what stands for the opener of a format that is not read."""

    def refuse(_stream: BinaryIO, _size: int, _keys: Sequence[str]) -> Archive:
        raise unreadable(Reason.UNSUPPORTED_FORMAT, f"{_NAMES[format_name]} is not read", advice=_ADVICE)

    return refuse


def detect_refused(head: bytes) -> str | None:
    """Return the format of an archive that is not read, told by its first bytes."""
    if head.startswith(b"MSCF\0\0\0\0"):
        return "cab"
    # The first header is short, and its second length is smaller than its first.
    if head.startswith(b"\x60\xea") and len(head) > 5 and head[4] <= int.from_bytes(head[2:4], "little") <= 2600:
        return "arj"
    if head[2:5] in (b"-lh", b"-lz") and head[6:7] == b"-":
        return "lzh"
    if head[7:14] == b"**ACE**":
        return "ace"
    if head.startswith((b"StuffIt (c)", b"SIT!\0")):
        return "stuffit"
    return "lrzip" if head.startswith(b"LRZI\0") else None


REFUSED = {name: refusal(name) for name in _NAMES}
