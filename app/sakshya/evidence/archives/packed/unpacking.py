"""Compressed bytes as a stream that never unpacks more than it is asked for, whatever the sizes beside it state."""

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from typing import BinaryIO, Protocol, cast

from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.damage import unreadable

_PIECE = 1 << 16
_MOST = 1 << 20
_LARGEST_DICTIONARY = 512 << 20
# The library for it has no bound on what it gives at once; so few bytes unpack to some hundred KiB at most.
_PIECE_64 = 256


class Decompressor(Protocol):
    """One compressed stream; `eof` tells that its own end mark was met."""

    @property
    def eof(self) -> bool:
        """Tell whether the end was met."""

    @property
    def needs_input(self) -> bool:
        """Tell whether more can only come from further bytes."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Take in `data` and return at most `max_length` bytes."""


class _Deflate:
    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(-15)

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def needs_input(self) -> bool:
        return not self._inflate.unconsumed_tail

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inflate.decompress(self._inflate.unconsumed_tail + data, max_length)


class _Deflate64:
    needs_input = True

    def __init__(self) -> None:
        import inflate64

        self._inflate = inflate64.Inflater()

    @property
    def eof(self) -> bool:
        return bool(self._inflate.eof)

    def decompress(self, data: bytes, _max_length: int) -> bytes:
        return cast(bytes, self._inflate.inflate(data))


class _Stored:
    eof = False
    needs_input = True

    def decompress(self, data: bytes, _max_length: int) -> bytes:
        return data


class _ZipLzma:
    """LZMA as a zip keeps it: two bytes of version, the length of the properties, the properties, the raw stream."""

    def __init__(self) -> None:
        self._head = b""
        self._inner: lzma.LZMADecompressor | None = None

    @property
    def eof(self) -> bool:
        return self._inner is not None and self._inner.eof

    @property
    def needs_input(self) -> bool:
        return self._inner is None or self._inner.needs_input

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if self._inner is None:
            self._head += data
            length = int.from_bytes(self._head[2:4], "little")
            if len(self._head) < 4 + length or length < 5:
                return b""
            lclppb, dictionary = self._head[4], int.from_bytes(self._head[5:9], "little")
            if dictionary > _LARGEST_DICTIONARY:
                raise unreadable(Reason.MEMORY_LIMIT, f"LZMA states a dictionary of {dictionary} bytes")
            chain = {
                "id": lzma.FILTER_LZMA1,
                "dict_size": max(4096, dictionary),
                "lc": lclppb % 9,
                "lp": lclppb // 9 % 5,
                "pb": lclppb // 45,
            }
            self._inner = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[chain])
            data, self._head = self._head[4 + length :], b""
        return self._inner.decompress(data, max_length)


METHODS: dict[int, Callable[[], Decompressor]] = {
    0: _Stored,
    8: _Deflate,
    9: _Deflate64,
    12: bz2.BZ2Decompressor,
    14: _ZipLzma,
}
ZSTANDARD = frozenset({20, 93})


class Unpacking(io.RawIOBase):
    """The unpacked content of `packed`, a stream of compressed bytes; `checked` is its CRC-32 where one is stated.

    A read raises `EvidenceFault` over broken content, and at the end where content is missing or its CRC-32 differs.
    """

    def __init__(self, packed: BinaryIO, method: int, size: int | None, checked: int | None) -> None:
        super().__init__()
        self._packed = packed
        self._size = size
        self._checked = checked
        self._done = 0
        self._crc = 0
        self._left = b""
        self._is_over = False
        self._piece = _PIECE_64 if method == 9 else _PIECE
        self._decompressor: Decompressor | None = None
        if method in ZSTANDARD:
            import zstandard

            self._reader = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)
        else:
            self._decompressor = METHODS[method]()

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` as far as the content goes.

        Raises:
            EvidenceFault: the content is broken.
        """
        view = memoryview(buffer).cast("B")
        if not self._left and not self._is_over:
            try:
                self._left = self._next(min(len(view), _MOST))
            except (EvidenceFault, MemoryError):
                raise
            except Exception as error:
                detail = f"after {self._done} bytes: {error or type(error).__name__}"
                raise unreadable(Reason.BAD_METADATA, detail) from error
            self._account()
        part = self._left[: len(view)]
        self._left = self._left[len(part) :]
        view[: len(part)] = part
        return len(part)

    def _next(self, most: int) -> bytes:
        if not most:
            return b""
        if self._decompressor is None:
            return self._reader.read(most)
        while not self._decompressor.eof:
            data = self._packed.read(self._piece) if self._decompressor.needs_input else b""
            if self._decompressor.needs_input and not data:
                # Deflate may still hold what did not fit into the last answer.
                return self._decompressor.decompress(b"", most)
            if part := self._decompressor.decompress(data, most):
                return part
        return b""

    def _account(self) -> None:
        self._crc = zlib.crc32(self._left, self._crc)
        self._done += len(self._left)
        if self._left:
            return
        self._is_over = True
        if self._size is not None and self._done < self._size:
            raise unreadable(Reason.CUT_SHORT, f"{self._size} bytes are stated, {self._done} can be read")
        if self._checked is not None and self._crc != self._checked:
            raise unreadable(Reason.DIFFERS, f"CRC-32 {self._checked:08x} is stated, {self._crc:08x} was found")
