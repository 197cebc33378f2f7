"""Opens the file system that a signature names."""

from collections.abc import Sequence

from sakshya.evidence.containers.container import Container
from sakshya.evidence.filesystems.filesystem import FileSystem
from sakshya.evidence.filesystems.library_tree import ApfsFileSystem, XfsFileSystem
from sakshya.evidence.filesystems.signatures import Kind, Signature
from sakshya.evidence.filesystems.tsk import TskFileSystem


def open_filesystem(
    container: Container, offset: int, length: int, signature: Signature, zone: str | None, keys: Sequence[str] = ()
) -> FileSystem:
    """Return the file system at `offset` of a container.

    Raises:
        EvidenceFault: it cannot be read.
    """
    assert signature.kind is not None
    if signature.kind is Kind.XFS:
        return XfsFileSystem(container, offset, length)
    if signature.kind is Kind.APFS:
        return ApfsFileSystem(container, offset, length, keys)
    return TskFileSystem(container, offset, signature.kind, zone)
