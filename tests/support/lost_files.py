"""A disk without a file system: pictures and videos at cluster borders, some of them in two parts."""

import io
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import av
import cv2
import numpy as np
from PIL import Image

from sakshya.testing.drawing import landscape, teapot

CLUSTER = 4096
_VIDEO = {
    "mp4": ("mp4", "libx264"),
    "mov": ("mov", "libx264"),
    "3gp": ("3gp", "mpeg4"),
    "avi": ("avi", "mjpeg"),
    "mkv": ("matroska", "libx264"),
    "webm": ("webm", "libvpx"),
}
_PILLOW: dict[str, tuple[str, dict[str, object]]] = {
    "jpg": ("JPEG", {"quality": 85}),
    "progressive.jpg": ("JPEG", {"quality": 88, "progressive": True}),
    "restart.jpg": ("JPEG", {"quality": 92, "restart_marker_rows": 1, "subsampling": 0}),
    "png": ("PNG", {}),
    "gif": ("GIF", {}),
    "webp": ("WEBP", {"quality": 80}),
    "lossless.webp": ("WEBP", {"lossless": True}),
    "bmp": ("BMP", {}),
    "tif": ("TIFF", {"compression": "tiff_lzw"}),
    "plain.tif": ("TIFF", {}),
    "avif": ("AVIF", {"quality": 70}),
}
_SHARES = ["jpg"] * 8 + ["progressive.jpg"] * 2 + ["restart.jpg"] * 2 + ["png"] * 3 + ["gif"] * 2 + ["webp"] * 2
_SHARES += ["lossless.webp", "bmp", "bmp", "tif", "plain.tif", "avif", "heic"]
_REAL = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".avif"}


@dataclass(frozen=True, slots=True)
class LostFile:
    """A file on the disk: its kind, content, and whether it lies in two parts."""

    kind: str
    content: bytes
    is_split: bool


@dataclass(frozen=True, slots=True)
class LostDisk:
    """The bytes of the disk and what is on it."""

    content: bytes
    files: tuple[LostFile, ...]


def lost_disk(seed: int, pictures: int, videos: int, real: Path | None = None) -> LostDisk:
    """Put that many files on a disk, a third of them in two parts around noise, zeros or another JPEG.

    A quarter at most of the pictures are taken from the folder `real` when it is there.
    """
    rng = Random(seed)
    found = _real_pictures(real, rng, pictures // 4) if real is not None else []
    kinds = [_SHARES[index % len(_SHARES)] for index in range(pictures - len(found))]
    made = found + [(kind, picture(kind, rng)) for kind in kinds]
    made += [(kind, video(kind, rng)) for kind, _ in zip(_around(list(_VIDEO)), range(videos), strict=False)]
    rng.shuffle(made)
    files, disk = list[LostFile](), bytearray(noise(rng, 4))
    fillers = [_padded(picture("jpg", rng)) for _ in range(4)]
    for kind, content in made:
        is_split = rng.random() < 1 / 3 and len(content) > 3 * CLUSTER
        files.append(LostFile(kind, content, is_split))
        if is_split:
            disk += _split(content, rng, fillers)
        else:
            disk += _padded(content)
        disk += rng.choice([b"", noise(rng, rng.randint(1, 8)), bytes(CLUSTER * rng.randint(1, 8))])
    fillers_there = [LostFile("filler", content.rstrip(b"\0"), False) for content in fillers]
    return LostDisk(bytes(disk), (*files, *(one for one in fillers_there if one.content in disk)))


def picture(kind: str, rng: Random) -> bytes:
    """Return a drawn picture as a file."""
    draw: Callable[..., np.ndarray] = rng.choice([teapot, landscape])
    drawn = draw(rng, rng.randint(160, 900), rng.randint(160, 700))
    shown = Image.fromarray(np.ascontiguousarray(cv2.cvtColor(drawn, cv2.COLOR_BGR2RGB)))
    target = io.BytesIO()
    if kind == "heic":
        import pillow_heif

        pillow_heif.from_pillow(shown).save(target, quality=70)
    else:
        name, options = _PILLOW[kind]
        if name == "GIF":
            shown = shown.quantize(128)
        shown.save(target, name, **options)
    return target.getvalue()


def video(kind: str, rng: Random) -> bytes:
    """Return a short video of drawn frames as a file."""
    container, codec = _VIDEO[kind]
    target = io.BytesIO()
    options = {"movflags": "frag_keyframe+empty_moov"} if kind == "mp4" and rng.random() < 0.5 else {}
    with av.open(target, "w", format=container, options=options) as output:
        stream = output.add_stream(codec, rate=10)
        stream.width, stream.height = 320, 240
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        still = landscape(rng, 640, 480)
        for step in range(rng.randint(10, 25)):
            frame = np.ascontiguousarray(still[step : step + 240, 2 * step : 2 * step + 320])
            output.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="bgr24")))
        output.mux(stream.encode())
    return target.getvalue()


def noise(rng: Random, clusters: int) -> bytes:
    """Return clusters of random bytes."""
    return rng.randbytes(CLUSTER * clusters)


def _split(content: bytes, rng: Random, fillers: list[bytes]) -> bytes:
    border = CLUSTER * rng.randint(1, (len(content) - 1) // CLUSTER)
    choices = [noise(rng, rng.randint(1, 20)), bytes(CLUSTER * rng.randint(1, 20)), rng.choice(fillers)]
    return content[:border] + rng.choice(choices) + _padded(content[border:])


def _padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % CLUSTER)


def _around(names: list[str]) -> Iterator[str]:
    while True:
        yield from names


def _real_pictures(folder: Path, rng: Random, most: int) -> list[tuple[str, bytes]]:
    names = sorted(one for one in folder.rglob("*") if one.suffix.lower() in _REAL and one.is_file())
    rng.shuffle(names)
    found, seen = list[tuple[str, bytes]](), set[bytes]()
    for name in names:
        content = name.read_bytes()
        if len(found) < most and 4096 <= len(content) < 8 << 20 and content not in seen and _is_whole(content):
            seen.add(content)
            found.append((f"real{name.suffix.lower()}", content))
    return found


def _is_whole(content: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(content)) as shown:
            shown.load()
    except (OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError, EOFError):
        return False
    return content[-2:] != b"\0\0"
