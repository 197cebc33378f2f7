"""The zip file that an AFF4 volume is: its members, read in place and within bounds."""

import struct
import zipfile
import zlib
from typing import BinaryIO
from urllib.parse import quote

from sakshya.domain.faults import EvidenceFault
from sakshya.evidence.file_object import FileObject
from sakshya.evidence.readonly import ReadOnlyFile

TURTLE = "information.turtle"
_LOCAL = 30
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, struct.error, ValueError, NotImplementedError, OSError, EOFError)


class Aff4Volume:
    """The members of one AFF4 file, by name."""

    def __init__(self, file: ReadOnlyFile) -> None:
        self._file = file
        self.where = str(file.path)
        stream: BinaryIO = FileObject(file.pread, file.size)  # type: ignore[assignment]
        try:
            self._zip = zipfile.ZipFile(stream)
        except (*_ZIP_FAULTS, RuntimeError, MemoryError) as error:
            raise self.fault(f"its zip directory cannot be read ({error})") from error
        self._members = {member.filename: member for member in self._zip.infolist()}
        self._starts: dict[str, int] = {}
        comment = self._zip.comment.split(b"\0")[0].decode("ascii", "replace")
        self.urn = comment if comment.startswith("aff4://") else self._described()

    def _described(self) -> str:
        if "container.description" not in self._members:
            return ""
        return self.whole("container.description", 4096).decode("ascii", "replace").strip("\0 \r\n")

    def name(self, urn: str) -> str:
        """Return the member name under which what belongs to `urn` is kept."""
        if self.urn and urn.startswith(f"{self.urn}/"):
            return urn[len(self.urn) + 1 :]
        escaped = quote(urn, safe="/-_.~").replace("aff4%3A//", "aff4%3A%2F%2F")
        return urn if any(one.startswith(f"{urn}/") for one in self._members) else escaped

    def size(self, name: str) -> int | None:
        """Return the length of a member; None where there is none."""
        member = self._members.get(name)
        return None if member is None else member.file_size

    def whole(self, name: str, most: int) -> bytes:
        """Return a member, unpacked.

        Raises:
            EvidenceFault: it is missing, damaged or longer than `most` bytes.
        """
        member = self._members.get(name)
        if member is None or member.file_size > most:
            raise self.fault(f"{name} is missing" if member is None else f"{name} is {member.file_size} bytes long")
        try:
            with self._zip.open(member) as stream:
                data = stream.read(member.file_size)
        except (*_ZIP_FAULTS, RuntimeError) as error:
            raise self.fault(f"{name} is damaged ({error})") from error
        if len(data) < member.file_size:
            raise self.fault(f"{name} is cut short")
        return data

    def part(self, name: str, offset: int, length: int) -> bytes:
        """Return `length` bytes from inside a member that is stored as it is.

        Raises:
            ValueError: it is missing, packed, or does not hold them.
            OSError: the medium does not give them.
        """
        member = self._members.get(name)
        if member is None:
            raise ValueError(f"{name} is missing")
        if member.compress_type != zipfile.ZIP_STORED or offset < 0 or offset + length > member.file_size:
            raise ValueError(f"{name} does not hold bytes {offset} to {offset + length}")
        if name not in self._starts:
            if not 0 <= member.header_offset < self._file.size:
                raise ValueError(f"{name} lies beyond the end of the file")
            head = self._file.pread(member.header_offset, _LOCAL)
            if len(head) < _LOCAL or not head.startswith(b"PK\x03\x04"):
                raise ValueError(f"{name} lies beyond the end of the file")
            named, extra = struct.unpack_from("<HH", head, 26)
            self._starts[name] = member.header_offset + _LOCAL + named + extra
        data = self._file.pread(self._starts[name] + offset, length)
        if len(data) < length:
            raise ValueError(f"{name} lies beyond the end of the file")
        return data

    def fault(self, what: str) -> EvidenceFault:
        """Make the fault that says why the volume cannot be opened."""
        return EvidenceFault(
            f"the AFF4 file cannot be opened: {what}", where=self.where, advice="copy it again from its source"
        )

    def close(self) -> None:
        """Close the file."""
        self._zip.close()
        self._file.close()


def holds_description(file: ReadOnlyFile) -> bool:
    """Tell whether a zip file names an AFF4 description in its list of members."""
    stream: BinaryIO = FileObject(file.pread, file.size)  # type: ignore[assignment]
    try:
        with zipfile.ZipFile(stream) as volume:
            return TURTLE in volume.NameToInfo
    except (*_ZIP_FAULTS, RuntimeError, MemoryError):
        return False
