"""Members that are found one after another and opened later, as most openers of documents have them."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from sakshya.domain.entry import EntryKind, Times
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.archive import ArchiveMember
from sakshya.evidence.archives.packed.faults import as_fault
from sakshya.evidence.archives.packed.times import NO_TIMES
from sakshya.evidence.damage import reason_in, unreadable
from sakshya.evidence.file_object import FileObject


@dataclass(frozen=True, slots=True)
class Offer:
    """One member before it has a number: `content` gives its bytes or a stream of them when it is opened.

    `size` in bytes, None where only reading tells. `barrier` says, reason first, why it cannot be opened.
    """

    name: str
    content: Callable[[], bytes | BinaryIO]
    size: int | None = None
    times: Times = NO_TIMES
    barrier: str = ""


class OfferedArchive:
    """An archive whose members come from `offers`, numbered in their order; the list is made once, as it is asked for.

    `offers` may raise what it likes over broken bytes: what came before stands.
    """

    def __init__(self, format_name: str, offers: Iterator[Offer], letting_go: Callable[[], None] | None = None) -> None:
        self.format = format_name
        self._offers = offers
        self._known: list[Offer] = []
        self._fault: EvidenceFault | None = None
        self._letting_go = letting_go

    def members(self) -> Iterator[ArchiveMember]:
        """Yield the members in their own order.

        Raises:
            EvidenceFault: the list breaks off; what came before stands.
        """
        index = 0
        while self._reaches(index):
            one = self._known[index]
            yield ArchiveMember(index, one.name, EntryKind.FILE, one.size, one.times, one.barrier)
            index += 1
        if self._fault is not None:
            raise self._fault

    def open(self, index: int) -> BinaryIO:
        """Return one member's content.

        Raises:
            EvidenceFault: there is no such member, or it cannot be opened.
        """
        if not self._reaches(index):
            raise self._fault or unreadable(Reason.BAD_METADATA, f"there is no member {index}")
        one = self._known[index]
        if one.barrier:
            reason = reason_in(one.barrier)
            raise unreadable(reason, one.barrier.removeprefix(reason.value).lstrip(": "))
        with as_fault(one.name):
            content = one.content()
            return io.BytesIO(content) if isinstance(content, bytes) else content

    def close(self) -> None:
        """Let go of what is held."""
        self._offers = iter(())
        if self._letting_go is not None:
            self._letting_go()

    def _reaches(self, index: int) -> bool:
        while len(self._known) <= index and self._fault is None:
            try:
                with as_fault("the list of members breaks off"):
                    one = next(self._offers, None)
            except EvidenceFault as fault:
                self._fault = fault
                break
            if one is None:
                break
            self._known.append(one)
        return 0 <= index < len(self._known)


def bytes_at(stream: BinaryIO, offset: int, length: int) -> bytes:
    """Return up to `length` bytes of `stream` from `offset`, shorter only at its end."""
    stream.seek(offset)
    return stream.read(length)


def part(stream: BinaryIO, offset: int, length: int) -> BinaryIO:
    """Return `length` bytes of `stream` from `offset` as a stream of their own."""
    return cast(BinaryIO, FileObject(lambda at, wanted: bytes_at(stream, offset + at, wanted), length))


def part_offer(stream: BinaryIO, name: str, offset: int, length: int, times: Times = NO_TIMES) -> Offer:
    """Return the offer of `length` plain bytes of `stream` from `offset`."""
    return Offer(name, lambda: part(stream, offset, length), length, times)
