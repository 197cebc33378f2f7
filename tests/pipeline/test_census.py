"""A file system read at one go lists exactly what reading it name by name lists."""

import os
import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest

from sakshya.casefile.entry_rows import row_of
from sakshya.domain.entry import Entry
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import SakshyaFault
from sakshya.domain.unexamined import Unexamined
from sakshya.evidence.attach import describe
from sakshya.evidence.columns import Columns
from sakshya.evidence.tree import ExhibitReader
from sakshya.evidence.walk import Found, Limits
from sakshya.triage.listed import listed
from tests.support.truth import expanded, read_truth, truth_files

needs_ext = pytest.mark.skipif(
    shutil.which("mke2fs") is None or shutil.which("debugfs") is None, reason="mke2fs or debugfs is not installed"
)
_FEATURES = {
    "as usual": (),
    "small blocks": ("-b", "1024"),
    "without checksums": ("-O", "^64bit,^metadata_csum"),
    "without groups": ("-O", "^dir_index,^flex_bg"),
    "inline": ("-O", "inline_data"),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of many small folders, some large ones, and every name that a library restyles."""
    rng, root = Random(5), tmp_path_factory.mktemp("tree")
    for number in range(24):
        folder = root / f"folder {number}"
        folder.mkdir()
        for file in range((0, 1, 7, 60, 300)[number % 5]):
            name = f"{'é' if file % 7 == 0 else 'x'}{file}_{'y' * rng.randrange(1, 60)}.jpg"
            (folder / name).write_bytes(rng.randbytes(rng.choice((0, 1, 100, 5000, 30000))))
    for raw in (b"ca^ret", b"bad\xff", b"new\nline", b"back\\slash"):
        (root / "folder 1" / os.fsdecode(raw)).write_bytes(b"1")
    (root / "folder 2" / "link").symlink_to("../folder 3")
    os.link(root / "folder 1" / "ca^ret", root / "folder 6" / "hard")
    deep = root / "folder 7"
    for number in range(20):
        deep /= f"{number}"
        deep.mkdir()
        (deep / "file").write_bytes(b"z" * number)
    with (root / "folder 11" / "sparse").open("wb") as sparse:
        sparse.truncate(3 << 20)
        sparse.seek(1 << 20)
        sparse.write(b"middle")
    return root


def _disk(tree: Path, path: Path, *features: str) -> Path:
    with path.open("wb") as disk:
        disk.truncate(64 << 20)
    subprocess.run(["mke2fs", "-q", "-F", "-t", "ext4", "-d", str(tree), *features, str(path)], check=True)
    return path


def _both(disk: Path, limits: Limits | None = None) -> tuple[int, list[Entry | Unexamined]]:
    """Return how many entries came in columns, and all of them, after comparing both ways."""
    files = (str(disk),)
    exhibit = Exhibit("EX-1", files, describe(files))
    with ExhibitReader(exhibit, limits=limits) as reader:
        at_one_go = list(reader.walk())
        account = reader.account()
    with ExhibitReader(exhibit, limits=limits) as reader:
        singly = [found.entry if isinstance(found, Found) else found for found in reader.found()]
        assert reader.account() == account
    for kind in (Entry, Unexamined):
        assert [one for one in at_one_go if isinstance(one, kind)] == [one for one in singly if isinstance(one, kind)]
    with ExhibitReader(exhibit, limits=limits) as reader:
        columns = [found for found in reader.columns() if isinstance(found, Columns)]
    for some in columns:
        assert listed(some).rows == [row_of(one) for one in some.entries()]
    return sum(map(len, columns)), at_one_go


@needs_ext
@pytest.mark.parametrize("features", _FEATURES.values(), ids=_FEATURES)
def test_an_ext4_volume_lists_the_same_both_ways(tree: Path, tmp_path: Path, features: tuple[str, ...]) -> None:
    in_columns, entries = _both(_disk(tree, tmp_path / "disk.dd", *features))

    assert len(entries) > 1_500
    assert in_columns > 1_000 or "inline_data" in features


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@needs_ext
def test_deleted_names_and_records_are_left_to_the_usual_reader(tree: Path, tmp_path: Path) -> None:
    disk = _disk(tree, tmp_path / "disk.dd")
    victims = [f"/folder {n}/{name}" for n in (3, 8, 9) for name in _names(tree / f"folder {n}")[2:6]]
    commands = "".join(f'rm "{victim}"\n' for victim in victims)
    subprocess.run(["debugfs", "-w", "-f", "/dev/stdin", str(disk)], input=commands.encode(), capture_output=True)

    in_columns, entries = _both(disk)

    deleted = {one.locator.path for one in entries if isinstance(one, Entry) and not one.allocated}
    assert in_columns > 500
    assert deleted >= set(victims)


@needs_ext
def test_limits_stop_both_ways_at_the_same_entry(tree: Path, tmp_path: Path) -> None:
    disk = _disk(tree, tmp_path / "disk.dd")

    for limits in (Limits(entries=700), Limits(depth=5), Limits(entries=3)):
        _both(disk, limits)


@needs_ext
def test_every_damaged_byte_of_the_tables_leaves_both_ways_equal(tree: Path, tmp_path: Path) -> None:
    rng, whole = Random(9), _disk(tree, tmp_path / "disk.dd", "-O", "^has_journal").read_bytes()
    damaged = tmp_path / "damaged.dd"
    for _ in range(12):
        data = bytearray(whole)
        for _ in range(40):
            # The tables and directories stand near the beginning.
            data[rng.randrange(1024, 6 << 20)] = rng.randrange(256)
        damaged.write_bytes(data)
        _both(damaged)


@pytest.mark.data
@pytest.mark.parametrize("name", truth_files())
def test_every_third_party_disk_lists_the_same_both_ways(name: str, tmp_path: Path) -> None:
    disk = expanded(str(read_truth(name)["source"]), tmp_path)
    try:
        describe((str(disk),))
    except SakshyaFault:
        pytest.skip("a disk that is refused")

    _both(disk)


needs_ntfs = pytest.mark.skipif(
    not (shutil.which("ntfs-3g") and shutil.which("mkntfs") and os.access("/dev/fuse", os.R_OK | os.W_OK)),
    reason="ntfs-3g cannot write a file system here",
)


@pytest.fixture(scope="module")
def ntfs(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An NTFS volume that was written to, deleted from, renamed in and linked in."""
    folder = tmp_path_factory.mktemp("ntfs")
    disk, mount = folder / "disk.dd", folder / "mounted"
    mount.mkdir()
    with disk.open("wb") as empty:
        empty.truncate(48 << 20)
    subprocess.run(["mkntfs", "-q", "-F", "-f", str(disk)], check=True, capture_output=True)
    if subprocess.run(["ntfs-3g", str(disk), str(mount)], check=False, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        for number in (0, 3, 4, 5, 6, 8, 9, 10, 12):
            shutil.copytree(tree / f"folder {number}", mount / f"folder {number}", symlinks=True)
        busy = mount / "busy"
        busy.mkdir()
        for number in range(300):
            (busy / f"first {number}").write_bytes(b"1" * number)
        for number in range(0, 300, 3):
            (busy / f"first {number}").unlink()
        for number in range(80):
            (busy / f"second name of {number}").write_bytes(b"2")
        (busy / "first 2").rename(busy / "renamed")
        (busy / "first 4").rename(mount / "folder 3" / "moved")
        os.link(busy / "first 5", mount / "folder 6" / "second link")
        shutil.rmtree(mount / "folder 8")
    finally:
        subprocess.run(["fusermount", "-u", str(mount)], check=False, capture_output=True)
    return disk


@needs_ntfs
def test_an_ntfs_volume_that_was_lived_in_lists_the_same_both_ways(ntfs: Path) -> None:
    in_columns, entries = _both(ntfs)

    assert in_columns > 200
    assert any(isinstance(one, Entry) and not one.allocated for one in entries)


@needs_ntfs
def test_every_damaged_byte_of_the_ntfs_table_leaves_both_ways_equal(ntfs: Path, tmp_path: Path) -> None:
    rng, whole = Random(9), ntfs.read_bytes()
    table = whole.index(b"FILE0")
    damaged = tmp_path / "damaged.dd"
    for _ in range(8):
        data = bytearray(whole)
        for _ in range(30):
            data[rng.randrange(table, table + (1 << 20))] = rng.randrange(256)
        damaged.write_bytes(data)
        _both(damaged)
