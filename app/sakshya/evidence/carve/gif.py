"""GIF: blocks are walked and each picture's codes counted, so that foreign bytes inside show."""

import struct
from copy import copy

from sakshya.evidence.carve.stretch import Broken, Source

_MOST_PIXELS = 1 << 27
_PIECE = 1 << 16
_MAY_FOLLOW = {b"!", b",", b";"}


def measure(source: Source) -> tuple[str, int]:
    """Return the format and size of the GIF there.

    Raises:
        Broken: a block is not whole, or a picture's codes do not give as many pixels as it has.
    """
    head = source.need(0, 13)
    if head[:6] not in (b"GIF87a", b"GIF89a") or head[12]:
        raise Broken(0)
    at = 13 + (3 << (head[10] & 7) + 1 if head[10] & 0x80 else 0)
    frames = 0
    while True:
        mark = source.need(at, 1)
        if mark == b";" and frames:
            return "gif", at + 1
        if mark == b"!":
            label = source.need(at, 2)[1]
            if label not in (0x01, 0xF9, 0xFE, 0xFF):
                raise Broken(at)
            at, _, _ = _blocks(source, at + 2)
        elif mark == b",":
            at = _frame(source, at)
            frames += 1
        else:
            raise Broken(at)


def _frame(source: Source, at: int) -> int:
    known = source.kept.get((at, "gif"), source.sure + 1)
    if isinstance(known, int) and known <= source.sure:
        return known
    width, height, flags = struct.unpack("<4xHHB", source.need(at + 1, 9))
    start = at + 10 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    least = source.need(start, 1)[0]
    if not 1 <= least <= 11 or not 0 < width * height <= _MOST_PIXELS:
        raise Broken(at)
    end, data, sure = _blocks(source, start + 1)
    if source.is_joined and source.need(end, 1) not in _MAY_FOLLOW:
        raise Broken(end)
    codes = _Codes(least, width * height)
    if 0 < sure < len(data):
        key = (at, source.sure)
        if key not in source.kept:
            codes.count(data[:sure], is_all=False)
            source.kept[key] = codes
        codes = source.kept[key].copy()
    if codes.is_spoilt or not codes.count(data[codes.read :], is_all=True):
        raise Broken(start + 1 + codes.read + codes.read // 255)
    if end <= source.sure:
        source.kept[(at, "gif")] = end
    return end


def _blocks(source: Source, at: int) -> tuple[int, bytes, int]:
    """Return where the blocks end, what they hold, and how much of that certainly lies in the first part."""
    pieces: list[bytes] = []
    held, first, done, sure = b"", at, 0, 0
    while True:
        if at - first + 256 > len(held):
            held, first = source.read(at, _PIECE), at
        size = held[at - first] if at - first < len(held) else source.need(at, 1)[0]
        if not size:
            return at + 1, b"".join(pieces), sure
        piece = held[at - first + 1 : at - first + 1 + size]
        if len(piece) < size:
            raise Broken(at + 1)
        pieces.append(piece)
        at += 1 + size
        done += size
        if at <= source.sure:
            sure = done


class _Codes:
    """The codes of a picture, counted as far as tells how many pixels they give; one can go on with more of them.

    `read` is how many bytes were taken in, up to the one that does not fit where `is_spoilt`.
    """

    def __init__(self, least: int, pixels: int) -> None:
        self.least, self.pixels = least, pixels
        self.read = self.made = 0
        self.is_spoilt = False
        self._lengths = [1] * (1 << least) + [0, 0]
        self._width, self._held, self._bits, self._before = least + 1, 0, 0, 0

    def copy(self) -> "_Codes":
        """Return the same state, to go on from by itself."""
        twin = copy(self)
        twin._lengths = list(self._lengths)
        return twin

    def count(self, data: bytes, *, is_all: bool) -> bool:
        """Take in more bytes, the last ones if `is_all`; tell whether they give just the pixels."""
        clear, end = 1 << self.least, (1 << self.least) + 1
        lengths, width, held, bits = self._lengths, self._width, self._held, self._bits
        made, before, pixels, filled = self.made, self._before, self.pixels, len(self._lengths)
        for index, byte in enumerate(data):
            held |= byte << bits
            bits += 8
            while bits >= width:
                code = held & ((1 << width) - 1)
                held >>= width
                bits -= width
                if code == clear:
                    del lengths[end + 1 :]
                    filled, width, before = end + 1, self.least + 1, 0
                    continue
                if code == end or code > filled or (code == filled and not before):
                    return self._stop(index, is_good=is_all and code == end and index >= len(data) - 2, made=made)
                length = lengths[code] if code < filled else before + 1
                if before and filled < 4096:
                    lengths.append(before + 1)
                    filled += 1
                    width += filled == 1 << width and width < 12
                before = length
                made += length
                if made > pixels:
                    return self._stop(index, is_good=False, made=made)
        self._width, self._held, self._bits, self._before = width, held, bits, before
        self.made, self.read = made, self.read + len(data)
        return made == pixels

    def _stop(self, index: int, *, is_good: bool, made: int) -> bool:
        self.read += index
        self.is_spoilt = not is_good or made != self.pixels
        return not self.is_spoilt
