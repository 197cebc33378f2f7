"""AFF4-L: an AFF4 volume that keeps files and not a disk, each as a zip member or as a stream of packed chunks."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

from sakshya.domain.absent import Absent, NotRecorded, Unparsable
from sakshya.domain.entry import EntryKind, Times
from sakshya.domain.exhibit import ContainerFacts, Damage, StatedDigest
from sakshya.domain.moment import LOCAL_BASIS, Moment
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.open import open_archive
from sakshya.evidence.archives.packed.times import from_posix
from sakshya.evidence.containers.aff4_streams import UNPACK, ImageStream, as_piece
from sakshya.evidence.containers.aff4_volume import TURTLE, Aff4Volume
from sakshya.evidence.containers.raw import RawContainer
from sakshya.evidence.containers.turtle import SCHEMA, A, Things, parse
from sakshya.evidence.damage import fault_for, unreadable
from sakshya.evidence.file_object import FileObject
from sakshya.evidence.logical.archive_input import MemberReader
from sakshya.evidence.logical.member_tree import LogicalMember, MemberTree
from sakshya.evidence.readonly import ReadOnlyFile, open_exhibit_file

FORMAT = "AFF4-L"
_MOST_TURTLE = 256 << 20
_LARGEST, _LARGEST_CHUNK = 1 << 56, 64 << 20
_DIGITS = {32: "md5", 40: "sha1", 64: "sha256"}
_FILE, _FOLDER = f"{SCHEMA}FileImage", (f"{SCHEMA}FolderImage", f"{SCHEMA}Folder")
_NOT_STATED = NotRecorded("the evidence file states none")
Read = Callable[[int, int], bytes]


class Aff4LogicalContainer(RawContainer):
    """An AFF4-L volume: its bytes are the file's own, its tree is of the files in it."""

    def __init__(self, file: ReadOnlyFile, volume: Aff4Volume, things: Things) -> None:
        super().__init__((file,), ContainerFacts(FORMAT, file.size, 512, (str(file.path),)))
        self._volume = volume
        self._things = things
        stream: BinaryIO = FileObject(self.read_at, self.size)  # type: ignore[assignment]
        self._zip = open_archive("zip", stream, file.size)
        self._reader = MemberReader(self._zip)
        self._segments: dict[str, tuple[int, int]] = {}
        for one in self._zip.members():
            self._segments[one.name] = (one.index, one.size or 0)
            self._reader.places.append(one.index)

    def filesystem(self, _zone: str | None, _keys: Sequence[str]) -> MemberTree:
        """Return the tree of the files that the volume describes."""
        reads: list[Read | None] = []

        def read(member: int, offset: int, length: int) -> bytes:
            one = reads[member]
            if one is None:
                raise unreadable(Reason.UNSUPPORTED_FORMAT, "the file is kept in a way that is not read")
            return one(offset, length)

        return MemberTree(FORMAT, self._members(reads), read, self.size)

    def _members(self, reads: list[Read | None]) -> Iterator[LogicalMember]:
        for urn, said in self._things.items():
            kinds = said.get(A, [])
            if _FILE not in kinds and not any(one in kinds for one in _FOLDER):
                continue
            path = "/" + (_one(said, "originalFileName") or unquote(self._volume.name(urn))).replace("\\", "/")
            names = ("lastWritten", "lastAccessed", "recordChanged", "birthTime")
            times = Times(*(_time(_one(said, name)) for name in names))
            if _FILE not in kinds:
                reads.append(None)
                yield LogicalMember(path, 0, times, EntryKind.DIRECTORY)
                continue
            size, content, barrier = self._content(urn, said)
            reads.append(content)
            yield LogicalMember(path, size, times, EntryKind.FILE, barrier=barrier, stated=_stated(said))

    def _content(self, urn: str, said: dict[str, list[str]]) -> tuple[int, Read | None, str]:
        """Return the length of a file, what reads it, and why it cannot be read."""
        size = _number(_one(said, "size"))
        if f"{SCHEMA}ImageStream" in said.get(A, []):
            chunk, in_bevy = _number(_one(said, "chunkSize")), _number(_one(said, "chunksInSegment"))
            method = _one(said, "compressionMethod")
            if method in UNPACK and size < _LARGEST and 512 <= chunk <= _LARGEST_CHUNK and 0 < in_bevy < 1 << 32:
                stream = ImageStream(self._volume, self._volume.name(urn), size, (chunk, in_bevy), method)
                return size, _stream_reader(stream), ""
            return size, None, f"{Reason.BAD_METADATA.value}: the stream is described in a way that makes no sense"
        name = self._volume.name(urn)
        for tried in dict.fromkeys((name, name.lstrip("/"), unquote(name), unquote(name).lstrip("/"))):
            if tried in self._segments:
                index, length = self._segments[tried]
                return length, self._segment_reader(index), ""
        return size, None, f"{Reason.UNSUPPORTED_FORMAT.value}: the file is no member of the volume and no stream in it"

    def _segment_reader(self, index: int) -> Read:
        return lambda offset, length: self._reader.read(index, offset, length)

    def close(self) -> None:
        """Close the file."""
        self._zip.close()
        self._volume.close()


def open_aff4_logical(path: Path) -> Aff4LogicalContainer | None:
    """Open an AFF4 volume that keeps files; None where it describes none.

    Raises:
        EvidenceFault: its description makes no sense.
    """
    file = open_exhibit_file(path)
    try:
        volume = Aff4Volume(file)
        things = parse(volume.whole(TURTLE, _MOST_TURTLE).decode("utf-8", "replace"), volume.where)
        if any(_FILE in said.get(A, []) for said in things.values()):
            return Aff4LogicalContainer(file, volume, things)
    except BaseException:
        file.close()
        raise
    file.close()
    return None


def _stream_reader(stream: ImageStream) -> Read:
    def read(offset: int, length: int) -> bytes:
        parts, end = [], min(offset + length, stream.size)
        while offset < end:
            piece = as_piece(stream.piece(offset, end - offset), offset)
            if isinstance(piece, Damage):
                raise fault_for(piece)
            parts.append(piece)
            offset += len(piece)
        return b"".join(parts)

    return read


def _one(said: dict[str, list[str]], name: str) -> str:
    return next(iter(said.get(SCHEMA + name, [])), "")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def _stated(said: dict[str, list[str]]) -> tuple[StatedDigest, ...]:
    values = (value.lower() for value in said.get(f"{SCHEMA}hash", []))
    return tuple(StatedDigest(_DIGITS[len(value)], value, "container") for value in values if len(value) in _DIGITS)


def _time(text: str) -> Moment | Absent:
    if not text:
        return _NOT_STATED
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return Unparsable(text)
    return from_posix(when.timestamp()) if when.tzinfo else Moment(when.isoformat(), LOCAL_BASIS)
