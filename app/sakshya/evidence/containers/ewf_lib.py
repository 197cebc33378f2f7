"""Ex01 exhibits through libewf, which our own reader does not know."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sakshya.domain.exhibit import ContainerFacts, Damage, StatedDigest
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Run
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import PieceByPiece
from sakshya.evidence.damage import damaged
from sakshya.evidence.readonly import open_exhibit_file

if TYPE_CHECKING:
    import pyewf

_UNIT = 1 << 15
# libewf gives zeros for a damaged chunk without saying so; only the stored digest over the whole exhibit can tell.
SILENT = "damage inside this format shows only in the digest of the whole exhibit: verify before relying on it"


class LibewfContainer(PieceByPiece):
    """The bytes of an exhibit as libewf gives them."""

    def __init__(self, handle: "pyewf.handle", facts: ContainerFacts) -> None:
        super().__init__(facts)
        self._handle = handle

    def _piece(self, offset: int, length: int) -> bytes | Damage:
        try:
            self._handle.seek(offset)
            data: bytes = self._handle.read(min(length, 1 << 20))
        except OSError as error:
            return self._small(offset, error)
        return data or damaged(Reason.READ_ERROR, Run(offset, self.size - offset), "libewf gives no more bytes")

    def _small(self, offset: int, error: OSError) -> bytes | Damage:
        end = min((offset // _UNIT + 1) * _UNIT, self.size)
        try:
            self._handle.seek(offset)
            data: bytes = self._handle.read(end - offset)
        except OSError:
            data = b""
        return data or damaged(Reason.DAMAGED_CHUNK, Run(offset, end - offset), str(error).split(":")[-1].strip())

    def close(self) -> None:
        """Close the segment files."""
        self._handle.close()


def open_with_libewf(files: Sequence[Path]) -> LibewfContainer:
    """Open an Ex01 exhibit; the first segment is enough.

    Raises:
        OperatorFault: the file does not exist.
        EvidenceFault: libewf cannot open it.
    """
    # Loaded only when such a file is met: the window's process must not hold a disk library.
    import pyewf

    first = files[0]
    open_exhibit_file(first).close()
    handle = pyewf.handle()
    try:
        names = pyewf.glob(str(first)) if len(files) == 1 else [str(path) for path in files]
        handle.open(names)
        size, sector = int(handle.get_media_size()), int(handle.get_bytes_per_sector())
        stored = tuple(
            StatedDigest(name.lower(), value.lower(), "container")
            for name, value in (handle.get_hash_values() or {}).items()
            if name in ("MD5", "SHA1") and value
        )
        values = tuple((key.replace("_", " "), str(value)) for key, value in (handle.get_header_values() or {}).items())
    except (OSError, RuntimeError, ValueError) as error:
        reason = str(error).split(":")[-1].strip()
        raise EvidenceFault(
            f"the EWF file cannot be opened ({reason})", where=str(first), advice="copy it again"
        ) from error
    facts = ContainerFacts("Ex01", size, sector, tuple(names), stored, values, (SILENT,))
    return LibewfContainer(handle, facts)
