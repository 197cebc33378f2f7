"""Reads a whole file system at one go, where there is a reader for it that does."""

from sakshya.domain.faults import EvidenceFault
from sakshya.evidence.containers.container import Container
from sakshya.evidence.filesystems.census import Census
from sakshya.evidence.filesystems.ext_directories import read_names
from sakshya.evidence.filesystems.ext_inodes import ext_layout, read_objects
from sakshya.evidence.filesystems.filesystem import FileSystem
from sakshya.evidence.filesystems.signatures import Kind


def take_census(fs: FileSystem, container: Container, offset: int) -> Census | None:
    """Return the census of the file system at `offset` of the container.

    None where it is of another kind, has anything in it that is not read this way, or lies on damage.
    """
    if fs.kind is not Kind.EXT4:
        return None

    def read(at: int, length: int) -> bytes:
        return container.read_at(offset + at, length)

    try:
        layout = ext_layout(read)
        objects = read_objects(read, layout, offset) if layout else None
        if layout is None or objects is None:
            return None
        return Census(objects, read_names(container.read_at, layout, objects, fs.root))
    except (EvidenceFault, IndexError, ValueError):
        return None
