"""Streams of an exhibit, read by address."""

from collections.abc import Iterator
from dataclasses import dataclass

from sakshya.domain.locator import Locator
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import Container
from sakshya.evidence.damage import reason_in, unreadable
from sakshya.evidence.filesystems.filesystem import FileSystem, Stream

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileSource:
    """One stream of a file, allocated or not."""

    locator: Locator
    fs: FileSystem
    stream: Stream
    address: int
    is_deleted: bool

    @property
    def size(self) -> int:
        """Length in bytes as the file system states it."""
        return self.stream.size

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`; shorter only at the end.

        Raises:
            EvidenceFault: the bytes could not be read, are damaged, or are kept in a form that is not read.
        """
        if self.stream.barrier:
            reason = reason_in(self.stream.barrier)
            detail = self.stream.barrier.removeprefix(reason.value).lstrip(": ")
            raise unreadable(reason, detail, where=self._where())
        parts: list[bytes] = []
        end = min(offset + length, self.size)
        while offset < end:
            part = self.fs.read(self.address, self.stream, offset, min(_CHUNK, end - offset))
            if not part:
                self._cut_short(offset)
                break
            parts.append(part)
            offset += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def chunks(self, size: int = _CHUNK) -> Iterator[bytes]:
        """Yield the whole stream once, in order, in pieces of at most `size` bytes.

        Raises:
            EvidenceFault: the bytes could not be read.
        """
        for offset in range(0, self.size, size):
            piece = self.read_at(offset, size)
            if piece:
                yield piece
            if len(piece) < min(size, self.size - offset):
                return

    def _cut_short(self, offset: int) -> None:
        """A deleted file gives what is left of it; a live one must not."""
        if not self.is_deleted:
            detail = f"the file system states {self.size} bytes, {offset} can be read"
            raise unreadable(Reason.BAD_METADATA, detail, where=self._where())

    def _where(self) -> str:
        return f"{self.locator.exhibit} {self.locator.path}"


@dataclass(frozen=True, slots=True)
class RunSource:
    """Stretches of an exhibit that are no file."""

    locator: Locator
    container: Container

    @property
    def size(self) -> int:
        """Length in bytes of all stretches together."""
        return sum(run.length for run in self.locator.runs)

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`; shorter only at the end.

        Raises:
            EvidenceFault: the bytes could not be read.
        """
        parts: list[bytes] = []
        end, at = offset + length, 0
        for run in self.locator.runs:
            low, high = max(at, offset), min(at + run.length, end)
            if low < high:
                part = self.container.read_at(run.offset + low - at, high - low)
                parts.append(part)
                if len(part) < high - low:
                    detail = f"the stretch at {run.offset} reaches beyond it"
                    raise unreadable(Reason.BEYOND_END, detail, where=str(self.locator))
            at += run.length
        return b"".join(parts)

    def chunks(self, size: int = _CHUNK) -> Iterator[bytes]:
        """Yield the whole stream once, in order, in pieces of at most `size` bytes.

        Raises:
            EvidenceFault: the bytes could not be read.
        """
        for offset in range(0, self.size, size):
            yield self.read_at(offset, size)
