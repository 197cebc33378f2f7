"""P7: whatever lies on the disk, the scan goes on; a hostile file costs itself and is listed."""

from pathlib import Path
from random import Random

import pytest

from sakshya.casefile.item_filter import ItemFilter
from sakshya.casefile.reconcile import reconcile
from sakshya.domain.item import Status
from sakshya.domain.unexamined import Reason
from sakshya.testing import tiny_disk
from tests.support.bombs import bmp_bomb, png_bomb
from tests.support.small_case import make_case, pictures, scan
from tests.support.third_party import third_party


def test_bombs_are_refused_by_their_declared_size(tmp_path: Path) -> None:
    with make_case(tmp_path, {"/bomb.png": png_bomb(), "/bomb.bmp": bmp_bomb(), "/a.jpg": pictures(1)[0]}) as bench:
        summary = scan(bench).figures

        listed = {line.locator.path: line.reason for line in bench.case.unexamined.all() if line.locator}
        assert listed["/bomb.png"] is Reason.TOO_LARGE
        assert "/bomb.bmp" in listed
        undecided = list(bench.case.items.find(ItemFilter(status=frozenset({Status.UNDECIDED}))))
        assert len(undecided) == 1
        assert isinstance(summary["peak_anonymous_bytes"], int)
        assert summary["peak_anonymous_bytes"] < 600_000_000


def test_a_disk_of_noise_ends_in_a_listed_exhibit(tmp_path: Path) -> None:
    with make_case(tmp_path, {}, disk=Random(5).randbytes(1 << 20)) as bench:
        scan(bench)

        assert list(bench.case.unexamined.all())
        assert reconcile(bench.case) == []


def test_a_disk_with_flipped_bytes_in_its_file_system_is_walked_to_an_end(tmp_path: Path) -> None:
    rng = Random(11)
    disk = bytearray(tiny_disk({f"/{n}.jpg": shot for n, shot in enumerate(pictures(12))}))
    start = 2048 * 512 + 512
    for _ in range(400):
        disk[rng.randrange(start, start + 60_000)] ^= 1 << rng.randrange(8)
    with make_case(tmp_path, {}, disk=bytes(disk)) as bench:
        scan(bench)

        assert reconcile(bench.case) == []


@pytest.mark.data
@pytest.mark.slow
def test_every_malformed_file_is_listed_hashed_and_decoded_or_given_a_reason(tmp_path: Path) -> None:
    import hashlib
    import json

    root = third_party()
    manifest = json.loads((root / "MANIFEST.json").read_text(encoding="utf-8"))["manifest"]
    malformed = [one for one in manifest if one["kind"] == "malformed"]
    files = {f"/m/{number:03}.bin": (root / one["path"]).read_bytes() for number, one in enumerate(malformed)}
    with make_case(tmp_path, files) as bench:
        scan(bench, workers=2)

        items = {item.digests.sha256: item for item in bench.case.items.find(ItemFilter())}
        reasons = {str(line.locator) for line in bench.case.unexamined.all() if line.locator}
        for path, content in files.items():
            item = items[hashlib.sha256(content).hexdigest()]
            places = [where.locator for where in item.where if where.locator.path == path]
            assert places, path
            decoded = bench.case.items.tiles([item.id])[0].cells is not None
            not_media = item.status is Status.NOT_MEDIA
            assert decoded or not_media or str(places[0]) in reasons, path
        assert reconcile(bench.case) == []
    assert len(files) == 298
