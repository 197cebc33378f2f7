"""Further file systems that claim a volume beside the first one recognised."""

from sakshya.domain.exhibit import ContainerFacts, Damage
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Run
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import Container, PieceByPiece
from sakshya.evidence.damage import damaged
from sakshya.evidence.filesystems.signatures import Read, identify_all
from sakshya.evidence.layers.layer import Layer
from sakshya.evidence.layers.window import Window, damage_from

CLAIM = "as"
_SECTOR = 512


class WindowContainer(PieceByPiece):
    """A stretch of another container, byte for byte."""

    def __init__(self, window: Window, facts: ContainerFacts) -> None:
        super().__init__(facts)
        self._window = window

    def _piece(self, offset: int, length: int) -> bytes | Damage:
        end = min((offset // _SECTOR + 1) * _SECTOR, self.size)
        for size in dict.fromkeys((length, min(length, end - offset))):
            try:
                data = self._window.read(offset, size)
            except EvidenceFault as fault:
                found = damage_from(fault, Run(offset, end - offset))
                continue
            return data or damaged(Reason.BEYOND_END, Run(offset, self.size - offset), "beyond the volume's end")
        return found

    def close(self) -> None:
        """Nothing is held; the parent stays open."""


def other_claims(read: Read, parent: Container, offset: int, length: int) -> list[Layer]:
    """Return the volume once more for each further file system that can be read and claims it.

    `read` gives the volume's bytes around damage, as for `identify`.
    """
    size = max(0, min(length, parent.size - offset))
    layers: list[Layer] = []
    for index, signature in enumerate(identify_all(read, size)[1:], start=1):
        if signature.kind is not None:
            facts = ContainerFacts(signature.name, size, _SECTOR, ())
            container = WindowContainer(Window(parent, offset, size), facts)
            text = f"the same volume, as the {signature.name} that claims it too"
            layers.append(Layer(f"{CLAIM}.{index}", text, container, ((0, offset, size),), signature))
    return layers
