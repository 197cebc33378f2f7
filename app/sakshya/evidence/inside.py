"""Streams inside files: members of archives, pictures in documents, whatever depth they lie at."""

import io
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import BinaryIO, TypeVar

from sakshya.domain.entry import Entry
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Locator, Member
from sakshya.domain.source import Source
from sakshya.domain.source_stream import SourceStream
from sakshya.domain.unexamined import Of, Reason, Stage, Unexamined
from sakshya.evidence.archives.archive import Archive, ArchiveMember
from sakshya.evidence.archives.limits import Limits
from sakshya.evidence.archives.open import open_archive
from sakshya.evidence.damage import reason_in, unreadable

_CHUNK = 1 << 20
_KEEP = 64 << 20
_OPEN = 4
_BUFFER = 1 << 16
_Result = TypeVar("_Result")


class Inside:
    """Opens what lies inside files of one exhibit; the archives asked for last stay open."""

    def __init__(
        self, outer: Callable[[Locator], Source], keys: Sequence[str] = (), limits: Limits | None = None
    ) -> None:
        self._outer = outer
        self._keys = keys
        self.limits = limits or Limits()
        self._open: OrderedDict[tuple[str, str], tuple[Archive, int]] = OrderedDict()

    def source(self, locator: Locator) -> "MemberSource":
        """Return the stream of a member.

        Raises:
            EvidenceFault: what it lies in cannot be opened.
        """
        member = locator.inside[-1]
        archive, size = self._archive(_holder(locator), member.format)
        return MemberSource(locator, archive, member.index, self.limits, size)

    def entries(self, holder: Locator, format_name: str) -> Iterator[Entry | Unexamined]:
        """Yield the members of the file at `holder` as entries, and last why there may be more.

        Raises:
            EvidenceFault: the file cannot be opened as what it seems to be.
        """
        if len(holder.inside) >= self.limits.depth:
            detail = f"{format_name} at depth {len(holder.inside)}: its members were not read"
            yield _left_out(holder, Reason.TOO_DEEP, detail)
            return
        try:
            archive, size = self._archive(holder, format_name)
            left, skipped = min(self.limits.together, max(self.limits.free_of_ratio, self.limits.ratio * size)), 0
            for count, member in enumerate(archive.members()):
                if count >= self.limits.members:
                    yield _left_out(holder, Reason.TOO_MANY, f"members after the first {count} were not read")
                    break
                if (member.size or 0) > left:
                    skipped += 1
                    continue
                left -= max(0, member.size or 0)
                yield _entry(holder, format_name, member)
            if skipped:
                detail = f"{skipped} members that would have made more of the file than is read were left out"
                yield _left_out(holder, Reason.TOO_LARGE, detail)
        except EvidenceFault as fault:
            yield _left_out(holder, reason_in(fault.what), f"the list of members breaks off: {fault.what}")

    def close(self) -> None:
        """Close every archive that is open."""
        while self._open:
            _drop(self._open.popitem()[1][0])

    def _archive(self, holder: Locator, format_name: str) -> tuple[Archive, int]:
        """Return the file at `holder` opened as an archive, and its length in bytes."""
        key = (str(holder), format_name)
        if key not in self._open:
            source = self._outer(holder)
            stream = io.BufferedReader(SourceStream(source), _BUFFER)
            self._open[key] = open_archive(format_name, stream, source.size, self._keys), source.size
            while len(self._open) > _OPEN:
                _drop(self._open.popitem(last=False)[1][0])
        self._open.move_to_end(key)
        return self._open[key]


@dataclass(slots=True)
class MemberSource:
    """One member's stream. It is read forward; going back begins anew, unless the member is small enough to keep."""

    locator: Locator
    archive: Archive
    index: int
    limits: Limits
    holder_size: int
    _size: int | None = None
    _kept: bytes | None = None
    _stream: BinaryIO | None = None
    _at: int = 0

    @property
    def size(self) -> int:
        """Length in bytes, counted: what an archive states is not believed.

        Raises:
            EvidenceFault: the member cannot be read to its end.
        """
        if self._size is None:
            self._measure()
        assert self._size is not None
        return self._size

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`; shorter only at the end.

        Raises:
            EvidenceFault: the bytes could not be read.
        """
        if self._size is None:
            self._measure()
        if self._kept is not None:
            return self._kept[offset : offset + length]
        if self._stream is None or offset < self._at:
            self._stream, self._at = self._opened(), 0
        while self._at < offset:
            skipped = self._read(self._stream, min(_CHUNK, offset - self._at), self._at)
            if not skipped:
                return b""
            self._at += len(skipped)
        parts = []
        while length > 0 and (part := self._read(self._stream, min(_CHUNK, length), self._at)):
            parts.append(part)
            self._at += len(part)
            length -= len(part)
        return b"".join(parts)

    def chunks(self, size: int = _CHUNK) -> Iterator[bytes]:
        """Yield the whole stream once, in order, in pieces of at most `size` bytes.

        Raises:
            EvidenceFault: the bytes could not be read, or are more than the limit.
        """
        if self._kept is not None:
            for offset in range(0, len(self._kept), size):
                yield self._kept[offset : offset + size]
            return
        stream, done = self._opened(), 0
        kept: list[bytes] | None = []
        while part := self._read(stream, size, done):
            done += len(part)
            if done > self._most():
                detail = f"stopped after {done} bytes, the limit for a member of a file of {self.holder_size} bytes"
                raise unreadable(Reason.TOO_LARGE, detail, where=str(self.locator))
            if kept is not None:
                kept.append(part)
                if done > _KEEP:
                    kept = None
            yield part
        self._size = done
        if kept is not None:
            self._kept, self._stream = b"".join(kept), None

    def _most(self) -> int:
        limits = self.limits
        return min(limits.member, max(limits.free_of_ratio, limits.ratio * self.holder_size))

    def _measure(self) -> None:
        for _ in self.chunks():
            pass

    def _opened(self) -> BinaryIO:
        return self._guarded(lambda: self.archive.open(self.index), "as it was opened")

    def _read(self, stream: BinaryIO, size: int, at: int) -> bytes:
        return self._guarded(lambda: stream.read(size), f"after {at} bytes")

    def _guarded(self, action: Callable[[], _Result], when: str) -> _Result:
        try:
            return action()
        except (EvidenceFault, MemoryError):
            raise
        except Exception as error:  # door: libraries raise what they like over a broken member
            detail = f"{when}: {error or type(error).__name__}"
            raise unreadable(Reason.BAD_METADATA, detail, where=str(self.locator)) from error


def _drop(archive: Archive) -> None:
    with suppress(EvidenceFault, OSError, ValueError):
        archive.close()


def _holder(locator: Locator) -> Locator:
    return replace(locator, inside=locator.inside[:-1])


def _entry(holder: Locator, format_name: str, member: ArchiveMember) -> Entry:
    locator = replace(holder, inside=(*holder.inside, Member(format_name, member.index, member.name)))
    size = max(0, member.size or 0)
    return Entry(locator, format_name, member.kind, size, True, member.times)


def _left_out(holder: Locator, reason: Reason, detail: str) -> Unexamined:
    return Unexamined(holder.exhibit, Of.MEMBER, Stage.UNPACK, reason, detail, holder)
