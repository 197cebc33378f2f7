"""Digital Forensics Tool Testing 6 and 9: the digests that their author published, and how far a content is trusted."""

import hashlib
from pathlib import Path

import pytest

from sakshya.domain.entry import Entry
from tests.support.compare_listings import reader_of
from tests.support.truth import expanded

pytestmark = pytest.mark.data

_FOLDER = "sleuthkit_sleuthkit_test_data/from_brian"
# Record address -> MD5 and mark. The table of a deleted FAT file's clusters is gone, so that fragmented files come
# out as the published digests of contiguous reading; they share clusters with other deleted files and never pass as
# whole. The cluster of mult2.dat is claimed by such a file too, and nothing on the disk tells which of them is right.
UNDELETED = {
    4: ("c4f3b9a0f17d464f4fc61b94ecf6cc21", "partial"),
    5: ("965370acfa85aa7e26ab04bbd45cdcae", "partial"),
    6: ("59b20779f69ff9f0ac5fcd2c38835a79", "whole"),
    7: ("ffd27bd782bdce67750b6b9ee069d2ef", "whole"),
    870: ("59cf0e9cd107bc1e75afb7374f6e05bb", "partial"),
    965: ("a7a14ac62f79fdea4056ed5e8bcf97ef", "partial"),
}
HIDDEN = {"8071eeaa52cd372a9bbb093e348e605c", "8aeca328aa6fbb7d2ec01f8c2f3e4bbd"}


def _read(disk: Path) -> list[tuple[Entry, str]]:
    with reader_of(disk) as reader:
        entries = [one for one in reader.walk() if isinstance(one, Entry)]
        return [(one, hashlib.md5(b"".join(reader.source(one.locator).chunks())).hexdigest()) for one in entries]


def test_deleted_fat_files_reproduce_the_published_digests_and_doubtful_ones_say_so(tmp_path: Path) -> None:
    found = _read(expanded(f"{_FOLDER}/6-undel-fat.zip!6-fat-undel.dd", tmp_path))

    marks = {one.locator.address: (digest, str(one.recovery)) for one, digest in found}
    assert {address: marks[address] for address in UNDELETED} == UNDELETED


def test_data_hidden_behind_volume_labels_is_read(tmp_path: Path) -> None:
    found = _read(expanded(f"{_FOLDER}/9-fat-label.zip!9-fat-label.dd", tmp_path))

    assert {digest for _, digest in found} >= HIDDEN
