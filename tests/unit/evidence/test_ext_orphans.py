"""Ext4: deleted objects that no directory names any more, and files beyond the end of a cut disk image."""

import struct
from pathlib import Path

import pytest

from sakshya.domain.entry import EntryKind, Recovery
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason, Unexamined
from sakshya.evidence.tree import ExhibitReader
from tests.support.exhibits import by_path, exhibit_of, run_tool


def _disk(folder: Path) -> tuple[Path, int, int]:
    """Return a disk with a lost file and a lost, emptied directory, as the system leaves one; and their addresses."""
    source, image = folder / "source", folder / "ext4.img"
    (source / "emptied-folder").mkdir(parents=True)
    (source / "lost-file.txt").write_bytes(b"lost" * 1000)
    run_tool("mkfs.ext4", "-q", "-b", "1024", "-d", str(source), str(image), "8M")
    run_tool("debugfs", "-w", "-R", "rm lost-file.txt", str(image))
    run_tool("debugfs", "-w", "-R", "rmdir emptied-folder", str(image))
    raw, addresses = bytearray(image.read_bytes()), []
    for name in (b"lost-file.txt", b"emptied-folder"):
        at = raw.rindex(name) - 8
        addresses.append(struct.unpack_from("<I", raw, at)[0])
        raw[at : at + 4] = bytes(4)
    image.write_bytes(raw)
    run_tool("debugfs", "-w", "-R", f"set_inode_field <{addresses[1]}> size 0", str(image))
    return image, addresses[0], addresses[1]


def test_one_emptied_directory_does_not_hide_what_else_was_deleted(tmp_path: Path) -> None:
    image, file, directory = _disk(tmp_path)

    with ExhibitReader(exhibit_of(image)) as reader:
        found = list(reader.walk())
        entries = by_path(found)
        lost = entries[f"/$OrphanFiles/OrphanFile-{file}"]
        content = b"".join(reader.source(lost.locator).chunks())

    assert (content, lost.recovery) == (b"lost" * 1000, Recovery.WHOLE)
    emptied = entries[f"/$OrphanFiles/OrphanFile-{directory}"]
    assert (emptied.kind, emptied.allocated, emptied.recovery) == (EntryKind.DIRECTORY, False, Recovery.OVERWRITTEN)
    assert not [one for one in found if isinstance(one, Unexamined) and one.reason is Reason.BAD_METADATA]


def test_a_file_beyond_a_cut_disk_images_end_says_so(tmp_path: Path) -> None:
    source, image = tmp_path / "source", tmp_path / "ext4.img"
    source.mkdir()
    (source / "far.bin").write_bytes(b"far" * 1000)
    run_tool("mkfs.ext4", "-q", "-b", "1024", "-g", "8192", "-d", str(source), str(image), "24M")
    raw = image.read_bytes()
    image.write_bytes(raw[: raw.index(b"far" * 100)])

    with ExhibitReader(exhibit_of(image)) as reader:
        found = list(reader.walk())
        with pytest.raises(EvidenceFault, match="beyond the end of the exhibit") as raised:
            list(reader.source(by_path(found)["/far.bin"].locator).chunks())

    assert raised.value.reason == Reason.BEYOND_END
    assert "/$OrphanFiles/OrphanFile-2" not in by_path(found)
