"""One file for each container format of a disk image."""

from sakshya.evidence.containers.container import Container
from sakshya.evidence.containers.detect import open_container

__all__ = ["Container", "open_container"]
