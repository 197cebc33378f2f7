"""The streams of an AFF4 volume: compressed chunks in bevies, a map over other streams, and streams of one byte."""

import bisect
import struct
import zlib
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from sakshya.domain.exhibit import Damage
from sakshya.domain.locator import Run
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.aff4_volume import Aff4Volume
from sakshya.evidence.containers.turtle import SCHEMA
from sakshya.evidence.damage import damaged

Answer = bytes | tuple[Reason, str, int]
"""Bytes, or why there are none and for how many bytes that holds."""

MAP_ENTRY = 28
_KEPT = 64
_FILLED = 1 << 20


class Stream(Protocol):
    """Something that a map points into."""

    size: int

    def piece(self, offset: int, length: int) -> Answer:
        """Return at least one byte and at most `length` from `offset`, or why not."""


class Filled:
    """A stream of one byte without end, or of bytes that nobody has."""

    size = 1 << 63

    def __init__(self, byte: int, lost: tuple[Reason, str] | None = None) -> None:
        self._byte = bytes([byte])
        self._lost = lost

    def piece(self, _offset: int, length: int) -> Answer:
        """Return its byte as often as asked, or why there is none."""
        return self._byte * min(length, _FILLED) if self._lost is None else (*self._lost, length)


class ImageStream:
    """Chunks of equal size, each compressed for itself; so many of them make a bevy, a member of the volume."""

    def __init__(self, volume: Aff4Volume, name: str, size: int, shape: tuple[int, int], method: str) -> None:
        self.size = size
        self._volume = volume
        self._name = name
        self._chunk, self._in_bevy = shape
        self._unpack = UNPACK[method]
        self._cache: OrderedDict[int, bytes] = OrderedDict()

    def piece(self, offset: int, length: int) -> Answer:
        """Return bytes of one chunk, or why it cannot be given."""
        if offset >= self.size:
            return Reason.BAD_METADATA, f"the map points beyond the end of stream {self._name}", length
        number, inside = divmod(offset, self._chunk)
        length = min(length, self._chunk - inside, self.size - offset)
        try:
            data = self._read(number)[inside : inside + length]
        except OSError as error:
            return Reason.READ_ERROR, f"chunk {number} of {self._name} ({error.strerror or error})", length
        except (ValueError, zlib.error, RuntimeError, MemoryError) as error:
            return Reason.DAMAGED_CHUNK, f"chunk {number} of {self._name} ({error})", length
        return data or (Reason.DAMAGED_CHUNK, f"chunk {number} of {self._name} is too short", length)

    def _read(self, number: int) -> bytes:
        if number in self._cache:
            self._cache.move_to_end(number)
            return self._cache[number]
        bevy, place = divmod(number, self._in_bevy)
        name = f"{self._name}/{bevy:08d}"
        at, length = self._place(name, place)
        if length > 2 * self._chunk:
            raise ValueError(f"its length is stated as {length}")
        packed = self._volume.part(name, at, length)
        data = packed if length == self._chunk else self._unpack(packed, self._chunk)
        if len(data) < min(self._chunk, self.size - number * self._chunk):
            raise ValueError("it unpacks to too few bytes")
        self._cache[number] = data
        if len(self._cache) > _KEPT:
            self._cache.popitem(last=False)
        return data

    def _place(self, bevy: str, place: int) -> tuple[int, int]:
        if self._volume.size(f"{bevy}.index") is not None:
            at, length = struct.unpack("<QI", self._volume.part(f"{bevy}.index", 12 * place, 12))
            return at, length
        # Volumes from before the standard keep only the ends of the chunks.
        index = f"{bevy}/index"
        start = struct.unpack("<I", self._volume.part(index, 4 * place, 4))[0]
        after = 4 * (place + 1)
        size = self._volume.size(bevy) or 0
        end = struct.unpack("<I", self._volume.part(index, after, 4))[0] if self._volume.size(index) != after else size
        return start, end - start


class MapStream:
    """Stretches of other streams; what none of them covers comes from the gap's stream."""

    def __init__(self, size: int, entries: list[tuple[int, int, int, int]], targets: list[Stream], gap: Stream) -> None:
        self.size = size
        self._entries = entries
        self._starts = [entry[0] for entry in entries]
        self._targets = targets
        self._gap = gap

    def piece(self, offset: int, length: int) -> Answer:
        """Return bytes of one stretch, or why it cannot be given."""
        found = bisect.bisect_right(self._starts, offset) - 1
        if found >= 0:
            start, stretch, place, target = self._entries[found]
            if offset < start + stretch:
                return self._targets[target].piece(place + offset - start, min(length, start + stretch - offset))
        after = self._starts[found + 1] if found + 1 < len(self._starts) else self.size
        return self._gap.piece(offset, min(length, after - offset))


def as_piece(answer: Answer, offset: int) -> bytes | Damage:
    """Return what a stream answered, in the words of a container."""
    if isinstance(answer, bytes):
        return answer
    reason, detail, length = answer
    return damaged(reason, Run(offset, length), detail)


def _zlib(data: bytes, most: int) -> bytes:
    return zlib.decompressobj().decompress(data, most)


def _deflate(data: bytes, most: int) -> bytes:
    return zlib.decompressobj(-15).decompress(data, most)


def _lz4(data: bytes, most: int) -> bytes:
    import lz4.block
    import lz4.frame

    if data.startswith(b"\x04\x22\x4d\x18"):
        return bytes(lz4.frame.LZ4FrameDecompressor().decompress(data, max_length=most))
    return bytes(lz4.block.decompress(data, uncompressed_size=most))


def _snappy(data: bytes, most: int) -> bytes:
    import cramjam

    # The length in front is the file's own claim and would be allocated unseen.
    stated = sum((byte & 127) << (7 * place) for place, byte in enumerate(data[:5]) if _in_number(data, place))
    if stated > most:
        raise ValueError(f"it states {stated} bytes")
    try:
        return bytes(cramjam.snappy.decompress_raw(data))
    except cramjam.DecompressionError as error:
        raise ValueError(str(error)) from error


def _in_number(data: bytes, place: int) -> bool:
    return all(byte & 128 for byte in data[:place])


def _stored(data: bytes, most: int) -> bytes:
    return data[:most]


UNPACK: dict[str, Callable[[bytes, int], bytes]] = {
    "https://www.ietf.org/rfc/rfc1950.txt": _zlib,
    "https://tools.ietf.org/html/rfc1951": _deflate,
    "https://www.ietf.org/rfc/rfc1951.txt": _deflate,
    "https://github.com/lz4/lz4": _lz4,
    "https://code.google.com/p/lz4/": _lz4,
    "http://code.google.com/p/snappy/": _snappy,
    "https://github.com/google/snappy": _snappy,
    f"{SCHEMA}NullCompressor": _stored,
    f"{SCHEMA}compression/stored": _stored,
    "": _stored,
}
