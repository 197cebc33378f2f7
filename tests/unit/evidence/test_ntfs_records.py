"""An NTFS record that no longer states a content is never read as an empty file."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from sakshya.domain.entry import Entry
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.attach import describe
from sakshya.evidence.tree import ExhibitReader


@pytest.mark.skipif(not (shutil.which("mkntfs") and shutil.which("ntfscp")), reason="ntfs-3g is not installed")
def test_a_record_whose_content_is_hidden_by_a_broken_attribute_is_an_error_and_no_empty_file(tmp_path: Path) -> None:
    disk, source = tmp_path / "disk.dd", tmp_path / "picture.jpg"
    with disk.open("wb") as empty:
        empty.truncate(8 << 20)
    source.write_bytes(b"not empty" * 10)
    subprocess.run(["mkntfs", "-q", "-F", "-f", str(disk)], check=True, capture_output=True)
    subprocess.run(["ntfscp", "-f", str(disk), str(source), "picture.jpg"], check=True, capture_output=True)
    data = bytearray(disk.read_bytes())
    record = data.rindex(b"FILE0", 0, data.index(b"not empty"))
    first = record + int.from_bytes(data[record + 20 : record + 22], "little")
    second = first + int.from_bytes(data[first + 4 : first + 8], "little")
    data[second + 11] = 0xC9
    disk.write_bytes(data)

    files = (os.fspath(disk),)
    with ExhibitReader(Exhibit("EX-1", files, describe(files))) as reader:
        entry = next(one for one in reader.walk() if isinstance(one, Entry) and one.locator.path == "/picture.jpg")
        with pytest.raises(EvidenceFault) as caught:
            reader.source(entry.locator).read_at(0, 10)

    assert caught.value.reason == Reason.BAD_METADATA.value
