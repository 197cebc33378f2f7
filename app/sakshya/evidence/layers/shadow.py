"""Volume shadow copies: older states that an NTFS volume keeps."""

from datetime import UTC

from sakshya.domain.exhibit import ContainerFacts
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import Container
from sakshya.evidence.damage import unreadable
from sakshya.evidence.layers.layer import Layer
from sakshya.evidence.layers.libyal import LibraryVolume, last_words
from sakshya.evidence.layers.window import Window

_HEADER_AT = 0x1E00
_IDENTIFIER = bytes.fromhex("6b87083876c1484eb7ae04046e6cc752")
_UNIT = 512
_MOST = 512


def open_shadow_copies(parent: Container, offset: int, length: int) -> list[Layer]:
    """Return the older states of the NTFS volume, in the order it lists them; [] where it keeps none.

    Raises:
        EvidenceFault: the volume says that it keeps some, and they cannot be listed.
    """
    window = Window(parent, offset, length)
    if window.read(_HEADER_AT, len(_IDENTIFIER)) != _IDENTIFIER:
        return []
    # Loaded only when such a volume is met: the window's process must not hold a disk library.
    import pyvshadow

    volume = pyvshadow.volume()
    try:
        volume.open_file_object(window.file_object())
        count = min(int(volume.get_number_of_stores()), _MOST)
        layers: list[Layer] = []
        for index in range(count):
            store = volume.get_store(index)
            created = store.get_creation_time().replace(tzinfo=UTC)
            facts = ContainerFacts("volume shadow copy", int(store.get_volume_size()), _UNIT, ())
            name = f"shadow copy of {created:%Y-%m-%dT%H:%M:%SZ}"
            layers.append(Layer(f"vss.{index + 1}", name, LibraryVolume(store, window, facts, volume)))
    except (OSError, RuntimeError, ValueError, OverflowError, MemoryError) as error:
        if window.fault is not None:
            raise EvidenceFault(window.fault.what, where=window.fault.where, reason=window.fault.reason) from error
        detail = f"volume shadow copies: {last_words(error)}"
        raise unreadable(Reason.BAD_METADATA, detail, advice="the live volume is not touched by this") from error
    return layers
