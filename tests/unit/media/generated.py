"""Pictures and videos for these tests, drawn by arithmetic alone: the same pixels on every machine."""

import io
import struct
import zlib
from typing import Any

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from PIL import Image

from sakshya.domain.media import Sniffed
from sakshya.media.sniff import HEAD_BYTES, sniff

Picture = np.ndarray[Any, np.dtype[np.uint8]]


def rings(width: int, height: int, seed: int = 1) -> Picture:
    """Return slanted waves and rings without any symmetry, BGR."""
    y, x = np.mgrid[:height, :width].astype(np.int64)
    x, y = x * 1024 // width, y * 1024 // height
    blue = (x * 5 + y * (2 + seed)) // 8 % 256
    green = ((x - 300 - 40 * seed) ** 2 + (y - 700) ** 2) // 1500 % 256
    red = (x * y // 3000 + 60 * seed) % 256
    return np.stack([blue, green, red], axis=2).astype(np.uint8)


def quarters(width: int, height: int) -> Picture:
    """Return four plain quarters, black, dark, bright and white, so that every turn shows."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[: height // 2, width // 2 :] = 80
    picture[height // 2 :, : width // 2] = 170
    picture[height // 2 :, width // 2 :] = 255
    return picture


def encoded(picture: Picture, suffix: str, *options: int) -> bytes:
    done, data = cv2.imencode(suffix, picture, list(options))
    assert done
    return data.tobytes()


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def as_pillow(picture: Picture) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(picture[:, :, ::-1]))


def oriented(jpeg: bytes, orientation: int) -> bytes:
    """Return the JPEG with an EXIF block that holds an orientation and nothing else."""
    tiff = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x112, 3, 1, orientation, 0, 0)
    block = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + jpeg[2:]


def png_declaring(width: int, height: int) -> bytes:
    """Return a PNG of a few hundred bytes that declares any size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (_png_chunk(b"IHDR", head), _png_chunk(b"IDAT", zlib.compress(bytes(5000))), _png_chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def video(form: str, codec: str, *, frames: int = 40, size: tuple[int, int] = (320, 240), sound: bool = False) -> bytes:
    """Return a video whose picture changes every ten frames, ten frames a second, a key frame every ten."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=form) as container:
        stream = container.add_stream(codec, rate=10)
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.gop_size = 10
        stream.thread_type = "NONE"
        tone = container.add_stream("pcm_s16le", rate=8000) if sound else None
        for number in range(frames):
            picture = rings(*size, seed=1 + number // 10)
            for packet in stream.encode(VideoFrame.from_ndarray(picture, format="bgr24")):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
        if tone is not None:
            samples = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.int16), format="s16", layout="mono")
            samples.sample_rate = 8000
            for packet in [*tone.encode(samples), *tone.encode(None)]:
                container.mux(packet)
    return buffer.getvalue()


def told(data: bytes) -> Sniffed:
    return sniff(data[:HEAD_BYTES], len(data))


def stream_of(data: bytes) -> tuple[io.BytesIO, Sniffed]:
    return io.BytesIO(data), told(data)
