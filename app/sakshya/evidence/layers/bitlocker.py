"""BitLocker and BitLocker To Go, opened with a password, a recovery key or nothing where protection is suspended."""

import re
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
    import pybde

_SECTOR = 512
_GROUPS = re.compile(r"\d{6}(?:[-\s]\d{6}){7}|\d{48}")
_ADVICE = "supply its password or its recovery key of 48 digits"


def recovery_key(key: str) -> str | None:
    """Return a recovery key in the form with hyphens; None where `key` cannot be one.

    Each of the eight groups is a multiple of 11 below 720,896: a key with a slip of the pen is none.
    """
    if not _GROUPS.fullmatch(key.strip()):
        return None
    digits = re.sub(r"\D", "", key)
    groups = [digits[at : at + 6] for at in range(0, 48, 6)]
    if any(int(group) % 11 or int(group) >= 11 << 16 for group in groups):
        return None
    return "-".join(groups)


def open_bitlocker(parent: Container, offset: int, length: int, keys: Sequence[str]) -> list[Layer]:
    """Return the plain volume.

    Raises:
        EvidenceFault: no key opens it, or its metadata are damaged.
    """
    window = Window(parent, offset, length)
    volume = _opened(window, keys)
    size = int(volume.get_size())
    container = LibraryVolume(volume, window, ContainerFacts("BitLocker", size, _SECTOR, ()), volume)
    return [Layer("bde", "BitLocker, decrypted", container)]


def _opened(window: Window, keys: Sequence[str]) -> "pybde.volume":
    """Return the unlocked volume; a suspended one, whose key lies beside it in the clear, needs no key."""
    for key in (None, *keys):
        recovery = None if key is None else recovery_key(key)
        for password, digits in ((key, None), (None, recovery)):
            if key is not None and password is None and digits is None:
                continue
            volume = _tried(window, password, digits)
            if volume is not None:
                return volume
            if key is None:
                break
    if not keys:
        raise unreadable(Reason.ENCRYPTED, "BitLocker: no key was supplied", advice=_ADVICE)
    raise unreadable(Reason.ENCRYPTED, f"BitLocker: none of the {len(keys)} supplied keys opens it", advice=_ADVICE)


def _tried(window: Window, password: str | None, recovery: str | None) -> "pybde.volume | None":
    """Return the volume if this key opens it.

    Raises:
        EvidenceFault: it cannot be read, whatever the key.
    """
    # Loaded only when such a volume is met: the window's process must not hold a disk library.
    import pybde

    volume = pybde.volume()
    if password is not None and not _set(volume.set_password, password):
        return None
    if recovery is not None and not _set(volume.set_recovery_password, recovery):
        return None
    window.forget()
    try:
        volume.open_file_object(window.file_object())
        return None if volume.is_locked() else volume
    except (OSError, RuntimeError, ValueError, MemoryError) as error:
        if window.fault is not None:
            raise EvidenceFault(window.fault.what, where=window.fault.where, reason=window.fault.reason) from error
        detail = f"BitLocker: {last_words(error)}"
        advice = "the volume's metadata are damaged or of a kind that is not known; try another reader on a copy"
        raise unreadable(Reason.BAD_METADATA, detail, advice=advice) from error


def _set(setter: "object", key: str) -> bool:
    """Hand a key over; one that the library cannot take, such as text that is not Unicode, is no key of it."""
    assert callable(setter)
    try:
        setter(key)
    except (OSError, RuntimeError, ValueError, TypeError, MemoryError):
        return False
    return True
