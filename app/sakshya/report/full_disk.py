"""A full disk is told as what it is."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sakshya.casefile.faults import DiskFullFault
from sakshya.domain.faults import OperatorFault

# Windows has no quota error of that name.
_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


@contextmanager
def told_when_full(folder: Path) -> Iterator[None]:
    """Turn the operating system's refusal to write below `folder` into one of our own.

    Raises:
        DiskFullFault: there is no room left.
        OperatorFault: the folder cannot be written for another reason.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullFault(
                "the disk is full; nothing was left behind", where=str(folder), advice="make room or name another disk"
            ) from error
        raise OperatorFault(
            f"the folder cannot be written ({error.strerror})", where=str(folder), advice="name another folder"
        ) from error
