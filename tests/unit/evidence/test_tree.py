"""The tree of an exhibit: names, streams, deleted files, limits and honest gaps."""

import gzip
import struct
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sakshya.domain.absent import NotApplicable
from sakshya.domain.entry import Entry, EntryKind, Recovery
from sakshya.domain.exhibit import Verification
from sakshya.domain.faults import EvidenceFault, OperatorFault
from sakshya.domain.locator import Locator
from sakshya.domain.moment import Moment
from sakshya.domain.unexamined import Of, Reason, Unexamined
from sakshya.evidence.attach import VerifyResult, verify
from sakshya.evidence.tree import ExhibitReader
from sakshya.evidence.walk import Limits
from sakshya.testing import tiny_disk
from tests.support.ewf_writer import CHUNK, EwfShape, write_ewf
from tests.support.exhibits import by_path, exhibit_of, raw_exhibit, run_tool

FILES = {
    "DCIM/फ़ोटो/चित्र १.jpg": b"one" * 700,
    "DCIM/تصویر.png": b"two" * 900,
    "emoji 😀🎉.txt": b"three",
    "empty.txt": b"",
}


def _read(reader: ExhibitReader, entry: Entry) -> bytes:
    return b"".join(reader.source(entry.locator).chunks())


def test_names_in_every_script_and_their_contents_come_back(tmp_path: Path) -> None:
    with ExhibitReader(raw_exhibit(tmp_path, tiny_disk(FILES))) as reader:
        found = by_path(list(reader.walk()))

        for path, content in FILES.items():
            entry = found[f"/{path}"]
            assert (entry.kind, entry.size, entry.allocated, entry.recovery) == (
                EntryKind.FILE,
                len(content),
                True,
                None,
            )
            assert _read(reader, entry) == content
            assert reader.source(Locator.parse(str(entry.locator))).read_at(1, 3) == content[1:4]


def test_another_process_finds_the_same_bytes_by_the_locators_text(tmp_path: Path) -> None:
    exhibit = raw_exhibit(tmp_path, tiny_disk(FILES))
    with ExhibitReader(exhibit) as reader:
        locator = by_path(list(reader.walk()))["/DCIM/फ़ोटो/चित्र १.jpg"].locator

    script = (
        "import sys; from tests.support.exhibits import exhibit_of; from pathlib import Path\n"
        "from sakshya.evidence.tree import ExhibitReader; from sakshya.domain.locator import Locator\n"
        "r = ExhibitReader(exhibit_of(Path(sys.argv[1])))\n"
        "sys.stdout.buffer.write(b''.join(r.source(Locator.parse(sys.argv[2])).chunks()))"
    )
    path = ":".join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", script, exhibit.files[0], str(locator)],
        capture_output=True,
        check=True,
        env={"PYTHONPATH": path},
    )

    assert done.stdout == FILES["DCIM/फ़ोटो/चित्र १.jpg"]


def test_two_walks_say_the_same(tmp_path: Path) -> None:
    exhibit = raw_exhibit(tmp_path, tiny_disk(FILES, deleted={"gone.txt": b"g" * 5000}))

    with ExhibitReader(exhibit) as first, ExhibitReader(exhibit) as second:
        assert list(first.walk()) == list(second.walk()) == list(first.walk())


def test_a_directory_comes_before_what_is_in_it(tmp_path: Path) -> None:
    with ExhibitReader(raw_exhibit(tmp_path, tiny_disk(FILES))) as reader:
        seen = {"/"}
        for one in reader.walk():
            if isinstance(one, Entry):
                assert (one.locator.path.rpartition("/")[0] or "/") in seen
                seen.add(one.locator.path)


def test_deleted_files_are_listed_read_and_judged(tmp_path: Path) -> None:
    gone = {"gone.jpg": bytes(range(256)) * 40, "old/inner.bin": b"inner" * 300, "old/": b""}
    with ExhibitReader(raw_exhibit(tmp_path, tiny_disk({"kept.txt": b"k"}, deleted=gone))) as reader:
        deleted = [one for one in reader.walk() if isinstance(one, Entry) and not one.allocated]
        contents = {_read(reader, one): one for one in deleted if one.kind is EntryKind.FILE}

    for content in (gone["gone.jpg"], gone["old/inner.bin"]):
        assert contents[content].recovery is Recovery.WHOLE


def test_fat_times_say_that_their_zone_is_unknown_or_assumed(tmp_path: Path) -> None:
    disk = tiny_disk({"a.txt": b"a"}, at=datetime(2025, 6, 1, 13, 30, 2, tzinfo=UTC))
    for zone, basis in ((None, "local, zone unknown"), ("Asia/Kolkata", "local, assumed Asia/Kolkata")):
        with ExhibitReader(raw_exhibit(tmp_path, disk, zone=zone)) as reader:
            times = by_path(list(reader.walk()))["/a.txt"].times

        assert times.modified == Moment("2025-06-01T13:30:02", basis)
        assert isinstance(times.changed, NotApplicable)


def test_fat_times_do_not_depend_on_this_machines_zone(tmp_path: Path) -> None:
    exhibit = raw_exhibit(tmp_path, tiny_disk({"a.txt": b"a"}, at=datetime(2025, 6, 1, 13, 30, 2, tzinfo=UTC)))
    script = (
        "import sys; from pathlib import Path; from tests.support.exhibits import by_path, exhibit_of\n"
        "from sakshya.evidence.tree import ExhibitReader\n"
        "print(by_path(list(ExhibitReader(exhibit_of(Path(sys.argv[1]))).walk()))['/a.txt'].times.modified.value)"
    )
    for zone in ("Asia/Kolkata", "America/New_York"):
        done = subprocess.run(
            [sys.executable, "-c", script, exhibit.files[0]],
            capture_output=True,
            check=True,
            env={"PYTHONPATH": ":".join(sys.path), "TZ": zone},
        )

        assert done.stdout.decode().strip() == "2025-06-01T13:30:02"


def test_the_four_parts_of_the_account_add_up(tmp_path: Path) -> None:
    with ExhibitReader(raw_exhibit(tmp_path, tiny_disk(FILES, deleted={"gone.txt": b"g" * 5000}))) as reader:
        walked = list(reader.walk())
        account = reader.account()

    assert account.total == account.in_files + account.slack + account.unallocated + account.not_addressable
    assert account.total == reader.exhibit.container.size
    assert account.in_files >= sum(map(len, FILES.values())) + 5000
    not_carved = [one for one in walked if isinstance(one, Unexamined) and one.reason is Reason.NOT_CARVED]
    assert sum(one.bytes or 0 for one in not_carved) == account.unallocated


def test_children_are_those_that_the_walk_lists(tmp_path: Path) -> None:
    with ExhibitReader(raw_exhibit(tmp_path, tiny_disk(FILES, deleted={"gone/a.bin": b"a" * 900}))) as reader:
        walked = {str(one.locator) for one in reader.walk() if isinstance(one, Entry)}
        seen: set[str] = set()
        pending = reader.children(None)
        assert [one.locator.path for one in pending] == ["/"]
        while pending:
            below = reader.children(pending.pop().locator)
            seen.update(str(one.locator) for one in below)
            pending.extend(one for one in below if one.kind in (EntryKind.DIRECTORY, EntryKind.VIRTUAL))

    assert seen == walked


def test_a_volume_that_cannot_be_read_never_looks_empty(tmp_path: Path) -> None:
    disk = bytearray(tiny_disk({"a.txt": b"a"}))
    start = 2048 * 512
    disk[start : start + 512] = b"LUKS\xba\xbe".ljust(512, b"\0")

    with ExhibitReader(raw_exhibit(tmp_path, bytes(disk))) as reader:
        walked = list(reader.walk())
        root = reader.children(None)[0]

    volumes = [one for one in walked if isinstance(one, Unexamined) and one.of is Of.VOLUME]
    assert [(one.reason, one.bytes) for one in volumes] == [(Reason.ENCRYPTED, len(disk) - start)]
    assert "LUKS" in volumes[0].detail
    assert (root.kind, root.filesystem) == (EntryKind.VIRTUAL, "LUKS")
    assert not any(isinstance(one, Entry) for one in walked)


def test_a_volume_cut_off_by_the_exhibits_end_says_so(tmp_path: Path) -> None:
    disk = tiny_disk({"a.txt": b"a", "b.bin": b"b" * 2000})
    with ExhibitReader(raw_exhibit(tmp_path, disk[: len(disk) - 50_000])) as reader:
        walked = list(reader.walk())
        problem = reader.table.volumes[0].problem

    assert problem == "reaches 50000 bytes beyond the end of the exhibit"
    assert any(isinstance(one, Unexamined) and one.reason is Reason.BEYOND_END for one in walked)
    assert "/a.txt" in by_path(walked)


@pytest.mark.parametrize(
    ("limits", "reason"), [(Limits(entries=5), Reason.TOO_MANY), (Limits(depth=3), Reason.TOO_DEEP)]
)
def test_limits_are_stated_where_they_bite(tmp_path: Path, limits: Limits, reason: Reason) -> None:
    files = {f"a/b/c/d/e/{number}.txt": b"x" for number in range(9)}
    with ExhibitReader(raw_exhibit(tmp_path, tiny_disk(files)), limits=limits) as reader:
        stated = [one for one in reader.walk() if isinstance(one, Unexamined) and one.reason is reason]

    assert len(stated) == 1


def test_a_directory_that_holds_itself_ends(tmp_path: Path) -> None:
    disk = bytearray(tiny_disk({"loop/inner/x.txt": b"x"}))
    loop = disk.index(b"LOOP       \x10") if b"LOOP       \x10" in disk else disk.index(b"000001~1   \x10")
    inner = next(at for at in range(loop + 32, len(disk), 32) if disk[at + 11] == 0x10 and disk[at] != 0x2E)
    disk[inner + 26 : inner + 28] = disk[loop + 26 : loop + 28]

    with ExhibitReader(raw_exhibit(tmp_path, bytes(disk))) as reader:
        walked = list(reader.walk())

    assert len(walked) < 50


def test_a_size_beyond_the_volume_stays_listed_and_reading_it_is_a_fault(tmp_path: Path) -> None:
    disk = bytearray(tiny_disk({"SHORT.TXT": b"x" * 100}))
    at = disk.index(b"TXT\x20") - 8
    disk[at + 28 : at + 32] = struct.pack("<I", 0x7FFFFFFF)

    with ExhibitReader(raw_exhibit(tmp_path, bytes(disk))) as reader:
        entry = by_path(list(reader.walk()))["/SHORT.TXT"]
        assert entry.size == 0x7FFFFFFF
        with pytest.raises(EvidenceFault):
            for _ in reader.source(entry.locator).chunks():
                pass


def test_the_files_on_a_damaged_chunk_are_refused_and_no_others(tmp_path: Path) -> None:
    files = {f"{number:02d}.bin": bytes([number + 1]) * 40_000 for number in range(20)}
    disk = tiny_disk(files)
    path = write_ewf(tmp_path / "disk", disk + bytes(-len(disk) % 512), EwfShape(compress="none"))[0]
    raw = bytearray(path.read_bytes())
    hit = raw.index(bytes([8]) * 2000)
    raw[hit + 500] ^= 0xFF
    path.write_bytes(raw)

    with ExhibitReader(exhibit_of(path)) as reader:
        _, damage = reader.container.read_around_damage(0, reader.container.size)
        found = by_path(list(reader.walk()))
        refused = set()
        for name, content in files.items():
            try:
                assert _read(reader, found[f"/{name}"]) == content
            except EvidenceFault as fault:
                refused.add((name, fault.reason))

    assert len(damage) == 1
    assert damage[0].run.length == CHUNK
    assert ("07.bin", "damaged chunk") in refused
    assert len(refused) <= 3
    assert {reason for _, reason in refused} == {"damaged chunk"}


def test_lost_content_and_foreign_locators_are_refused(tmp_path: Path) -> None:
    with ExhibitReader(raw_exhibit(tmp_path, tiny_disk({"a.txt": b"a"}))) as reader:
        with pytest.raises(EvidenceFault, match="content address lost"):
            reader.source(Locator("EX-1", 1, 1 << 20, None, "/gone"))
        with pytest.raises(OperatorFault, match="EX-2"):
            reader.source(Locator("EX-2", 1, 1 << 20, 5, "/a.txt"))
        with pytest.raises(EvidenceFault):
            reader.source(Locator("EX-1", 1, 1 << 20, 99_999_999, "/a.txt"))


def test_a_stretch_of_the_exhibit_is_a_source_too(tmp_path: Path) -> None:
    disk = tiny_disk({"a.txt": b"a"})
    with ExhibitReader(raw_exhibit(tmp_path, disk)) as reader:
        source = reader.source(Locator.parse("EX-1|v0@0||||510+4,0+2"))

        assert b"".join(source.chunks()) == disk[510:514] + disk[:2]


def test_damage_that_lies_in_no_file_is_listed_all_the_same(tmp_path: Path) -> None:
    path = write_ewf(tmp_path / "disk", tiny_disk(FILES) + bytes(40 * CHUNK), EwfShape(compress="none"))[0]
    raw = bytearray(path.read_bytes())
    raw[-10 * CHUNK] ^= 0xFF
    path.write_bytes(raw)
    exhibit = exhibit_of(path)
    *_, result = verify(exhibit, bool)
    assert isinstance(result, VerifyResult)
    record = Verification("2024-01-01T00:00:00Z", "R. Iyer", None, result.bytes_read, result.damage, None)

    with ExhibitReader(replace(exhibit, verifications=(record,))) as reader:
        listed = [one for one in reader.walk() if isinstance(one, Unexamined) and one.reason is Reason.DAMAGED_CHUNK]
        account = reader.account()

    assert [one.locator.runs for one in listed if one.locator] == [(result.damage[0].run,)]
    assert account.not_addressable >= CHUNK


def test_ntfs_streams_compression_and_deleted_records(tmp_path: Path) -> None:
    image = tmp_path / "ntfs.img"
    with image.open("wb") as out:
        out.truncate(12 << 20)
    run_tool("mkntfs", "-q", "-F", "-L", "साक्ष्य", str(image))
    big = tmp_path / "big.bin"
    big.write_bytes(bytes(range(251)) * 400)
    small = tmp_path / "small.txt"
    small.write_bytes(b"small and resident")
    for source, name in ((big, "बड़ा.bin"), (small, "small.txt"), (big, "gone.bin")):
        run_tool("ntfscp", "-q", "-f", str(image), str(source), name)
    run_tool("ntfscp", "-q", "-f", "-N", "Zone.Identifier", str(image), str(small), "small.txt")
    _delete_ntfs_record(image, "gone.bin")

    with ExhibitReader(exhibit_of(image)) as reader:
        found = by_path(list(reader.walk()))

        assert reader.table.volumes[0].label == "साक्ष्य"
        assert found["/$BadClus:$Bad"].kind is EntryKind.VIRTUAL
        assert _read(reader, found["/बड़ा.bin"]) == big.read_bytes()
        assert _read(reader, found["/small.txt"]) == small.read_bytes()
        assert found["/small.txt"].first_byte is not None
        assert _read(reader, found["/small.txt:Zone.Identifier"]) == small.read_bytes()
        deleted = [one for path, one in found.items() if "gone.bin" in path]
        assert big.read_bytes() in {_read(reader, one) for one in deleted}


def _delete_ntfs_record(image: Path, name: str) -> None:
    """Take the in-use mark off the record that carries the name."""
    raw = bytearray(image.read_bytes())
    wanted = name.encode("utf-16-le")
    for at in range(0, len(raw), 1024):
        if raw[at : at + 4] == b"FILE" and wanted in raw[at : at + 1024]:
            raw[at + 22] &= 0xFE
    image.write_bytes(raw)


@pytest.mark.parametrize("kind", ["ext2", "ext3", "ext4"])
def test_ext_file_systems_with_links_holes_and_odd_names(tmp_path: Path, kind: str) -> None:
    source, image = tmp_path / "source", tmp_path / "ext.img"
    (source / "फ़ोल्डर").mkdir(parents=True)
    odd = {
        b"new\nline.txt": b"n",
        b"bad\xff.bin": b"b",
        b"pipe|back\\slash": b"p",
        "फ़ोल्डर/اردو.txt".encode(): b"u" * 9000,
    }
    import os

    for name, content in odd.items():
        with open(os.path.join(os.fsencode(source), name), "wb") as out:  # noqa: PTH118, PTH123 - names are bytes here
            out.write(content)
    with (source / "holes.bin").open("wb") as out:
        out.seek(5_000_000)
        out.write(b"end")
    (source / "link").symlink_to("फ़ोल्डर/اردو.txt")
    run_tool(f"mkfs.{kind}", "-q", "-d", str(source), str(image), "16M")

    with ExhibitReader(exhibit_of(image)) as reader:
        found = by_path(list(reader.walk()))

        assert reader.table.volumes[0].filesystem == kind
        assert found["/link"].link_target == "फ़ोल्डर/اردو.txt"
        assert _read(reader, found["/holes.bin"]) == (source / "holes.bin").read_bytes()
        assert _read(reader, found["/new\nline.txt"]) == b"n"
        assert _read(reader, found["/bad\udcff.bin"]) == b"b"
        assert _read(reader, found["/pipe|back\\slash"]) == b"p"
        assert _read(reader, found["/फ़ोल्डर/اردو.txt"]) == b"u" * 9000
        for entry in found.values():
            assert Locator.parse(str(entry.locator)) == entry.locator


@pytest.mark.data
def test_both_files_of_an_iso_with_two_trees_are_shown_by_name(tmp_path: Path) -> None:
    from tests.support.truth import expanded

    path = expanded("sleuthkit_sleuthkit_test_data/from_brian/14-iso9660-1.zip!iso-dirtree2.iso", tmp_path)
    with ExhibitReader(exhibit_of(path)) as reader:
        found = by_path(list(reader.walk()))

        assert {len(_read(reader, found[name])) for name in ("/FILE1.TXT", "/File2.txt")} == {21, 24}


@pytest.mark.data
def test_a_deleted_exfat_directory_gives_its_names(tmp_path: Path) -> None:
    from tests.support.third_party import third_party

    raw = gzip.decompress(third_party("msuhanov_dfir_ntfs/test_data/exfat_orphan.raw.gz").read_bytes())
    with ExhibitReader(raw_exhibit(tmp_path, raw)) as reader:
        found = by_path(list(reader.walk()))

    assert sum(path.startswith("/test/") for path in found) > 30
    assert not any(found[path].allocated for path in found if path.startswith("/test/"))
