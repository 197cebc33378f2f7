"""Opens the volumes that lie in a volume."""

from collections.abc import Callable, Sequence

from sakshya.evidence.containers.container import Container
from sakshya.evidence.layers.bitlocker import open_bitlocker
from sakshya.evidence.layers.filevault import open_core_storage
from sakshya.evidence.layers.layer import Layer
from sakshya.evidence.layers.luks import open_luks
from sakshya.evidence.layers.lvm import open_lvm
from sakshya.evidence.layers.shadow import open_shadow_copies

Opener = Callable[[Container, int, int, Sequence[str]], list[Layer]]
_OPENERS: dict[str, Opener] = {
    "LUKS": open_luks,
    "BitLocker": open_bitlocker,
    "Apple Core Storage": open_core_storage,
    "LVM": open_lvm,
}
LAYERED = frozenset(_OPENERS)


def open_layers(name: str, parent: Container, offset: int, length: int, keys: Sequence[str]) -> list[Layer]:
    """Return the volumes in the one that `identify` calls `name`.

    Raises:
        EvidenceFault: no key opens it, or it is damaged.
    """
    return _OPENERS[name](parent, offset, length, keys)


def shadow_copies(parent: Container, offset: int, length: int) -> list[Layer]:
    """Return the older states that an NTFS volume keeps, in the order it lists them; [] where it keeps none.

    Raises:
        EvidenceFault: the volume says that it keeps some, and they cannot be listed.
    """
    return open_shadow_copies(parent, offset, length)
