"""What the archive libraries raise, as the one fault that the rest of the program knows."""

import contextlib
import io
from collections.abc import Iterator
from typing import BinaryIO

from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.damage import unreadable


@contextlib.contextmanager
def as_fault(what: str) -> Iterator[None]:
    """Turn whatever a library raises over a broken file into an `EvidenceFault`."""
    try:
        yield
    except (EvidenceFault, MemoryError):
        raise
    except EOFError as error:
        raise unreadable(Reason.CUT_SHORT, f"{what}: the content ends too soon") from error
    except Exception as error:
        raise unreadable(Reason.BAD_METADATA, f"{what}: {error or type(error).__name__}") from error


class Checked(io.RawIOBase):
    """`stream`, of which every failure to read is an `EvidenceFault`."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Tell whether the stream is."""
        return self._stream.seekable()

    def tell(self) -> int:
        """Return the position."""
        return self._stream.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to `offset` and return where that is.

        Raises:
            EvidenceFault: what lies between cannot be read.
        """
        with as_fault("the content cannot be unpacked"):
            return self._stream.seek(offset, whence)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` from the position.

        Raises:
            EvidenceFault: the content is broken.
        """
        view = memoryview(buffer).cast("B")
        with as_fault("the content cannot be unpacked"):
            data = self._stream.read(len(view))
        view[: len(data)] = data
        return len(data)
