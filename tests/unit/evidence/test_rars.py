"""RAR archives: what is stored is read, what is compressed comes through the extractor's pipe and proves itself."""

import io
import struct
import zlib

import pytest

from sakshya.domain.faults import EvidenceFault
from sakshya.evidence.archives.open import archive_format, open_archive
from sakshya.evidence.archives.packed import rars
from sakshya.evidence.archives.packed.extractor import ExtractedMember, Extraction, extractor

FILES = {"a.txt": b"custody" * 9, "folder/b.bin": bytes(range(256)) * 700, "empty": b"", "last": b"evidence"}
needs_extractor = pytest.mark.skipif(extractor() is None, reason="bsdtar is not installed")


def rar(files: dict[str, bytes], method: int = 0x30) -> bytes:
    """Return an archive of version 3 whose members are stored, whatever method it states."""
    parts = [b"Rar!\x1a\x07\0", _block(0x73, 0, bytes(6))]
    for name, content in files.items():
        raw = name.encode("ascii")
        sizes = struct.pack(
            "<IIBIIBBHI", len(content), len(content), 3, zlib.crc32(content), 0x50000000, 20, method, len(raw), 0o644
        )
        parts += [_block(0x74, 0x8000, sizes + raw), content]
    return b"".join([*parts, _block(0x7B, 0x4000, b"")])


def _block(kind: int, flags: int, body: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def test_stored_members_are_read_in_any_order() -> None:
    data = rar(FILES)
    assert archive_format(data, "x.rar", len(data)) == "rar"
    archive = open_archive("rar", io.BytesIO(data), len(data))

    members = {member.name: member.index for member in archive.members()}

    for name in sorted(FILES, reverse=True):
        assert archive.open(members[name]).read() == FILES[name]


@needs_extractor
def test_members_through_the_extractor_are_the_same_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rars, "_STORED", -1)
    data = rar(FILES)
    archive = open_archive("rar", io.BytesIO(data), len(data))

    members = {member.name: member.index for member in archive.members()}

    for name in (*FILES, *sorted(FILES, reverse=True)):
        assert archive.open(members[name]).read() == FILES[name]
    archive.close()


@needs_extractor
def test_what_the_extractor_gives_is_proved_by_the_archive_itself() -> None:
    data, program = rar(FILES), extractor()
    assert program is not None
    extraction = Extraction(program, io.BytesIO(data), len(data))
    try:
        with pytest.raises(EvidenceFault, match="CRC-32"):
            ExtractedMember(extraction, len(FILES["a.txt"]), 1).readall()
        with pytest.raises(EvidenceFault, match="ends before"):
            ExtractedMember(extraction, 1 << 30, 1).readall()
    finally:
        extraction.close()


def test_a_compressed_member_without_an_extractor_is_listed_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rars, "extractor", lambda: None)
    data = rar(FILES, method=0x33)
    archive = open_archive("rar", io.BytesIO(data), len(data))

    barriers = [member.barrier for member in archive.members()]

    assert all("bsdtar" in barrier and "install it" in barrier for barrier in barriers)
    with pytest.raises(EvidenceFault, match="bsdtar"):
        archive.open(0)


@needs_extractor
def test_a_broken_compressed_member_ends_in_a_fault() -> None:
    data = rar(FILES, method=0x33)
    archive = open_archive("rar", io.BytesIO(data), len(data))

    for member in archive.members():
        if FILES[member.name]:
            with pytest.raises(EvidenceFault):
                archive.open(member.index).read()
    archive.close()
