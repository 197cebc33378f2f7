"""Opens exhibits that are files and not a disk."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from sakshya.evidence.containers.container import Container
from sakshya.evidence.filesystems.filesystem import FileSystem


@runtime_checkable
class LogicalContainer(Container, Protocol):
    """An exhibit whose files are named by the container itself."""

    def filesystem(self, zone: str | None, keys: Sequence[str]) -> FileSystem:
        """Return its tree of files.

        Raises:
            EvidenceFault: the tree cannot be read.
        """


def open_logical(path: Path, head: bytes) -> LogicalContainer | None:
    """Open a folder or an archive as an exhibit; None where it is neither.

    Raises:
        EvidenceFault: it cannot be listed at all.
    """
    # Here, because the archives' libraries are needed for such exhibits only.
    from sakshya.evidence.logical.archive_input import open_archive_input
    from sakshya.evidence.logical.folder import open_folder
    from sakshya.evidence.logical.l01 import MARKS, open_l01

    if name := next((name for mark, name in MARKS.items() if head.startswith(mark)), None):
        return open_l01(path, name)
    return open_folder(path) if path.is_dir() else open_archive_input(path, head)


def open_logical_aff4(path: Path) -> LogicalContainer | None:
    """Open an AFF4 volume that keeps files; None where it keeps a disk.

    Raises:
        EvidenceFault: its description makes no sense.
    """
    from sakshya.evidence.logical.aff4_logical import open_aff4_logical

    return open_aff4_logical(path)
