"""A volume made from another one's bytes."""

from dataclasses import dataclass

from sakshya.evidence.containers.container import Container
from sakshya.evidence.filesystems.signatures import Signature


@dataclass(frozen=True, slots=True)
class Layer:
    """What was found in a volume: decrypted, a logical volume, or an older state.

    `token` names it in a locator ("luks", "lvm.0", "vss.2"), `name` on the screen. `runs` are (start in the layer,
    start in the parent container, length) where its bytes lie there plainly; empty where they are not plain. `claim` is
    the file system it is to be read as, None where its own marks are to tell.
    """

    token: str
    name: str
    container: Container
    runs: tuple[tuple[int, int, int], ...] = ()
    claim: Signature | None = None
