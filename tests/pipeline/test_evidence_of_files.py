"""Evidence files that keep picked files and no disk: AFF4-L and EnCase L01."""

import hashlib
import struct
import tracemalloc
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from sakshya.domain.absent import NotRecorded
from sakshya.domain.entry import Entry, EntryKind, Times
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import EvidenceFault
from sakshya.evidence.attach import describe
from sakshya.evidence.containers import open_container
from sakshya.evidence.logical.l01 import tree
from sakshya.evidence.logical.member_tree import LogicalMember, MemberTree
from sakshya.evidence.tree import ExhibitReader

URN = "aff4://5aea2dd0-32b4-4c61-a9db-677654be6f83"
STORED, PACKED, STREAM = b"stored " * 9, bytes(5000), Random(6).randbytes(4096 * 3 + 17)


def turtle() -> str:
    md5 = hashlib.md5(STORED).hexdigest()
    return f"""@prefix aff4: <http://aff4.org/Schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<{URN}//pics/one.jpg> a aff4:FileImage, aff4:Image, aff4:zip_segment ;
    aff4:originalFileName "/pics/one.jpg" ; aff4:size "{len(STORED)}"^^xsd:int ;
    aff4:lastWritten "2018-09-17T12:42:20+10:00"^^xsd:dateTime ; aff4:hash "{md5}"^^aff4:MD5 .
<{URN}//pics/two%20words.txt> a aff4:FileImage, aff4:Image, aff4:zip_segment ;
    aff4:originalFileName "pics\\\\two words.txt" ; aff4:size {len(PACKED)} .
<{URN}//big.bin> a aff4:FileImage, aff4:Image, aff4:ImageStream ;
    aff4:originalFileName "big.bin" ; aff4:size {len(STREAM)} ; aff4:chunkSize 4096 ; aff4:chunksInSegment 2 ;
    aff4:compressionMethod <https://www.ietf.org/rfc/rfc1950.txt> .
<{URN}//lost.bin> a aff4:FileImage, aff4:Image, aff4:zip_segment ; aff4:originalFileName "lost.bin" ; aff4:size 5 .
<{URN}//empty> a aff4:FolderImage ; aff4:originalFileName "empty" .
"""


def aff4_logical(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as volume:
        volume.comment = URN.encode()
        volume.writestr("container.description", URN)
        volume.writestr("information.turtle", turtle())
        volume.writestr("pics/one.jpg", STORED)
        volume.writestr("pics/two words.txt", PACKED, zipfile.ZIP_DEFLATED)
        chunks = [zlib.compress(STREAM[at : at + 4096]) for at in range(0, len(STREAM), 4096)]
        for bevy in range(2):
            inside, index, at = chunks[2 * bevy : 2 * bevy + 2], b"", 0
            for chunk in inside:
                index += struct.pack("<QI", at, len(chunk))
                at += len(chunk)
            volume.writestr(f"/big.bin/{bevy:08d}", b"".join(inside))
            volume.writestr(f"/big.bin/{bevy:08d}.index", index)
    return path


def test_an_aff4_volume_of_files_gives_their_paths_contents_and_stated_digests(tmp_path: Path) -> None:
    path = aff4_logical(tmp_path / "files.aff4")
    exhibit = Exhibit("EX-1", (str(path),), describe([str(path)]))

    with ExhibitReader(exhibit) as reader:
        entries = {one.locator.path: one for one in reader.walk() if isinstance(one, Entry)}
        for name, content in (("pics/one.jpg", STORED), ("pics/two words.txt", PACKED), ("big.bin", STREAM)):
            assert b"".join(reader.source(entries[f"/{name}"].locator).chunks()) == content
        assert reader.source(entries["/big.bin"].locator).read_at(4090, 20) == STREAM[4090:4110]
        stated = reader.stated(entries["/pics/one.jpg"].locator)
        with pytest.raises(EvidenceFault, match="unsupported format"):
            reader.source(entries["/lost.bin"].locator).read_at(0, 5)

    assert exhibit.container.format == "AFF4-L"
    assert stated[0].value == hashlib.md5(STORED).hexdigest()
    assert entries["/pics/one.jpg"].times.modified.as_json()["value"] == "2018-09-17T02:42:20Z"  # type: ignore[union-attr]
    assert entries["/empty"].kind is EntryKind.DIRECTORY


@pytest.mark.parametrize("seed", range(25))
def test_a_damaged_aff4_volume_of_files_gives_faults_only(tmp_path: Path, seed: int) -> None:
    path = aff4_logical(tmp_path / "files.aff4")
    data, rng = bytearray(path.read_bytes()), Random(seed)
    for _ in range(6):
        data[rng.randrange(len(data))] = rng.randrange(256)
    path.write_bytes(data)
    with suppress(EvidenceFault), ExhibitReader(Exhibit("EX-1", (str(path),), describe([str(path)]))) as reader:
        for one in list(reader.walk()):
            if isinstance(one, Entry) and one.kind is EntryKind.FILE:
                with suppress(EvidenceFault):
                    reader.source(one.locator).read_at(0, 1 << 16)


@dataclass
class FileEntry:
    """What libewf gives for one name of logical evidence."""

    name: str
    content: bytes = b""
    below: "list[FileEntry]" = field(default_factory=list)
    md5: str | None = None
    is_damaged: bool = False

    def get_name(self) -> str:
        return self.name

    def get_size(self) -> int:
        return len(self.content)

    def get_number_of_sub_file_entries(self) -> int:
        return len(self.below)

    def get_sub_file_entry(self, index: int) -> "FileEntry":
        return self.below[index]

    def read_buffer_at_offset(self, length: int, offset: int) -> bytes:
        if self.is_damaged:
            raise OSError("pyewf_file_entry_read: unable to read.")
        return self.content[offset : offset + length]

    def get_modification_time_as_integer(self) -> int:
        return 1_600_000_000

    def get_creation_time_as_integer(self) -> int:
        return 0

    get_access_time_as_integer = get_entry_modification_time_as_integer = get_creation_time_as_integer

    def get_hash_value_md5(self) -> str | None:
        return self.md5

    def get_hash_value_sha1(self) -> None:
        return None


def test_the_entries_of_logical_evidence_become_a_tree() -> None:
    files = [FileEntry("a.jpg", STORED, md5="AB" * 16), FileEntry("bad.jpg", b"12", is_damaged=True)]
    made = tree(FileEntry("", below=[FileEntry("C", below=files)]), "L01", 99)
    (folder,) = made.nodes(made.root)
    first, bad = made.nodes(folder.address or 0)

    assert (folder.name, first.name, first.size) == ("C", "a.jpg", len(STORED))
    assert made.read(first.address or 0, first.streams[0], 3, 1 << 20) == STORED[3:]
    assert [one.value for one in made.stated(first.address or 0)] == ["ab" * 16]
    assert first.times.modified.as_json()["value"] == "2020-09-13T12:26:40Z"  # type: ignore[union-attr]
    with pytest.raises(EvidenceFault, match="read error"):
        made.read(bad.address or 0, bad.streams[0], 0, 2)


@pytest.mark.parametrize("mark", [b"LVF\x09\x0d\x0a\xff\x00", b"LEF2\r\n\x81\x00"])
def test_logical_evidence_that_libewf_cannot_open_is_a_fault(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "files.L01"
    path.write_bytes(mark + bytes(2000))

    with pytest.raises(EvidenceFault, match="cannot be opened"):
        open_container([str(path)])


def test_a_name_of_very_many_folders_does_not_fill_the_memory() -> None:
    none = NotRecorded("none")
    one = LogicalMember("/" + "a/" * 20_000 + "f", 1, Times(none, none, none, none), EntryKind.FILE)

    tracemalloc.start()
    made = MemberTree("zip", [one, one], lambda *_: b"", 0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [node.name for node in made.nodes(made.root)] == ["a"]
    assert peak < 50 << 20
