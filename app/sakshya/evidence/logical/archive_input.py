"""Extractions that come as one archive: zip, tar, compressed tar, 7z, Android backup, Cellebrite UFDR."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from sakshya.domain.exhibit import ContainerFacts
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives import packed
from sakshya.evidence.archives.archive import Archive, ArchiveMember
from sakshya.evidence.archives.open import open_archive
from sakshya.evidence.archives.packed.faults import as_fault
from sakshya.evidence.containers.raw import RawContainer
from sakshya.evidence.damage import unreadable
from sakshya.evidence.file_object import FileObject
from sakshya.evidence.logical import android_backup, ufdr
from sakshya.evidence.logical.member_tree import LogicalMember, MemberTree
from sakshya.evidence.readonly import open_exhibit_file

_HEAD = 1 << 16
_COMPRESSED = frozenset({"gz", "bz2", "xz", "zst"})
_SHOWN = {"zip": "ZIP", "tar": "tar", "7z": "7z", **{name: f"tar.{name}" for name in _COMPRESSED}}
_PHONES = (
    ("private/var/mobile/", "iOS file system"),
    ("data/data/", "Android file system"),
    ("data/media/0/", "Android file system"),
    ("apps/com.android.", "Android backup"),
)
_LOOKED_AT = 20_000
_AB, _UFDR = "Android backup", "UFDR"
_NAMES = {shown: name for name, shown in _SHOWN.items()} | {_AB: "ab", _UFDR: "zip"}


class ArchiveContainer(RawContainer):
    """One archive file as an exhibit: its bytes are the file's own, its tree is what it holds."""

    def filesystem(self, _zone: str | None, keys: Sequence[str]) -> MemberTree:
        """Return the tree of the archive's members.

        Raises:
            EvidenceFault: the list of members cannot be read at all.
        """
        archive = self._opened(keys)
        reader = MemberReader(archive)
        return MemberTree(self.facts.format, _members(archive, reader), reader.read, self.size)

    def _opened(self, keys: Sequence[str]) -> Archive:
        stream: BinaryIO = FileObject(self.read_at, self.size)  # type: ignore[assignment]
        format_name = _NAMES[self.facts.format]
        if format_name == "ab":
            return open_archive("tar", android_backup.opened(stream, keys), self.size, keys)
        if format_name in _COMPRESSED:
            return open_archive("tar", open_archive(format_name, stream, self.size).open(0), self.size, keys)
        return open_archive(format_name, stream, self.size, keys)


class MemberReader:
    """Reads members by number; the one read last stays open, since pieces of it are asked for in order."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.places: list[int | None] = []
        self._open: tuple[int, BinaryIO, int] | None = None

    def read(self, member: int, offset: int, length: int) -> bytes:
        """Return up to `length` bytes of a member.

        Raises:
            EvidenceFault: they cannot be read.
        """
        place = self.places[member]
        if place is None:
            raise unreadable(Reason.NO_CONTENT_ADDRESS, "the extraction holds no content for it")
        with as_fault("the member cannot be read"):
            if self._open is None or self._open[0] != place or self._open[2] > offset:
                self._open = (place, self._archive.open(place), 0)
            _, stream, at = self._open
            while at < offset and (skipped := stream.read(min(1 << 20, offset - at))):
                at += len(skipped)
            data = b""
            while len(data) < length and (part := stream.read(length - len(data))):
                data += part
            self._open = (place, stream, at + len(data))
        return data


def open_archive_input(path: Path, head: bytes) -> ArchiveContainer | None:
    """Open an archive as an exhibit; None where the file is no archive that is opened.

    Raises:
        EvidenceFault: it is compressed and holds no archive.
    """
    name = _format(path, head)
    if name is None:
        return None
    file = open_exhibit_file(path)
    facts = ContainerFacts(name, file.size, 512, (str(path),))
    container = ArchiveContainer((file,), facts)
    try:
        convention = _convention(container)
    except EvidenceFault as fault:
        container = ArchiveContainer((file,), replace(facts, problems=(fault.what,)))
    else:
        if convention:
            container = ArchiveContainer((file,), replace(facts, acquisition=(("laid out as", convention),)))
    return container


def _format(path: Path, head: bytes) -> str | None:
    if head.startswith(android_backup.MARK):
        return _AB
    name = packed.detect(head, path.name, 0)
    if name in _COMPRESSED:
        with open_exhibit_file(path) as file:
            stream: BinaryIO = FileObject(file.pread, file.size)  # type: ignore[assignment]
            inner = b""
            with suppress(EvidenceFault), as_fault("it cannot be unpacked"):
                inner = open_archive(name, stream, file.size).open(0).read(_HEAD)
        return _SHOWN[name] if packed.detect(inner, "", 0) == "tar" else None
    if name == "zip":
        with open_exhibit_file(path) as file:
            tail = file.pread(max(0, file.size - _HEAD), _HEAD)
        if b"information.turtle" in head or b"information.turtle" in tail:
            return None
        return _UFDR if b"report.xml" in tail and path.suffix.lower() == ".ufdr" else _SHOWN[name]
    return _SHOWN.get(name or "")


def _members(archive: Archive, reader: MemberReader) -> Iterator[LogicalMember]:
    listed: list[ArchiveMember] = []
    breaks_off: EvidenceFault | None = None
    try:
        listed.extend(archive.members())
    except EvidenceFault as fault:
        breaks_off = fault
    tagged = ufdr.tagged_files(archive, listed)
    for one in tagged:
        reader.places.append(one.payload)
        yield one.member
    payloads = {one.payload for one in tagged}
    for member in listed:
        if member.index not in payloads:
            reader.places.append(member.index)
            yield _logical(member)
    if breaks_off is not None:
        raise breaks_off


def _logical(member: ArchiveMember) -> LogicalMember:
    return LogicalMember(f"/{member.name}", max(0, member.size or 0), member.times, member.kind, barrier=member.barrier)


def _convention(container: ArchiveContainer) -> str | None:
    """Return whose file system the paths are laid out as, where that can be told."""
    for count, member in enumerate(container._opened(()).members()):
        if count > _LOOKED_AT:
            return None
        for part, name in _PHONES:
            if part in member.name:
                return name
    return None
