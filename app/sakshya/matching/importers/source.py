"""The list's file: read once from front to back, hashed as it is read, handed on as UTF-8 without a BOM.

A zip archive that holds one list is read as that list, and hashed as the archive it is.
"""

import codecs
import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from sakshya.domain.faults import OperatorFault

Watch = Callable[[int, int], None]

HEAD_BYTES = 8192
LONGEST_LINE = 1 << 20
_CHUNK = 1 << 16
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_WORKBOOK = "xl/workbook.xml"
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
        self.packed = ""
        try:
            self._file = path.open("rb")
            self.size = self._to_read = path.stat().st_size
        except OSError as error:
            raise _unreadable(path, error) from error
        self._list: IO[bytes] = self._file
        try:
            self._unpack()
            self._start()
        except BaseException:
            self._file.close()
            raise

    def _unpack(self) -> None:
        """Read the one member of a zip archive in place of the archive; `packed` is then its name."""
        start = self._file.read(4)
        self._file.seek(0)
        if start not in _ZIPS:
            return
        try:
            archive = zipfile.ZipFile(self._file)
            names = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
            if any(one.filename == _WORKBOOK for one in names):
                raise _refused(self.path, "the list is an XLSX workbook", "save the sheet as CSV")
            if len(names) != 1:
                raise _refused(
                    self.path,
                    f"the archive holds {len(names)} files, not one list",
                    "unpack it and give the list alone",
                )
            self._list = archive.open(names[0])
        except RuntimeError as error:
            # That is what zipfile raises for a locked member and for a method it does not know.
            raise _refused(self.path, "the archive is locked or packed in an unknown way", "unpack it first") from error
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise _refused(self.path, f"the zip archive is broken ({error})", "get a whole copy of the list") from error
        self.packed = names[0].filename or "?"
        self._to_read = names[0].file_size

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
        if self.packed:
            self._file.seek(0)
            return hashlib.file_digest(self._file, "sha256").hexdigest()
        return self._hash.hexdigest()

    def tick(self) -> None:
        """Tell the watch that the list is being read by other means."""
        self._watch(self._done, max(self._to_read, self._done))

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
            block = self._list.read(size)
        except OSError as error:
            raise _unreadable(self.path, error) from error
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise _refused(self.path, f"the zip archive is broken ({error})", "get a whole copy of the list") from error
        if not self.packed:
            self._hash.update(block)
        self._done += len(block)
        self.tick()
        return block


def _refused(path: Path, what: str, advice: str) -> OperatorFault:
    return OperatorFault(what, where=str(path), advice=advice)


def _unreadable(path: Path, error: OSError) -> OperatorFault:
    return OperatorFault(
        f"the list cannot be read ({error.strerror or error})", where=str(path), advice="check the file and its rights"
    )
