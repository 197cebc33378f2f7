"""Core Storage volumes of macOS: FileVault 2, and plain ones."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sakshya.domain.exhibit import ContainerFacts
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import Container
from sakshya.evidence.damage import unreadable
from sakshya.evidence.layers.layer import Layer
from sakshya.evidence.layers.libyal import LibraryVolume, last_words
from sakshya.evidence.layers.window import Window

if TYPE_CHECKING:
    import pyfvde

_SECTOR = 512
_MOST = 64
_ERRORS = (OSError, RuntimeError, ValueError, TypeError, MemoryError)
_ADVICE = "supply the password of a user of the volume, or its recovery key"


def open_core_storage(parent: Container, offset: int, length: int, keys: Sequence[str]) -> list[Layer]:
    """Return the logical volumes.

    Raises:
        EvidenceFault: no key opens any, or the metadata are damaged.
    """
    window = Window(parent, offset, length)
    volume, group = _group(window)
    count = min(int(group.get_number_of_logical_volumes()), _MOST)
    layers: list[Layer] = []
    locked = 0
    for index in range(count):
        logical = group.get_logical_volume(index)
        if not _unlocked(logical, keys):
            locked += 1
            continue
        size = int(logical.get_size())
        facts = ContainerFacts("Core Storage", size, _SECTOR, ())
        token = "fvde" if count == 1 else f"fvde.{index}"
        name = logical.get_name()
        text = f"Core Storage volume {name}" if name else "Core Storage volume"
        layers.append(Layer(token, text, LibraryVolume(logical, window, facts, (volume, group))))
    if layers or not locked:
        return layers
    if not keys:
        raise unreadable(Reason.ENCRYPTED, "FileVault 2: no key was supplied", advice=_ADVICE)
    raise unreadable(Reason.ENCRYPTED, f"FileVault 2: none of the {len(keys)} supplied keys opens it", advice=_ADVICE)


def _group(window: Window) -> "tuple[pyfvde.volume, pyfvde.volume_group]":
    # Loaded only when such a volume is met: the window's process must not hold a disk library.
    import pyfvde

    volume = pyfvde.volume()
    source = window.file_object()
    try:
        volume.open_file_object(source)
        volume.open_physical_volume_files_as_file_objects([source])
        return volume, volume.get_volume_group()
    except _ERRORS as error:
        if window.fault is not None:
            raise EvidenceFault(window.fault.what, where=window.fault.where, reason=window.fault.reason) from error
        advice = "a volume over several disks (Fusion) is not read; else its metadata are damaged"
        raise unreadable(Reason.BAD_METADATA, f"Core Storage: {last_words(error)}", advice=advice) from error


def _unlocked(logical: "pyfvde.logical_volume", keys: Sequence[str]) -> bool:
    try:
        if not logical.is_locked():
            return True
    except _ERRORS:
        return False
    return any(_opens(logical, setter, key) for key in keys for setter in ("set_password", "set_recovery_password"))


def _opens(logical: "pyfvde.logical_volume", setter: str, key: str) -> bool:
    try:
        getattr(logical, setter)(key)
        logical.unlock()
        return not logical.is_locked()
    except _ERRORS:
        return False
