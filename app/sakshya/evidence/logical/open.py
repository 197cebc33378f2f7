"""Opens exhibits that are files and not a disk."""

from collections.abc import Sequence
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
