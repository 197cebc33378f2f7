"""Digests of a file that we wrote ourselves."""

from pathlib import Path

from sakshya.domain.digests import Digests
from sakshya.media.digest import Digester


def digest_file(file: Path) -> Digests:
    """Return the digests of a file's content."""
    digester = Digester()
    with file.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digester.update(chunk)
    return digester.finish()
