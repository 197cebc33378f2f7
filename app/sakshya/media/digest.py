"""Three digests of one content in one pass."""

import hashlib

from sakshya.domain.digests import Digests


class Digester:
    """Takes a content piece by piece; `finish` gives MD5, SHA-1 and SHA-256 of all of it.

    The three are computed for identification against known lists, not for security, so a FIPS-bound interpreter
    still offers MD5.
    """

    __slots__ = ("_md5", "_sha1", "_sha256")

    def __init__(self) -> None:
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._sha1 = hashlib.sha1(usedforsecurity=False)
        self._sha256 = hashlib.sha256(usedforsecurity=False)

    def update(self, piece: bytes | bytearray | memoryview) -> None:
        """Add the next bytes of the content."""
        self._md5.update(piece)
        self._sha1.update(piece)
        self._sha256.update(piece)

    def finish(self) -> Digests:
        """Return the digests of everything added so far; more may be added afterwards."""
        return Digests(self._md5.hexdigest(), self._sha1.hexdigest(), self._sha256.hexdigest())
