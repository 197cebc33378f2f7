"""A lossy WebP cut short: its coder is a video key frame, which a video decoder reads as far as it goes."""

from typing import cast

from sakshya.media.limits import CHUNKS
from sakshya.media.pixels import Pixels, is_filling


def decode_cut_webp(data: bytes) -> Pixels | None:
    """Return what is left of a lossy WebP as BGR, not turned; None where nothing of it decodes."""
    payload = _payload(data)
    if payload is None:
        return None
    # PyAV maps 130 MB of codecs; few pictures need it.
    import av

    av.logging.set_level(av.logging.PANIC)
    decoder = av.VideoCodecContext.create("vp8", "r")
    try:
        frames = [*decoder.decode(av.Packet(payload)), *decoder.decode(None)]
        pixels = cast(Pixels, frames[0].to_ndarray(format="bgr24")) if frames else None
    except (av.FFmpegError, ValueError):
        return None
    return None if pixels is None or is_filling(pixels) else pixels


def _payload(data: bytes) -> bytes | None:
    at = 12
    for _ in range(CHUNKS):
        head = data[at : at + 8]
        if len(head) < 8:
            return None
        length = int.from_bytes(head[4:], "little")
        if head[:4] == b"VP8 ":
            return data[at + 8 : at + 8 + length] or None
        at += 8 + length + (length & 1)
    return None
