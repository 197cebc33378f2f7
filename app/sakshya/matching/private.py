"""Files and folders that only their owner may read, whatever the umask says, and one writer at a time."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sakshya.domain.faults import OperatorFault


def create_private(path: Path) -> BinaryIO:
    """Open a new file for writing with mode 0600.

    Raises:
        FileExistsError: the file is there already.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "w+b")


def make_private(folder: Path) -> None:
    """Make a folder with mode 0700, and those above it where they are missing."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def keep_folder(folder: Path) -> None:
    """Make sure that the names in a folder outlive a power cut."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold the folder's write lock; it is given back even when the process is killed.

    Raises:
        OperatorFault: another process holds it.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
    handle = os.open(folder / ".lock", flags, 0o600)
    try:
        try:
            _lock(handle)
        except OSError as error:
            raise OperatorFault(
                "another program is changing the known sets", where=str(folder), advice="try again when it is done"
            ) from error
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
