"""File systems made here with the system's own tools: every path, size and content is that of the source folder."""

import hashlib
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from sakshya.domain.entry import Entry, EntryKind
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.unexamined import Of, Unexamined
from sakshya.evidence.attach import describe
from sakshya.evidence.tree import ExhibitReader
from tests.support.compare_listings import Rule, compared, content_differences, entries_by_volume, reader_of
from tests.support.sleuthkit import listed, needs_sleuthkit

_MIB = 1 << 20


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with names of several scripts, empty and large files, and a folder of many."""
    folder, rng = tmp_path_factory.mktemp("source"), Random(6)
    files = {
        "big.bin": rng.randbytes(700_000),
        "empty": b"",
        "चित्र/एक.txt": "साक्ष्य".encode(),
        "تصویر/ایک.txt": b"urdu",
        "deep/er/and/deeper/x": b"x" * 5000,
        **{f"many/file-with-a-long-name-{n:03}.txt": str(n).encode() for n in range(300)},
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def _made(*command: object) -> None:
    subprocess.run([str(one) for one in command], check=True, capture_output=True)


def ext(kind: str) -> Callable[[Path, Path], None]:
    return lambda folder, disk: _made("mke2fs", "-q", "-t", kind, "-d", folder, disk, "64M")


def fat(bits: int, size: int) -> Callable[[Path, Path], None]:
    def make(folder: Path, disk: Path) -> None:
        _sized(disk, size)
        _made("mkfs.vfat", "-F", bits, disk)
        for one in sorted(folder.iterdir()):
            _made("mcopy", "-s", "-i", disk, one, "::/")

    return make


def ntfs(folder: Path, disk: Path) -> None:
    _sized(disk, 64 * _MIB)
    _made("mkntfs", "-F", "-q", "-s", 512, "-p", 0, "-H", 16, "-S", 63, disk)
    _made("ntfscp", "-q", disk, folder / "big.bin", "big.bin")
    _made("ntfscp", "-q", disk, folder / "चित्र/एक.txt", "एक.txt")


def xfs(folder: Path, disk: Path) -> None:
    lines = ["/dev/null", "0 0", "d--755 0 0"]

    def walk(place: Path) -> None:
        for one in sorted(place.iterdir()):
            lines.append(f"{one.name} d--755 0 0" if one.is_dir() else f"{one.name} ---644 0 0 {one}")
            if one.is_dir():
                walk(one)
                lines.append("$")

    walk(folder)
    proto = disk.with_suffix(".proto")
    proto.write_text("\n".join([*lines, "$", ""]))
    _sized(disk, 320 * _MIB)
    _made("mkfs.xfs", "-q", "-p", proto, disk)


def iso(*options: str) -> Callable[[Path, Path], None]:
    return lambda folder, disk: _made("genisoimage", "-quiet", "-iso-level", "3", *options, "-o", disk, folder)


def _sized(disk: Path, size: int) -> None:
    with disk.open("wb") as target:
        target.truncate(size)


MAKERS = {
    "ext2": ("mke2fs", ext("ext2")),
    "ext3": ("mke2fs", ext("ext3")),
    "ext4": ("mke2fs", ext("ext4")),
    "FAT12": ("mcopy", fat(12, 4 * _MIB)),
    "FAT16": ("mcopy", fat(16, 32 * _MIB)),
    "FAT32": ("mcopy", fat(32, 64 * _MIB)),
    "NTFS": ("ntfscp", ntfs),
    "XFS": ("mkfs.xfs", xfs),
    "ISO 9660": ("genisoimage", iso("-R", "-J", "-joliet-long")),
    "ISO 9660, Joliet alone": ("genisoimage", iso("-J", "-joliet-long")),
    "ISO 9660, Rock Ridge alone": ("genisoimage", iso("-R")),
}


@pytest.mark.parametrize("name", MAKERS)
def test_every_path_size_and_content_is_that_of_the_source_folder(source: Path, tmp_path: Path, name: str) -> None:
    tool, make = MAKERS[name]
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    disk = tmp_path / "disk.dd"
    make(source, disk)

    volume, found = read(disk)

    assert volume == name.partition(",")[0]
    assert found == (ntfs_truth(source) if name == "NTFS" else truth(source))


@pytest.mark.parametrize("name", [name for name in MAKERS if name != "XFS"])
def test_every_name_address_and_content_is_that_of_sleuthkit(source: Path, tmp_path: Path, name: str) -> None:
    """XFS is left out: that program does not know it."""
    needs_sleuthkit()
    tool, make = MAKERS[name]
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    disk = tmp_path / "disk.dd"
    make(source, disk)

    with reader_of(disk) as reader:
        ((_, ours),) = entries_by_volume(reader).items()
        theirs = listed(disk, 0)
        assert theirs is not None
        difference = compared(disk, ours, theirs)
        _, other = content_differences(reader, disk, [one for one in ours if "/many/" not in one.locator.path])

    assert (difference.unexplained, difference.missing, other) == ((), (), [])
    assert len(ours) - len(theirs) == sum(difference.ours.values())
    expected = {"NTFS": {Rule.NO_MAIN_STREAM}, "ISO 9660, Rock Ridge alone": {Rule.LONG_NAME}}
    assert set(difference.ours) | set(difference.renamed) == expected.get(name, set())


def read(disk: Path) -> tuple[str | None, dict[str, tuple[int, str]]]:
    found: dict[str, tuple[int, str]] = {}
    with ExhibitReader(Exhibit("EX-1", (str(disk),), describe([str(disk)]))) as reader:
        (volume,) = reader.table.volumes
        for one in reader.walk():
            if isinstance(one, Unexamined):
                assert one.locator is not None
                continue
            if not _is_ordinary(one, volume.filesystem):
                continue
            content = b"".join(reader.source(one.locator).chunks())
            found[one.locator.path] = (one.size, hashlib.sha256(content).hexdigest())
    return volume.filesystem, found


def _is_ordinary(entry: Entry, filesystem: str | None) -> bool:
    """Tell whether an entry is one that the source folder has.

    NTFS keeps its own records 0 to 23 as files, and a number of further ones below `$Extend`.
    """
    if entry.kind is not EntryKind.FILE or not entry.allocated or entry.locator.stream:
        return False
    address = entry.locator.address or 0
    return filesystem != "NTFS" or (address >= 24 and not entry.locator.path.startswith("/$Extend/"))


def truth(folder: Path) -> dict[str, tuple[int, str]]:
    files = (one for one in folder.rglob("*") if one.is_file())
    return {f"/{one.relative_to(folder).as_posix()}": _facts(one) for one in files}


def ntfs_truth(folder: Path) -> dict[str, tuple[int, str]]:
    return {"/big.bin": _facts(folder / "big.bin"), "/एक.txt": _facts(folder / "चित्र/एक.txt")}


def _facts(path: Path) -> tuple[int, str]:
    content = path.read_bytes()
    return len(content), hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(("tool", "name"), [("mkfs.btrfs", "Btrfs"), ("mkfs.f2fs", "F2FS")])
def test_a_file_system_that_is_not_read_is_named_and_never_empty(tmp_path: Path, tool: str, name: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    disk = tmp_path / "disk.dd"
    _sized(disk, 256 * _MIB)
    _made(tool, disk)

    with ExhibitReader(Exhibit("EX-1", (str(disk),), describe([str(disk)]))) as reader:
        lines = [one for one in reader.walk() if isinstance(one, Unexamined)]

    assert [(one.reason.value, name in one.detail) for one in lines] == [("unsupported file system", True)]


def test_a_volume_that_is_read_and_said_to_be_longer_than_the_disk_is_listed(source: Path, tmp_path: Path) -> None:
    if shutil.which("mke2fs") is None:
        pytest.skip("mke2fs is not installed")
    plain, disk = tmp_path / "plain.dd", tmp_path / "disk.dd"
    ext("ext2")(source, plain)
    sectors = plain.stat().st_size // 512
    table = bytearray(2048 * 512)
    table[446:462] = bytes([0, 0, 0, 0, 0x83, 0, 0, 0]) + struct.pack("<II", 2048, sectors + 1000)
    table[510:512] = b"\x55\xaa"
    disk.write_bytes(bytes(table) + plain.read_bytes())

    with reader_of(disk) as reader:
        walked = list(reader.walk())

    assert any(isinstance(one, Entry) and one.locator.path == "/big.bin" for one in walked)
    assert [one.reason.value for one in walked if isinstance(one, Unexamined) and one.of is Of.VOLUME] == [
        "beyond the end of the exhibit"
    ]
