"""Opens the file system that a signature names."""

from collections.abc import Sequence

from sakshya.evidence.containers.container import Container
from sakshya.evidence.filesystems.apfs import ApfsFileSystem
from sakshya.evidence.filesystems.filesystem import FileSystem
from sakshya.evidence.filesystems.signatures import Kind, Signature
from sakshya.evidence.filesystems.tsk import TskFileSystem
from sakshya.evidence.filesystems.udf import UdfFileSystem
from sakshya.evidence.filesystems.xfs import XfsFileSystem


def open_filesystem(
    container: Container, offset: int, length: int, signature: Signature, zone: str | None, keys: Sequence[str] = ()
) -> FileSystem:
    """Return the file system at `offset` of a container.

    Raises:
        EvidenceFault: it cannot be read.
    """
    assert signature.kind is not None
    if signature.kind is Kind.XFS:
        return XfsFileSystem(container, offset, length, zone)
    if signature.kind is Kind.APFS:
        return ApfsFileSystem(container, offset, length, zone, keys)
    if signature.kind is Kind.UDF:
        return UdfFileSystem(container, offset, length, zone)
    return TskFileSystem(container, offset, signature.kind, zone)
