"""A volume whose sectors are deciphered as they are read."""

from sakshya.domain.exhibit import ContainerFacts, Damage
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Run
from sakshya.evidence.containers.container import PieceByPiece
from sakshya.evidence.layers.ciphers import SECTOR, SectorCipher
from sakshya.evidence.layers.window import Window, damage_from

_AT_ONCE = 1 << 18


class SectorContainer(PieceByPiece):
    """The plain bytes of a window; the part after the last whole sector is not part of the volume."""

    def __init__(self, window: Window, cipher: SectorCipher, facts: ContainerFacts, first: int = 0) -> None:
        """Decipher `window`, whose first sector has the number `first`, in sectors of `facts.sector_size`."""
        super().__init__(facts)
        self._window = window
        self._cipher = cipher
        self._first = first
        self._last: tuple[int, bytes] = (0, b"")

    def _piece(self, offset: int, length: int) -> bytes | Damage:
        start, plain = self._last
        if not start <= offset < start + len(plain):
            sector = self.facts.sector_size
            start = offset // sector * sector
            end = min(-(-(offset + length) // sector) * sector, start + _AT_ONCE, self.size)
            found = self._deciphered(start, end - start)
            if isinstance(found, Damage):
                return found
            plain = found
            self._last = (start, plain)
        return plain[offset - start : offset - start + length]

    def _deciphered(self, start: int, length: int) -> bytes | Damage:
        """Return what can be read from `start`: all, or one sector, or that sector's damage."""
        sector = self.facts.sector_size
        for size in dict.fromkeys((length, sector)):
            try:
                data = self._window.read(start, size)
            except EvidenceFault as fault:
                damage = damage_from(fault, Run(start, sector))
                continue
            return self._cipher.decrypt(data, self._first + start // SECTOR)
        return damage

    def close(self) -> None:
        """Let go of the bytes; the parent stays open."""
        self._last = (0, b"")
