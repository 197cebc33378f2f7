"""What reading processes are started with.

This module imports little: every reading process loads it anew, and the window's process, which names these functions,
must not load the disk library.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sakshya.domain.entry import VolumeTable
from sakshya.domain.exhibit import ContainerFacts, Damage, Exhibit
from sakshya.domain.locator import Locator
from sakshya.domain.media import Kind
from sakshya.evidence.attach import VerifyProgress, VerifyResult, describe, verify
from sakshya.media.sniff import HEAD_BYTES, sniff

if TYPE_CHECKING:
    from sakshya.evidence.tree import ExhibitReader


def describe_there(files: tuple[str, ...]) -> Iterator[ContainerFacts]:
    """Yield what the image files say of themselves."""
    yield describe(files)


def verify_there(exhibit: Exhibit) -> Iterator[VerifyProgress | VerifyResult]:
    """Yield progress while the whole exhibit is hashed, then the result; it is ended from outside."""
    yield from verify(exhibit, bool)


def table_there(exhibit: Exhibit) -> Iterator[VolumeTable]:
    """Yield how an exhibit is divided, with what its keys open."""
    with _open(exhibit) as reader:
        yield reader.table


def damaged_files_there(exhibit: Exhibit, damage: Sequence[Damage]) -> Iterator[tuple[Locator, Damage]]:
    """Yield every file that lies on damage, with the part it lies on."""
    from sakshya.evidence.damaged_files import files_on

    yield from files_on(exhibit, damage)


def kind_there(exhibit: Exhibit, locator: Locator) -> Iterator[Kind]:
    """Yield what the content at a locator is, told from its first bytes."""
    with _open(exhibit) as reader:
        source = reader.source(locator)
        yield sniff(source.read_at(0, HEAD_BYTES), source.size).kind


def bytes_there(exhibit: Exhibit, locator: Locator) -> Iterator[bytes]:
    """Yield the content at a locator in pieces."""
    with _open(exhibit) as reader:
        yield from reader.source(locator).chunks()


def _open(exhibit: Exhibit) -> "ExhibitReader":
    from sakshya.evidence.tree import ExhibitReader

    return ExhibitReader(exhibit)
