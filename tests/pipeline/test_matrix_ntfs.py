"""An NTFS volume with all that it can keep, written by ntfs-3g: contents, and every address as sleuthkit lists it."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest

from sakshya.domain.entry import Entry, EntryKind
from sakshya.evidence.filesystems.filesystem import HOLE
from sakshya.evidence.walk import Found
from tests.support.compare_listings import Rule, compared, content_differences, entries_by_volume, reader_of
from tests.support.sleuthkit import listed, needs_sleuthkit

_COMPRESSED = (0x800).to_bytes(4, "big")
_NAMES = 40
GONE = Random(2).randbytes(20_000)
CONTENTS = {
    "/plain.txt": b"plain",
    "/plain.txt:secret": b"in a stream",
    "/packed/mixed.bin": b"abc " * 5000 + Random(1).randbytes(30_000) + bytes(200_000) + b"end",
    "/sparse.bin": b"head" + bytes(2_999_996) + b"tail",
}


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A volume that was mounted, filled and let go; skipped where nothing can be mounted."""
    if any(shutil.which(tool) is None for tool in ("mkntfs", "ntfs-3g", "fusermount")):
        pytest.skip("ntfs-3g is not installed")
    folder = tmp_path_factory.mktemp("ntfs")
    disk, mounted = folder / "disk.dd", folder / "mounted"
    mounted.mkdir()
    with disk.open("wb") as target:
        target.truncate(32 << 20)
    subprocess.run(
        ["mkntfs", "-F", "-q", "-s", "512", "-p", "0", "-H", "16", "-S", "63", str(disk)],
        check=True,
        capture_output=True,
    )
    options = "streams_interface=windows,compression"
    done = subprocess.run(["ntfs-3g", "-o", options, str(disk), str(mounted)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"nothing can be mounted here: {done.stderr.decode()[:80]}")
    try:
        _fill(mounted)
    finally:
        subprocess.run(["fusermount", "-u", str(mounted)], check=True, capture_output=True)
    return disk


def _fill(root: Path) -> None:
    (root / "packed").mkdir()
    os.setxattr(root / "packed", "system.ntfs_attrib_be", _COMPRESSED)
    for name, content in CONTENTS.items():
        if name == "/sparse.bin":
            continue
        (root / name[1:]).write_bytes(content)
    with (root / "sparse.bin").open("wb") as sparse:
        sparse.write(b"head")
        sparse.seek(3_000_000)
        sparse.write(b"tail")
    for number in range(_NAMES):
        os.link(root / "plain.txt", root / f"a name long enough to fill the record {number:03}.txt")
    (root / "gone.bin").write_bytes(GONE)
    (root / "gone.bin").unlink()


def _path(entry: Entry) -> str:
    return f"{entry.locator.path}:{entry.locator.stream}" if entry.locator.stream else entry.locator.path


def test_every_kind_of_stream_has_its_content_under_each_of_its_names(disk: Path) -> None:
    with reader_of(disk) as reader:
        ((_, ours),) = entries_by_volume(reader).items()
        found = {_path(one): b"".join(reader.source(one.locator).chunks()) for one in ours if _is_made_here(one)}
        kept = {_path(one.entry): one.stream for one in reader.found() if isinstance(one, Found)}

    assert {name: found[name] for name in CONTENTS} == {name: CONTENTS[name] for name in CONTENTS}
    names = [name for name in found if name.startswith("/a name long")]
    assert len(names) == 2 * _NAMES
    assert {found[name] for name in names} == {b"plain", b"in a stream"}
    packed, sparse = kept["/packed/mixed.bin"], kept["/sparse.bin"]
    assert packed is not None
    assert packed.is_compressed
    assert sparse is not None
    assert HOLE in {start for start, _ in sparse.runs}


def _is_made_here(entry: Entry) -> bool:
    return entry.kind is EntryKind.FILE and entry.allocated and (entry.locator.address or 0) >= 64


def test_a_deleted_record_gives_its_whole_content_and_says_so(disk: Path) -> None:
    with reader_of(disk) as reader:
        ((_, ours),) = entries_by_volume(reader).items()
        (gone,) = [one for one in ours if one.locator.path.endswith("/gone.bin")]
        content = b"".join(reader.source(gone.locator).chunks())

    assert not gone.allocated
    assert str(gone.recovery) == "whole"
    assert hashlib.sha256(content).digest() == hashlib.sha256(GONE).digest()


def test_every_address_and_content_is_that_of_sleuthkit(disk: Path) -> None:
    needs_sleuthkit()
    with reader_of(disk) as reader:
        ((_, ours),) = entries_by_volume(reader).items()
        theirs = listed(disk, 0)
        assert theirs is not None
        difference = compared(disk, ours, theirs)
        _, other = content_differences(reader, disk, ours)

    assert (difference.unexplained, difference.missing, other) == ((), (), [])
    assert len(ours) - len(theirs) == difference.ours[Rule.NO_MAIN_STREAM]
