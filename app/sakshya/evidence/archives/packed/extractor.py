"""RAR members through bsdtar (libarchive), an outside program that reads an archive from a pipe and writes to one.

No byte of evidence reaches a file: the archive goes in by standard input, the members come out by standard output, one
after the other in the archive's order. Where one ends is what the archive states, and its CRC-32 proves it.
"""

import contextlib
import io
import os
import shutil
import subprocess
import sys
import threading
import zlib
from functools import cache
from pathlib import Path
from typing import BinaryIO

from sakshya.domain.unexamined import Reason
from sakshya.evidence.damage import unreadable

_CHUNK = 1 << 20


@cache
def extractor() -> str | None:
    """Return the program; None where it is not installed."""
    if sys.platform == "win32":
        # Windows ships it as its own tar.
        program = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "tar.exe")
        return str(program) if program.is_file() else None
    return shutil.which("bsdtar")


class Extraction:
    """One run of the program over the `size` bytes of `stream`, which nobody else may read meanwhile."""

    def __init__(self, program: str, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self._size = size
        self._process = subprocess.Popen(
            [program, "-xOf", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
        )
        self._ended = threading.Event()
        self._feeder = threading.Thread(target=self._feed, daemon=True)
        self._feeder.start()
        self.at = 0

    def read(self, length: int) -> bytes:
        """Return up to `length` bytes of what comes out; empty when nothing more does."""
        assert self._process.stdout is not None
        data = self._process.stdout.read(length)
        self.at += len(data)
        return data

    def close(self) -> None:
        """End the program; the stream is free again."""
        self._ended.set()
        self._process.kill()
        self._feeder.join()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self._process.wait()

    def _feed(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(Exception):
            # door: the exhibit failing in this thread shows as content that ends too soon
            for offset in range(0, self._size, _CHUNK):
                if self._ended.is_set():
                    return
                self._stream.seek(offset)
                self._process.stdin.write(self._stream.read(_CHUNK))
        with contextlib.suppress(OSError):
            self._process.stdin.close()


class ExtractedMember(io.RawIOBase):
    """The next `size` bytes of an extraction, whose CRC-32 must be `crc`."""

    def __init__(self, extraction: Extraction, size: int, crc: int) -> None:
        super().__init__()
        self._extraction = extraction
        self._start = extraction.at
        self._left = size
        self._crc = crc
        self._sum = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` from the position.

        Raises:
            EvidenceFault: the member ends too soon, or is not what the archive says it is.
        """
        view = memoryview(buffer).cast("B")
        wanted = min(len(view), self._left)
        if not wanted:
            return 0
        data = self._extraction.read(wanted)
        if not data:
            raise unreadable(Reason.CUT_SHORT, "the extractor ends before the member does")
        self._left -= len(data)
        self._sum = zlib.crc32(data, self._sum)
        if not self._left and self._sum != self._crc:
            raise unreadable(Reason.BAD_METADATA, "what the extractor gives has another CRC-32 than the member")
        view[: len(data)] = data
        return len(data)
