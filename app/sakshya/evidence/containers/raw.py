"""Raw disk images, whole or split into segments, and physical devices."""

import bisect
import contextlib
import itertools
from collections.abc import Sequence
from pathlib import Path

from sakshya.domain.exhibit import ContainerFacts, Damage
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Run
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import PieceByPiece
from sakshya.evidence.containers.segments import raw_segments
from sakshya.evidence.damage import damaged
from sakshya.evidence.readonly import ReadOnlyFile, open_exhibit_file

SECTOR = 512
_AROUND = 1 << 16


class RawContainer(PieceByPiece):
    """The bytes of one or more files, one after the other."""

    def __init__(self, files: Sequence[ReadOnlyFile], facts: ContainerFacts) -> None:
        super().__init__(facts)
        self._files = tuple(files)
        self._starts = tuple(itertools.accumulate((file.size for file in files), initial=0))

    def _piece(self, offset: int, length: int) -> bytes | Damage:
        index = bisect.bisect_right(self._starts, offset) - 1
        file, inside = self._files[index], offset - self._starts[index]
        length = min(length, file.size - inside)
        try:
            data = file.pread(inside, length)
        except OSError as error:
            return self._by_sector(offset, file, inside, error)
        if data:
            return data
        run = Run(offset, file.size - inside)
        return damaged(Reason.READ_ERROR, run, f"{file.path.name} became shorter while it was read")

    def _by_sector(self, offset: int, file: ReadOnlyFile, inside: int, error: OSError) -> bytes | Damage:
        """Return what comes before the bad sector, or the bad sector, so that one sector costs one sector."""
        for size in (_AROUND, SECTOR):
            end = min((inside // size + 1) * size, file.size)
            with contextlib.suppress(OSError):
                if data := file.pread(inside, end - inside):
                    return data
        end = min((inside // SECTOR + 1) * SECTOR, file.size)
        why = error.strerror or type(error).__name__
        start = inside // SECTOR * SECTOR
        run = Run(offset - inside + start, end - start)
        return damaged(Reason.READ_ERROR, run, f"{file.path.name} at byte {start} ({why})")

    def close(self) -> None:
        """Close the image files."""
        for file in self._files:
            file.close()


def open_raw(files: Sequence[Path]) -> RawContainer:
    """Open a raw exhibit; of a split one the first segment is enough.

    Raises:
        OperatorFault: a file does not exist.
        EvidenceFault: a segment is missing, empty or of the wrong length.
    """
    paths = list(files) if len(files) > 1 else raw_segments(files[0])
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(open_exhibit_file(path)) for path in paths]
        _check_lengths(opened)
        size = sum(file.size for file in opened)
        problems = () if size % SECTOR == 0 else (f"the length {size} is not a whole number of {SECTOR}-byte sectors",)
        facts = ContainerFacts(
            format="raw" if len(opened) == 1 else "split raw",
            size=size,
            sector_size=SECTOR,
            segments=tuple(str(file.path) for file in opened),
            problems=problems,
        )
        container = RawContainer(opened, facts)
        stack.pop_all()
    return container


def _check_lengths(files: Sequence[ReadOnlyFile]) -> None:
    first = files[0].size
    for number, file in enumerate(files[1:-1], start=2):
        if file.size != first:
            raise EvidenceFault(
                f"segment {number} is {file.size} bytes long, the first one {first}",
                where=str(file.path),
                advice="copy the segment again from its source",
            )
    if files[-1].size > first:
        raise EvidenceFault(
            f"the last segment is longer ({files[-1].size} bytes) than the first ({first})",
            where=str(files[-1].path),
            advice="the first segment is cut short or the files do not belong together; copy them again",
        )
