"""The disk writer's promise: what is put on the disk can be read back by a reader that nobody here wrote."""

import hashlib
import io
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytsk3

from sakshya.testing import DiskFile, State, tiny_disk, write_fat16
from sakshya.testing.fat16 import FIRST_SECTOR, SECTOR

VOLUME = FIRST_SECTOR * SECTOR
# TSK 4.15 loses the tail of a name of more than 15 long-name records (195 letters); other readers do not.
NAMES = ["चाय का बर्तन.jpg", "چائے دانی.jpg", "കായൽ.png", "🫖 tea.JPG", "exactly13.png", "n" * 190 + ".jpg", "no suffix"]


class _Memory(pytsk3.Img_Info):  # type: ignore[misc]
    def __init__(self, disk: bytes) -> None:
        self._disk = disk
        super().__init__()

    def close(self) -> None:
        """Nothing to close."""

    def read(self, offset: int, length: int) -> bytes:
        return self._disk[offset : offset + length]

    def get_size(self) -> int:
        return len(self._disk)


def _read_back(disk: bytes) -> dict[str, tuple[bytes, bool]]:
    """Return path -> (content, allocated) for every file that TSK finds by name."""
    found: dict[str, tuple[bytes, bool]] = {}

    def walk(directory: pytsk3.Directory, above: str) -> None:
        for entry in directory:
            name = entry.info.name.name.decode("utf-8")
            if name in (".", "..") or name.startswith("$") or entry.info.meta is None:
                continue
            if entry.info.meta.type == pytsk3.TSK_FS_META_TYPE_DIR:
                walk(entry.as_directory(), f"{above}{name}/")
            elif "Volume Label" not in name:
                size = entry.info.meta.size
                content = entry.read_random(0, size) if size else b""
                found[above + name] = content, bool(int(entry.info.meta.flags) & pytsk3.TSK_FS_META_FLAG_ALLOC)

    walk(pytsk3.FS_Info(_Memory(disk), offset=VOLUME).open_dir("/"), "/")
    return found


def test_names_in_every_script_and_their_contents_come_back() -> None:
    files = {f"/{name}": name.encode() * 100 for name in NAMES} | {"/चित्र/تصویر/zero.bin": b""}

    found = _read_back(tiny_disk(files))

    assert found == {path: (content, True) for path, content in files.items()}


def test_a_deleted_file_comes_back_whole_with_its_long_name() -> None:
    disk = tiny_disk({"/DCIM/kept.jpg": b"k" * 9000}, deleted={"/DCIM/क्षितिज.jpg": b"d" * 5000})

    assert _read_back(disk)["/DCIM/क्षितिज.jpg"] == (b"d" * 5000, False)


def test_a_deleted_directory_takes_its_files_along_and_they_come_back() -> None:
    disk = tiny_disk({"/kept.txt": b"k"}, deleted={"/Old trip/": b"", "/Old trip/sub/one.jpg": b"1" * 3000})

    assert _read_back(disk)["/Old trip/sub/one.jpg"] == (b"1" * 3000, False)


def test_an_overwritten_file_points_into_the_file_that_took_its_place() -> None:
    disk = io.BytesIO()
    write_fat16(disk, [DiskFile("/a.jpg", b"new" * 1000), DiskFile("/b.jpg", b"old" * 50, State.OVERWRITTEN)])

    assert _read_back(disk.getvalue())["/b.jpg"] == (b"new" * 50, False)


def test_the_same_input_gives_the_same_bytes_everywhere() -> None:
    disk = tiny_disk({"/चाय/a.jpg": b"a" * 700}, deleted={"/b.jpg": b"b"})

    assert hashlib.sha256(disk).hexdigest() == "8b8f018202c383f37675a812a88ef747c978ccfd855905ee27f7d81bf3492fe2"


def test_times_are_the_digits_that_were_given() -> None:
    disk = tiny_disk({"/a.jpg": b"a"}, at=datetime(2021, 12, 31, 23, 59, 58, tzinfo=UTC))

    entry = pytsk3.FS_Info(_Memory(disk), offset=VOLUME).open("/a.jpg")

    assert datetime.fromtimestamp(entry.info.meta.mtime, _LOCAL) == datetime(2021, 12, 31, 23, 59, 58, tzinfo=_LOCAL)


# TSK reads FAT times as times of the machine's zone.
_LOCAL = datetime.now().astimezone().tzinfo


def test_a_larger_volume_uses_larger_clusters_and_free_space_is_kept() -> None:
    disk = io.BytesIO()
    length = write_fat16(disk, [DiskFile("/a.bin", b"x" * (3 << 20))], spare=40 << 20)

    assert length == len(disk.getvalue())
    assert length > 43 << 20
    assert _read_back(disk.getvalue())["/a.bin"][0] == b"x" * (3 << 20)


@pytest.mark.parametrize(
    "paths",
    [["/a/b.txt", "/a/b.txt"], ["/a", "/a/b.txt"], ["/" + "n" * 256], ["/"]],
    ids=["twice", "below", "long", "none"],
)
def test_a_path_that_fat_cannot_hold_is_refused(paths: list[str]) -> None:
    with pytest.raises(ValueError, match=r"FAT name|occurs twice"):
        write_fat16(io.BytesIO(), [DiskFile(path, b"x") for path in paths])


@pytest.mark.skipif(shutil.which("fsck.vfat") is None, reason="fsck.vfat is not installed")
def test_the_file_system_checker_has_nothing_to_say(tmp_path: Path) -> None:
    disk = tiny_disk({f"/{name}": b"x" * 3000 for name in NAMES}, deleted={"/old/": b"", "/old/a.jpg": b"y" * 999})
    volume = tmp_path / "volume"
    volume.write_bytes(disk[VOLUME:])

    checked = subprocess.run(["fsck.vfat", "-n", "-v", volume], capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout
