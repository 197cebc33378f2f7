"""The bytes of an exhibit as The Sleuth Kit asks for them."""

from collections.abc import Callable

import pytsk3

from sakshya.domain.exhibit import Damage
from sakshya.domain.faults import EvidenceFault
from sakshya.evidence.containers.container import Container


class View(pytsk3.Img_Info):  # type: ignore[misc]  # the library has no types
    """An exhibit from `offset` on.

    An error raised inside `read` would spoil neighbouring reads too, because the library fills a cache of 64 KiB at a
    time: damage is read around, remembered here, and turned into a fault where a file's own bytes lie on it.
    `hide`, where set, changes what the library is shown.
    """

    def __init__(self, container: Container, offset: int) -> None:
        self._container = container
        self._offset = offset
        self.damage: dict[Damage, None] = {}
        self.hide: Callable[[int, bytes], bytes] | None = None
        self._new: list[Damage] = []
        super().__init__(url="", type=pytsk3.TSK_IMG_TYPE_EXTERNAL)

    def close(self) -> None:
        """Leave the container open; it belongs to the reader."""

    def get_size(self) -> int:
        """Return the number of bytes from `offset` to the exhibit's end."""
        return self._container.size - self._offset

    def read(self, offset: int, length: int) -> bytes:
        """Return `length` bytes from `offset`, zeros where they are damaged."""
        data = self.read_plain(offset, length)
        return data if self.hide is None else self.hide(offset, data)

    def read_plain(self, offset: int, length: int) -> bytes:
        """Return `length` bytes from `offset` as they stand, zeros where they are damaged."""
        try:
            return self._container.read_at(self._offset + offset, length)
        except EvidenceFault:
            data, met = self._container.read_around_damage(self._offset + offset, length)
            for damage in met:
                if damage not in self.damage:
                    self.damage[damage] = None
                    self._new.append(damage)
            return data

    def take_new(self) -> list[Damage]:
        """Return the damage met since the last call."""
        taken, self._new = self._new, []
        return taken
