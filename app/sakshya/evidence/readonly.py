"""The one module that opens exhibit files, and only to read them."""

import contextlib
import errno
import os
import stat
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from sakshya.domain.faults import EvidenceFault, OperatorFault

_READ_ONLY = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
# Reading must not even move the access time of the examiner's copy; only the owner may ask for that.
_NO_ACCESS_TIME = getattr(os, "O_NOATIME", 0)


class ReadOnlyFile:
    """An open exhibit file or device; there is no way to write through it."""

    def __init__(self, path: Path, descriptor: int, size: int) -> None:
        self.path = path
        self.size = size
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def pread(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`; shorter only at the end of the file.

        Raises:
            OSError: the medium does not give the bytes.
        """
        if hasattr(os, "pread"):
            data = os.pread(self._descriptor, length, offset)
            if len(data) == length or offset + len(data) >= self.size or not data:
                return data
            return data + self.pread(offset + len(data), length - len(data))
        with self._lock:
            os.lseek(self._descriptor, offset, os.SEEK_SET)
            return self._read_fully(length)

    def _read_fully(self, length: int) -> bytes:
        parts: list[bytes] = []
        while length > 0 and (part := os.read(self._descriptor, length)):
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_exhibit_file(path: Path | str) -> ReadOnlyFile:
    """Open one file or device of an exhibit, read-only.

    Raises:
        OperatorFault: there is no such file, or it is a folder.
        EvidenceFault: the file is empty or may not be read.
    """
    path = Path(path)
    try:
        descriptor = _open(path)
    except OSError as error:
        raise _fault(path, error) from error
    try:
        size = _size(descriptor, path)
    except BaseException:
        os.close(descriptor)
        raise
    return ReadOnlyFile(path, descriptor, size)


def is_device(path: Path | str) -> bool:
    """Tell whether `path` names a physical device and not a file."""
    text = str(path)
    if text.startswith("\\\\.\\"):
        return True
    try:
        mode = os.stat(text).st_mode  # noqa: PTH116 - the mode alone is wanted, also of a device without a folder
    except OSError:
        return False
    return stat.S_ISBLK(mode) or (stat.S_ISCHR(mode) and text.startswith("/dev/r"))


def _open(path: Path) -> int:
    if _NO_ACCESS_TIME:
        with contextlib.suppress(PermissionError):
            return os.open(path, _READ_ONLY | _NO_ACCESS_TIME | _non_blocking())
    return os.open(path, _READ_ONLY | _non_blocking())


def _non_blocking() -> int:
    """A pipe given as an exhibit must be refused, not waited for."""
    return int(getattr(os, "O_NONBLOCK", 0))


def _size(descriptor: int, path: Path) -> int:
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISDIR(mode):
        raise OperatorFault(
            "a folder is not an exhibit file", where=str(path), advice="name the first image file in it"
        )
    if not (stat.S_ISREG(mode) or is_device(path)):
        raise OperatorFault("not a file or a disk device", where=str(path), advice="name the first image file")
    size = os.lseek(descriptor, 0, os.SEEK_END)
    if size == 0:
        raise EvidenceFault("the file is empty", where=str(path), advice="make a new copy of the exhibit's image file")
    return size


def _fault(path: Path, error: OSError) -> OperatorFault | EvidenceFault:
    where = str(path)
    if error.errno == errno.ENOENT:
        return OperatorFault("no such file", where=where, advice="check the path of the image file")
    if path.is_dir():
        return OperatorFault("a folder is not an exhibit file", where=where, advice="name the first image file in it")
    if error.errno in (errno.EACCES, errno.EPERM):
        return EvidenceFault("no permission to read the file", where=where, advice="ask its owner for read permission")
    reason = error.strerror or type(error).__name__
    return EvidenceFault(f"the file cannot be opened ({reason})", where=where, advice="check the medium it lies on")
