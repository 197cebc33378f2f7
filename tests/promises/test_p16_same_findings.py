"""P16: same evidence, same sets, same version: same findings digest, on one worker or many."""

from pathlib import Path

from sakshya.testing import tiny_disk
from tests.support.small_case import case_on, desk_in, pictures, scan, take_set


def test_one_worker_and_three_find_the_same(tmp_path: Path) -> None:
    shots = pictures(40)
    disk = tiny_disk(
        {f"/{n % 5}/{n}.jpg": shot for n, shot in enumerate([*shots, *shots[:7]])}, deleted={"/x.jpg": shots[0]}
    )
    digests = set()
    for workers in (1, 3):
        folder = tmp_path / str(workers)
        folder.mkdir()
        (folder / "disk.dd").write_bytes(disk)
        take_set(desk_in(folder), folder, shots[:9])
        with case_on(folder, folder / "disk.dd") as bench:
            figures = scan(bench, workers).figures
            digests.add((figures["findings_digest"], figures["fingerprints_digest"]))

    assert len(digests) == 1


def test_another_content_gives_another_digest(tmp_path: Path) -> None:
    digests = set()
    for name, shot in zip("ab", pictures(2), strict=True):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "disk.dd").write_bytes(tiny_disk({"/a.jpg": shot}))
        with case_on(folder, folder / "disk.dd") as bench:
            digests.add(scan(bench).figures["findings_digest"])

    assert len(digests) == 2
