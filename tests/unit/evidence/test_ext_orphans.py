"""Deleted ext4 objects that no directory names any more."""

import struct
from pathlib import Path

from sakshya.domain.entry import EntryKind, Recovery
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
