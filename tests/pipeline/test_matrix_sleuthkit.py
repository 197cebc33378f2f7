"""Every third-party disk beside The Sleuth Kit's own programs: path, address, deletion state, content, both counts."""

from pathlib import Path

import pytest

from tests.support.compare_listings import (
    Rule,
    compared,
    content_differences,
    copied_raw,
    entries_by_volume,
    reader_of,
)
from tests.support.sleuthkit import listed, needs_sleuthkit
from tests.support.truth import expanded, read_truth, truth_files

pytestmark = pytest.mark.data

_NTFS = {Rule.NO_MAIN_STREAM: 4}
# Our count, that of `fls -r -p` (None where it opens no file system), and by which rules they differ.
Figures = tuple[int, int | None, dict[Rule, int]]
FIGURES: dict[str, dict[int, Figures]] = {
    "14_iso9660_1.zip_iso_dirtree1.iso.json": {0: (4, 3, {Rule.FURTHER_TREE: 1})},
    "14_iso9660_1.zip_iso_dirtree2.iso.json": {0: (5, 3, {Rule.FURTHER_TREE: 2})},
    "14_iso9660_1.zip_iso_endian.iso.json": {0: (4, 2, {Rule.FURTHER_TREE: 2})},
    "1_extend_part.zip_ext_part_test_2.dd.json": {
        **{at: (5, 5, {}) for at in (32256, 26836992, 53673984, 80543232, 107380224)},
        134217216: (6, 6, {}),
    },
    "6_undel_fat.zip_6_fat_undel.dd.json": {0: (17, 17, {})},
    "9_fat_label.zip_9_fat_label.dd.json": {0: (8, 8, {})},
    "exfat_lin_part.raw.gz.json": {1048576: (26, 26, {})},
    "exfat_orphan.raw.gz.json": {0: (50, 8, {Rule.REFUSED_DIRECTORY: 42})},
    "ext2.E01.json": {0: (7, 7, {})},
    "ext2.qcow2.json": {0: (7, 7, {})},
    "ext2.vmdk.json": {0: (7, 7, {})},
    "fat12.raw.gz.json": {0: (1029, 1029, {})},
    "fat16.raw.gz.json": {0: (1029, 1029, {})},
    "fat32_small.raw.gz.json": {0: (8, None, {})},
    "fat_dir.raw.gz.json": {0: (5, 5, {})},
    "fat_noloop.raw.gz.json": {0: (9, 9, {})},
    "gpt_512_3p.raw.gz.json": {at: (0, None, {}) for at in (17408, 33280, 66048)},
    "hfsplus.raw.json": {0: (19, 17, {Rule.FORK: 2})},
    "ntfs_index.raw.gz.json": {65536: (71, 67, _NTFS)},
    "ntfs_lastaccess.raw.gz.json": {65536: (45, 41, _NTFS)},
    "ntfs_si_vs_fn.raw.gz.json": {65536: (41, 37, _NTFS)},
    "resources_fat16.img.json": {0: (13, 13, {})},
    "src_tests_CFReDS001.E01.json": {8257536: (8, 8, {})},
    **{f"test_data_image.{kind}.json": {0: (9, 9, {})} for kind in ("E01", "dd", "qcow", "vhd", "vmdk")},
    "test_data_image.iso.json": {0: (6, 6, {})},
    "test_data_imageformat_mmls_1.E01.json": {65536: (38, 34, _NTFS), 28377088: (38, 34, _NTFS)},
    "test_disk_ext2.bin.zst.json": {0: (5, 5, {})},
    "test_disk_ext3.bin.zst.json": {0: (1004, 1004, {})},
    "testdata_testfs1.json": {0: (549, 545, _NTFS)},
    "tsk_volume_system.raw.json": {512: (0, None, {}), 180224: (2, 2, {})},
}


def test_no_third_party_disk_is_left_out() -> None:
    if not truth_files():
        pytest.skip("third-party test data is absent")
    assert set(truth_files()) == set(FIGURES)


def _marked(name: str) -> object:
    many = any(ours > 500 for ours, _, _ in FIGURES[name].values())
    return pytest.param(name, marks=pytest.mark.slow) if many else name


@pytest.mark.parametrize("name", [_marked(name) for name in FIGURES])
def test_every_path_address_and_content_is_that_of_sleuthkit(name: str, tmp_path: Path) -> None:
    needs_sleuthkit()
    disk = expanded(read_truth(name)["source"], tmp_path)
    with reader_of(disk) as reader:
        raw = copied_raw(reader, tmp_path / "same.raw")
        found: dict[int, Figures] = {}
        for offset, ours in entries_by_volume(reader).items():
            theirs = listed(raw, offset)
            if theirs is None:
                found[offset] = (len(ours), None, {})
                continue
            difference = compared(raw, ours, theirs)
            found[offset] = (len(ours), len(theirs), difference.ours)
            assert difference.unexplained == ()
            assert difference.missing == ()
            assert len(ours) - len(theirs) == sum(difference.ours.values())
            _, other = content_differences(reader, raw, ours)
            assert other == []

    assert found == FIGURES[name]
