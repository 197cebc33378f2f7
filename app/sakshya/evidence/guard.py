"""Keeps everything that is written off the exhibits."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import OperatorFault
from sakshya.evidence.readonly import is_device

_ADVICE = "choose a folder on another disk"
_ADVICE_FILE = "keep the exhibit's files outside the case folder"
_CASE = "case.db"


def refuse_on_exhibit(folder: Path, exhibits: Iterable[Exhibit]) -> None:
    """Return where `folder` may be written to.

    A folder beside an image file is allowed, and so is writing another file there. A case that holds an exhibit's image
    file is not, nor anything on a device that is an exhibit or on a file system that was mounted from an exhibit.

    Raises:
        OperatorFault: the folder is on, in or around an exhibit.
    """
    real = Path(os.path.realpath(folder))
    for exhibit in exhibits:
        for file in dict.fromkeys((*exhibit.files, *(exhibit.container.segments if exhibit.container else ()))):
            _refuse(real, folder, exhibit.number, file)


def _refuse(real: Path, folder: Path, number: str, file: str) -> None:
    path = Path(os.path.realpath(file))
    if real == path or path in real.parents:
        raise OperatorFault(f"the folder is the image file of {number} itself", where=str(folder), advice=_ADVICE)
    if real in path.parents and (real / _CASE).exists():
        raise OperatorFault(f"the image file of {number} lies inside the case", where=str(file), advice=_ADVICE_FILE)
    source = _mounted_from(real)
    if source is None:
        return
    if os.path.realpath(source) == str(path) or _is_loop_of(source, path):
        raise OperatorFault(f"the folder lies on a file system of {number}", where=str(folder), advice=_ADVICE)
    if is_device(path) and (_is_partition_of(source, path) or _same_device(real, path)):
        raise OperatorFault(f"the folder lies on the exhibit {number} itself", where=str(folder), advice=_ADVICE)


def _same_device(folder: Path, device: Path) -> bool:
    try:
        status = os.stat(device)  # noqa: PTH116 - st_rdev of the node itself
        return stat.S_ISBLK(status.st_mode) and status.st_rdev == _existing(folder).stat().st_dev
    except OSError:
        return False


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there already."""
    return next((path for path in (folder, *folder.parents) if path.exists()), Path(folder.anchor or "/"))


def _mounted_from(folder: Path) -> str | None:
    """Return the device or file that the folder's file system is mounted from, where the system tells."""
    try:
        lines = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return folder.drive or None
    best, source = "", None
    for line in lines:
        left, _, right = line.partition(" - ")
        point = _plain(left.split(" ")[4])
        if (folder == Path(point) or Path(point) in folder.parents) and len(point) >= len(best):
            best, source = point, _plain(right.split(" ")[1])
    return source


def _plain(text: str) -> str:
    """Undo the octal escapes of mountinfo."""
    for octal, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(octal, character)
    return text


def _is_partition_of(source: str, device: Path) -> bool:
    if device.drive or str(device).startswith("\\\\.\\"):
        return str(device).upper().rstrip("\\").endswith(source.upper()) if source else False
    parent = Path("/sys/class/block") / Path(os.path.realpath(source)).name
    try:
        return parent.resolve().parent.name == device.name
    except OSError:
        return False


def _is_loop_of(source: str, path: Path) -> bool:
    backing = Path("/sys/class/block") / Path(os.path.realpath(source)).name / "loop" / "backing_file"
    for candidate in (backing, backing.parent.parent.parent / "loop" / "backing_file"):
        try:
            if os.path.realpath(candidate.read_text("utf-8", "surrogateescape").strip()) == str(path):
                return True
        except OSError:
            continue
    return False
