"""One stream read once: digests and a sniff of its first bytes in the same pass."""

from sakshya.domain.digests import Digests
from sakshya.domain.media import Kind
from sakshya.domain.source import Source
from sakshya.media.digest import Digester
from sakshya.media.sniff import HEAD_BYTES, UNKNOWN, sniff

# Whole chunks of an E01, and small enough that the allocator keeps giving out the same pages.
_CHUNK = 96 << 10


class Content:
    """What one reading of a stream told."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.digests: Digests
        self.sniffed = UNKNOWN
        self.size = 0
        self.head = b""

    @property
    def is_media(self) -> bool:
        """True for what is looked at: pictures and videos."""
        return self.sniffed.kind in (Kind.PICTURE, Kind.VIDEO)

    def read(self) -> None:
        """Read the stream to its end.

        Raises:
            EvidenceFault: some of it could not be read.
        """
        digester = Digester()
        head = b""
        for chunk in self._source.chunks(_CHUNK):
            digester.update(chunk)
            self.size += len(chunk)
            if len(head) < HEAD_BYTES:
                head += chunk[: HEAD_BYTES - len(head)]
        # How long a member of an archive is, only its end tells; of a file its entry does.
        short = len(head) < HEAD_BYTES or bool(self._source.locator.inside)
        self.sniffed = sniff(head, self.size if short else self._source.size)
        self.digests = digester.finish()
        self.head = head
