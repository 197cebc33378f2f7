"""The size of the pictures in a QuickTime or MP4 file, from its sample descriptions."""

from struct import unpack_from
from typing import BinaryIO

from sakshya.media.boxes import Box, boxes, find, top_boxes
from sakshya.media.streams import read_at

_TRACKS = 64
# Behind the box head: reserved bytes and the data reference, version and vendor fields, then width and height.
_SIZE_AT = 24


def movie_size(stream: BinaryIO) -> tuple[int, int] | None:
    """Return (width, height) in pixels of the largest picture track, None where no track states one.

    Raises:
        EvidenceFault: the bytes could not be read.
    """
    movie = next((box for box in top_boxes(stream) if box.name == b"moov"), None)
    if movie is None:
        return None
    tracks = [box for box in boxes(stream, movie.start, movie.end) if box.name == b"trak"][:_TRACKS]
    sizes = [size for track in tracks if (size := _track_size(stream, track)) is not None]
    return max(sizes, key=lambda size: size[0] * size[1], default=None)


def _track_size(stream: BinaryIO, track: Box) -> tuple[int, int] | None:
    media = find(stream, track, b"mdia")
    handler = find(stream, media, b"hdlr") if media else None
    if media is None or handler is None or read_at(stream, handler.start + 8, 4) != b"vide":
        return None
    box: Box | None = media
    for name in (b"minf", b"stbl", b"stsd"):
        box = find(stream, box, name) if box else None
    entry = next(boxes(stream, box.start + 8, box.end), None) if box else None
    body = read_at(stream, entry.start, _SIZE_AT + 4) if entry else b""
    if len(body) < _SIZE_AT + 4:
        return None
    width, height = unpack_from(">HH", body, _SIZE_AT)
    return (width, height) if width and height else None
