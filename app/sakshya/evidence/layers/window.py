"""A stretch of a container, read strictly: what is damaged or missing raises, and is never zeros."""

from sakshya.domain.exhibit import Damage
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Run
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import Container
from sakshya.evidence.damage import damaged, reason_in, unreadable
from sakshya.evidence.file_object import FileObject


class Window:
    """`length` bytes of `parent` from `offset`; the last fault is kept, for libraries that swallow it."""

    def __init__(self, parent: Container, offset: int, length: int) -> None:
        self._parent = parent
        self._offset = offset
        self.length = length
        self.fault: EvidenceFault | None = None

    def read(self, at: int, length: int) -> bytes:
        """Return exactly `length` bytes from `at`, fewer only at the window's own end.

        Raises:
            EvidenceFault: a byte is damaged, or lies beyond the parent's end.
        """
        length = min(length, self.length - at)
        if at < 0 or length <= 0:
            return b""
        try:
            data = self._parent.read_at(self._offset + at, length)
        except EvidenceFault as fault:
            self.fault = fault
            raise
        if len(data) < length:
            text = f"byte {self._offset + at + len(data)} of the volume's container is not there"
            self.fault = unreadable(Reason.BEYOND_END, text)
            raise self.fault
        return data

    def forget(self) -> None:
        """Drop the last fault, before a library is asked for something new."""
        self.fault = None

    def file_object(self) -> FileObject:
        """Return the window as the disk libraries read it."""
        return FileObject(self.read, self.length)


def damage_from(fault: EvidenceFault, run: Run) -> Damage:
    """Return the damage of a layer's run whose bytes below it could not be read."""
    reason = reason_in(fault.what)
    return damaged(reason, run, fault.what.removeprefix(f"{reason.value}: "))
