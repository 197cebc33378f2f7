"""What a content is, told from its first bytes and never from its name."""

from collections import defaultdict
from collections.abc import Callable
from struct import unpack_from

from sakshya.domain.media import Kind, Sniffed
from sakshya.media.signatures import FIXED, Signature
from sakshya.media.sniff_containers import sniff_asf, sniff_boxes, sniff_matroska, sniff_ogg, sniff_riff, sniff_zip
from sakshya.media.sniff_headers import (
    sniff_bmp,
    sniff_icon,
    sniff_mpeg_audio,
    sniff_pcx,
    sniff_pnm,
    sniff_raw_video,
    sniff_sgi,
    sniff_targa,
    sniff_tiff,
    sniff_transport_stream,
)
from sakshya.media.sniff_text import sniff_text

HEAD_BYTES = 36 * 1024
"""How much of a content `sniff` wants to see: an ISO 9660 volume names itself only after 32 KiB."""

EMPTY = Sniffed(Kind.OTHER, "application/x-empty", "empty")
UNKNOWN = Sniffed(Kind.OTHER, "application/octet-stream", "unknown")

Rule = Callable[[bytes, int], Sniffed | None]


def _by_first_byte() -> tuple[dict[int, list[Signature]], list[Signature]]:
    quick: dict[int, list[Signature]] = defaultdict(list)
    elsewhere = []
    for signature in FIXED:
        if signature[0] == 0:
            quick[signature[1][0]].append(signature)
        else:
            elsewhere.append(signature)
    return dict(quick), elsewhere


_QUICK, _ELSEWHERE = _by_first_byte()

# Formats whose first bytes open several doors; asked before the fixed signatures.
_BEFORE: tuple[Rule, ...] = (sniff_tiff, sniff_boxes, sniff_riff, sniff_zip, sniff_matroska, sniff_asf, sniff_ogg)
# Formats that are known by the sense their header makes; asked last, the weakest at the end.
_AFTER: tuple[Rule, ...] = (
    sniff_bmp,
    sniff_icon,
    sniff_pnm,
    sniff_sgi,
    sniff_transport_stream,
    sniff_raw_video,
    sniff_mpeg_audio,
    sniff_text,
    sniff_pcx,
    sniff_targa,
)


def sniff(head: bytes, size: int) -> Sniffed:
    """Return what the content is, from its first `HEAD_BYTES` bytes (fewer where it is shorter) and its length.

    A content that begins with a format's signature counts as that format however broken the rest of it is. Never
    raises; what nothing recognises is `Kind.OTHER`, "application/octet-stream".
    """
    if size == 0 or not head:
        return EMPTY
    for rule in _BEFORE:
        found = rule(head, size)
        if found is not None:
            return found
    found = _fixed(head)
    if found is not None:
        return found
    for rule in _AFTER:
        found = rule(head, size)
        if found is not None:
            return found
    return UNKNOWN


def _fixed(head: bytes) -> Sniffed | None:
    for _, magic, sniffed in _QUICK.get(head[0], ()):
        if head.startswith(magic) and _bears_out(sniffed, head):
            return sniffed
    for offset, magic, sniffed in _ELSEWHERE:
        if head.startswith(magic, offset):
            return sniffed
    return None


def _bears_out(sniffed: Sniffed, head: bytes) -> bool:
    """Two-byte signatures occur by chance; ask for a little more where a real file has more."""
    match sniffed.format:
        case "exe":
            return len(head) >= 64 and unpack_from("<I", head, 60)[0] < 1 << 20
        case "arj":
            return len(head) > 4 and 0 < unpack_from("<H", head, 2)[0] <= 2600
        case "compress":
            return head[2:3] != b"" and 9 <= head[2] & 0x1F <= 16
        case "cpio":
            # The old binary form: two reserved zero bytes of the first name's length stand before its size.
            return head[:1] == b"0" or (len(head) > 26 and 0 < unpack_from("<H", head, 20)[0] <= 1024)
        case "jxl":
            # The bare code stream: the size header follows and is never all zero or text.
            return head[:2] != b"\xff\x0a" or (len(head) > 12 and not head[2:12].isascii())
        case "bzip2":
            return head[3:4].isdigit() and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90")
        case "class":
            # A fat Mach-O begins alike and counts its architectures where a class states its version.
            return len(head) >= 8 and unpack_from(">I", head, 4)[0] >= 45
        case _:
            return True
