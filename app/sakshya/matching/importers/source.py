"""The list's file: read once from front to back, hashed as it is read, handed on as UTF-8 without a BOM."""

import codecs
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from sakshya.domain.faults import OperatorFault

Watch = Callable[[int, int], None]

HEAD_BYTES = 8192
LONGEST_LINE = 1 << 20
_CHUNK = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def unwatched(done: int, total: int) -> None:
    """Watch nothing."""


class ListFile:
    """A list being read.

    Args:
        path: the list.
        watch: called with bytes read and bytes in all after every 64 KiB; it may raise StoppedFault to stop.

    Raises:
        OperatorFault: the file is missing, empty, a directory or may not be read.
    """

    def __init__(self, path: Path, watch: Watch = unwatched) -> None:
        self.path = path
        self._watch = watch
        self._hash = hashlib.sha256()
        self._done = 0
        try:
            self._file = path.open("rb")
            self.size = path.stat().st_size
        except OSError as error:
            raise _unreadable(path, error) from error
        try:
            self._start()
        except BaseException:
            self._file.close()
            raise

    def _start(self) -> None:
        first = self._take(HEAD_BYTES)
        if not first:
            raise OperatorFault("the list is empty", where=str(self.path), advice="give a file that holds hashes")
        bom, encoding = next(((bom, name) for bom, name in _BOMS if first.startswith(bom)), (b"", "utf-8"))
        self._recode = None
        if encoding != "utf-8":
            # A half of a surrogate pair must spoil its own line only.
            self._recode = codecs.getincrementaldecoder(encoding)("replace")
        self.head = self._to_utf8(first[len(bom) :])
        self._waiting = self.head

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most `size` where that is not negative, and none only at the end."""
        if size == 0:
            return b""
        block = self._waiting or self._next()
        if size < 0:
            self._waiting = b""
            return block + b"".join(iter(self._next, b""))
        self._waiting = block[size:]
        return block[:size]

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield (number from 1, line without its end); a line above 1 MiB is cut there."""
        number, pending, cut = 1, b"", False
        for block in iter(lambda: self.read(_CHUNK), b""):
            pieces = block.split(b"\n")
            for piece in pieces[:-1]:
                yield number, (pending if cut else pending + piece).rstrip(b"\r")
                number, pending, cut = number + 1, b"", False
            pending = pending if cut else pending + pieces[-1]
            if len(pending) > LONGEST_LINE:
                pending, cut = pending[:LONGEST_LINE], True
        if pending:
            yield number, pending.rstrip(b"\r")

    def sha256(self) -> str:
        """Read what is left and return the SHA-256 of the whole file as it lies on the disk."""
        while self._take(_CHUNK):
            pass
        return self._hash.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def _next(self) -> bytes:
        while block := self._take(_CHUNK):
            if text := self._to_utf8(block):
                return text
        return b""

    def _to_utf8(self, block: bytes) -> bytes:
        return block if self._recode is None else self._recode.decode(block).encode("utf-8")

    def _take(self, size: int) -> bytes:
        try:
            block = self._file.read(size)
        except OSError as error:
            raise _unreadable(self.path, error) from error
        self._hash.update(block)
        self._done += len(block)
        self._watch(self._done, max(self.size, self._done))
        return block


def _unreadable(path: Path, error: OSError) -> OperatorFault:
    return OperatorFault(
        f"the list cannot be read ({error.strerror or error})", where=str(path), advice="check the file and its rights"
    )
