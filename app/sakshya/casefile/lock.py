"""One session writes a case at a time: a lock file that names who holds it.

The operating system's own lock on the file is what counts; it falls with its process, so a lock left by a process
that died is taken over. The text in the file serves to name the holder. Since when it is held is the file's own
modification time, so that no clock is read here.
"""

import errno
import getpass
import json
import os
import platform
import secrets
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sakshya.casefile.faults import CaseBusyFault, CaseFault, DiskFullFault

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# Windows locks are mandatory: a byte far behind the text leaves the text readable for everybody.
_LOCKED_BYTE = 1 << 30
_FILE = "lock"
_TRIES, _PAUSE = 10, 0.1


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a case: operating-system user, process, host; `token` is what a further process of it shows."""

    user: str
    pid: int
    host: str
    token: str


class CaseLock:
    """The writing lock of one case folder, held from `take` to `release`."""

    def __init__(self, descriptor: int, holder: Holder, left_by: Holder | None) -> None:
        self._descriptor: int | None = descriptor
        self.holder = holder
        self.left_by = left_by

    @classmethod
    def take(cls, folder: Path) -> Self:
        """Take the lock; `left_by` names the holder that died without giving it back, if one did.

        Raises:
            CaseBusyFault: another process holds it; the fault names it.
            CaseFault: the folder cannot hold a lock.
        """
        try:
            descriptor = os.open(folder / _FILE, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise CaseFault(
                f"the case cannot be opened for writing ({error.strerror})",
                where=str(folder),
                advice="open it for reading only",
            ) from error
        try:
            if not _lock_soon(descriptor):
                raise _busy(folder)
            left_by = read_holder(folder)
            holder = Holder(_user(), os.getpid(), platform.node(), secrets.token_hex(16))
            os.ftruncate(descriptor, 0)
            os.write(descriptor, json.dumps(asdict(holder)).encode("ascii"))
        except OSError as error:
            os.close(descriptor)
            if error.errno == errno.ENOSPC:
                raise DiskFullFault(
                    "the disk that holds the case is full",
                    where=str(folder),
                    advice="free some space, or open the case for reading only",
                ) from error
            raise CaseFault(f"the case cannot be locked ({error.strerror})", where=str(folder)) from error
        except CaseBusyFault:
            os.close(descriptor)
            raise
        return cls(descriptor, holder, left_by)

    def release(self) -> None:
        """Give the lock back; harmless when it was given back before."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        # On a full or vanished disk the text stays; the lock itself falls with the descriptor.
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
        os.close(descriptor)


def read_holder(folder: Path) -> Holder | None:
    """Return who wrote the lock file last, None where it is absent, empty or unreadable."""
    try:
        return Holder(**json.loads((folder / _FILE).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def require_session(folder: Path, token: str | None) -> str:
    """Return the token of the session that holds the case, when this process belongs to it.

    A process belongs to it when it shows the token, or is the holder itself or the holder's child.

    Raises:
        CaseBusyFault: somebody else holds the case, or nobody does any more.
    """
    holder = read_holder(folder)
    if holder is None:
        raise CaseBusyFault("the session that had the case open has ended", where=str(folder))
    ours = holder.token == token if token else holder.pid in (os.getpid(), os.getppid())
    if not ours:
        raise _busy(folder)
    return holder.token


def _busy(folder: Path) -> CaseBusyFault:
    holder = read_holder(folder)
    advice = "close it there first, or open it here for reading only"
    if holder is None:
        return CaseBusyFault("the case is already open", where=str(folder), advice=advice)
    since = ""
    with suppress(OSError):
        since = datetime.fromtimestamp((folder / _FILE).stat().st_mtime, UTC).strftime(", since %Y-%m-%dT%H:%M:%SZ")
    what = f"the case is already open by {holder.user} on {holder.host}, process {holder.pid}{since}"
    return CaseBusyFault(what, where=str(folder), advice=advice)


def _lock_soon(descriptor: int) -> bool:
    """Try for a second: the lock of a killed process falls with the last copy of its file, which may take a moment."""
    for _ in range(_TRIES):
        if _lock(descriptor):
            return True
        time.sleep(_PAUSE)
    return False


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            finally:
                os.lseek(descriptor, 0, os.SEEK_SET)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "an unnamed user"
