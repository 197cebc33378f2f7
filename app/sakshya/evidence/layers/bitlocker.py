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
    volume = _tried(window, "", "")
    if not volume.is_locked():
        return volume
    said: dict[str, None] = {}
    for key in filter(_is_text, keys):
        for setter, text in (("set_recovery_password", recovery_key(key)), ("set_password", key)):
            if text is None:
                continue
            try:
                volume = _tried(window, setter, text)
            except EvidenceFault as fault:
                if window.fault is not None:
                    raise
                # That there is no such protector is said for each kind of key that the volume does not know.
                said.update(dict.fromkeys([fault.what.split(": ", 2)[-1]] if "missing" not in fault.what else []))
                continue
            if not volume.is_locked():
                return volume
    if not keys:
        raise unreadable(Reason.ENCRYPTED, "BitLocker: no key was supplied", advice=_ADVICE)
    detail = f"BitLocker: none of the {len(keys)} supplied keys opens it"
    detail += f" (the reader says: {', '.join(said)})" if said else ""
    raise unreadable(Reason.ENCRYPTED, detail, advice=_ADVICE)


def _is_text(key: str) -> bool:
    """Tell a password from the bytes of a key file, which BitLocker does not know."""
    try:
        return bool(key.encode())
    except UnicodeEncodeError:
        return False


def _tried(window: Window, setter: str, key: str) -> "pybde.volume":
    """Return the volume as it opens after `key` was handed to `setter`, locked or not.

    Raises:
        EvidenceFault: the library cannot open it so.
    """
    # Loaded only when such a volume is met: the window's process must not hold a disk library.
    import pybde

    volume = pybde.volume()
    window.forget()
    try:
        if setter:
            getattr(volume, setter)(key)
        volume.open_file_object(window.file_object())
    except (OSError, RuntimeError, ValueError, TypeError, MemoryError) as error:
        if window.fault is not None:
            raise EvidenceFault(window.fault.what, where=window.fault.where, reason=window.fault.reason) from error
        detail = f"BitLocker: {last_words(error)}"
        advice = "the volume's metadata are damaged or of a kind that is not known; try another reader on a copy"
        raise unreadable(Reason.BAD_METADATA, detail, advice=advice) from error
    return volume
