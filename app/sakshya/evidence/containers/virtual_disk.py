"""Virtual disks through the libraries that know their formats: VMDK, VHD, VHDX, QCOW and DMG."""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sakshya.domain.exhibit import ContainerFacts, Damage
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Run
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import PieceByPiece
from sakshya.evidence.damage import damaged
from sakshya.evidence.file_object import FileObject
from sakshya.evidence.readonly import ReadOnlyFile, open_exhibit_file

_UNIT = 1 << 16
_MOST_READ = 1 << 20
_LARGEST = 1 << 56
NO_CHECKSUMS = "the format keeps no checksums: damage inside it shows only in a digest stated from outside"

Opened = tuple[Any, int]


class LibraryContainer(PieceByPiece):
    """The bytes of a virtual disk as its library gives them."""

    def __init__(self, handle: Any, stack: contextlib.ExitStack, facts: ContainerFacts) -> None:  # noqa: ANN401
        super().__init__(facts)
        self._handle = handle
        self._stack = stack

    def _piece(self, offset: int, length: int) -> bytes | Damage:
        try:
            data = self._read(offset, min(length, _MOST_READ))
        except (OSError, EvidenceFault, RuntimeError, ValueError, MemoryError) as error:
            return self._small(offset, error)
        return data or damaged(Reason.READ_ERROR, Run(offset, self.size - offset), "the disk ends before its size")

    def _small(self, offset: int, error: Exception) -> bytes | Damage:
        end = min((offset // _UNIT + 1) * _UNIT, self.size)
        data = b""
        with contextlib.suppress(OSError, EvidenceFault, RuntimeError, ValueError, MemoryError):
            data = self._read(offset, end - offset)
        return data or damaged(Reason.READ_ERROR, Run(offset, end - offset), last_words(error))

    def _read(self, offset: int, length: int) -> bytes:
        self._handle.seek(offset)
        data: bytes = self._handle.read(length)
        return data

    def close(self) -> None:
        """Close the files, the disk's own and those it builds on."""
        self._stack.close()


def last_words(error: BaseException) -> str:
    """Return the end of a library's message, which says what went wrong."""
    return str(error).rsplit(":", 1)[-1].strip() or type(error).__name__


def open_vmdk(paths: Sequence[Path]) -> LibraryContainer:
    """Open a VMware disk: one file, split, flat, or compressed for streaming.

    Raises:
        OperatorFault: a file does not exist.
        EvidenceFault: it cannot be opened, or an extent or the disk it builds on is missing.
    """
    import pyvmdk

    def opened(path: Path, stack: contextlib.ExitStack, files: list[ReadOnlyFile]) -> Any:  # noqa: ANN401
        handle = pyvmdk.handle()
        first = _file(path, stack, files)
        handle.open_file_object(_object(first))
        stack.callback(handle.close)
        extents = [handle.get_extent_descriptor(n).filename for n in range(handle.get_number_of_extents())]
        named = [first if not name or name == path.name else _beside(path, name, stack, files) for name in extents]
        handle.open_extent_data_files_as_file_objects([_object(one) for one in named] or [_object(first)])
        below = handle.get_parent_filename()
        _with_parent(handle, path, below, files, lambda parent: opened(parent, stack, files))
        return handle

    return _open(paths, "VMDK", opened)


def open_vhd(paths: Sequence[Path]) -> LibraryContainer:
    """Open a VHD or VHDX disk: fixed, dynamic or differing from another one beside it.

    Raises:
        OperatorFault: a file does not exist.
        EvidenceFault: it cannot be opened, or the disk it builds on is missing.
    """
    import pyvhdi

    def opened(path: Path, stack: contextlib.ExitStack, files: list[ReadOnlyFile]) -> Any:  # noqa: ANN401
        disk = pyvhdi.file()
        disk.open_file_object(_object(_file(path, stack, files)))
        stack.callback(disk.close)
        below = disk.get_parent_filename()
        _with_parent(disk, path, below, files, lambda parent: opened(parent, stack, files))
        return disk

    with open_exhibit_file(paths[0]) as first:
        name = "VHDX" if first.pread(0, 8) == b"vhdxfile" else "VHD"
    return _open(paths, name, opened)


def open_qcow(paths: Sequence[Path]) -> LibraryContainer:
    """Open a QEMU disk, version 1 to 3, also one that builds on another disk beside it.

    Raises:
        OperatorFault: a file does not exist.
        EvidenceFault: it cannot be opened, is encrypted, or the disk it builds on is missing.
    """
    import pyqcow

    def opened(path: Path, stack: contextlib.ExitStack, files: list[ReadOnlyFile]) -> Any:  # noqa: ANN401
        file = _file(path, stack, files)
        disk = pyqcow.file()
        disk.open_file_object(_object(file))
        stack.callback(disk.close)
        if disk.is_locked():
            advice = "convert it to raw with the program and the passphrase it was made with"
            raise EvidenceFault("the QCOW disk is encrypted", where=str(path), advice=advice)
        below = disk.get_backing_filename()
        _with_parent(disk, path, below, files, lambda parent: opened(parent, stack, files))
        return disk

    return _open(paths, "QCOW2" if _qcow_version(paths[0]) > 1 else "QCOW", opened)


def open_dmg(paths: Sequence[Path]) -> LibraryContainer:
    """Open an Apple disk image (UDIF).

    Raises:
        OperatorFault: the file does not exist.
        EvidenceFault: it cannot be opened, or is encrypted.
    """
    import pymodi

    def opened(path: Path, stack: contextlib.ExitStack, files: list[ReadOnlyFile]) -> Any:  # noqa: ANN401
        handle = pymodi.handle()
        handle.open_file_object(_object(_file(path, stack, files)))
        stack.callback(handle.close)
        return handle

    return _open(paths, "DMG", opened)


def _open(
    paths: Sequence[Path], name: str, opened: Callable[[Path, contextlib.ExitStack, list[ReadOnlyFile]], Any]
) -> LibraryContainer:
    path = paths[0]
    with contextlib.ExitStack() as stack:
        files: list[ReadOnlyFile] = []
        try:
            handle = opened(path, stack, files)
            size = int(handle.get_media_size())
        except (OSError, RuntimeError, ValueError, MemoryError, OverflowError) as error:
            advice = "copy it again from its source, or convert it to raw"
            raise EvidenceFault(
                f"the {name} disk cannot be opened ({last_words(error)})", where=str(path), advice=advice
            ) from error
        if not 0 < size < _LARGEST:
            advice = "copy it again from its source"
            raise EvidenceFault(f"the {name} disk states a size of {size} bytes", where=str(path), advice=advice)
        segments = tuple(dict.fromkeys(str(file.path) for file in files))
        facts = ContainerFacts(name, size, 512, segments, problems=(NO_CHECKSUMS,))
        return LibraryContainer(handle, stack.pop_all(), facts)


def _file(path: Path, stack: contextlib.ExitStack, files: list[ReadOnlyFile]) -> ReadOnlyFile:
    if len(files) > _MOST_FILES:
        raise EvidenceFault("more files than any disk has", where=str(path), advice="copy it again from its source")
    file = stack.enter_context(open_exhibit_file(path))
    files.append(file)
    return file


_MOST_FILES = 4096


def _object(file: ReadOnlyFile) -> FileObject:
    return FileObject(file.pread, file.size)


def _beside(path: Path, name: str, stack: contextlib.ExitStack, files: list[ReadOnlyFile]) -> ReadOnlyFile:
    """Open a file that a disk names; it is looked for beside the disk only, whatever path is stated."""
    return _file(beside(path, name, "part of the disk"), stack, files)


def beside(path: Path, name: str, what: str) -> Path:
    """Return the file beside `path` that a disk names, whatever folder it states.

    Raises:
        EvidenceFault: it is not there.
    """
    found = path.with_name(name.replace("\\", "/").rsplit("/", 1)[-1] or path.name)
    if not found.is_file():
        advice = f"put it beside {path.name} in {path.parent}"
        raise EvidenceFault(f"{found.name}, {what}, is missing", where=str(path), advice=advice)
    return found


def _with_parent(
    disk: Any,  # noqa: ANN401
    path: Path,
    name: str | None,
    files: Sequence[ReadOnlyFile],
    opened: Callable[[Path], Any],
) -> None:
    """Give a disk that holds only changes the disk it builds on."""
    if not name:
        return
    parent = beside(path, name, "the disk it builds on")
    if any(parent == file.path for file in files):
        raise EvidenceFault("the disk says it builds on itself", where=str(path), advice="copy it again")
    disk.set_parent(opened(parent))


def _qcow_version(path: Path) -> int:
    with open_exhibit_file(path) as file:
        return int.from_bytes(file.pread(4, 4), "big")
