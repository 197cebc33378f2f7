import csv

import cv2
import numpy as np
import pytest

from sakshya.media.fingerprint import fingerprints, pdq
from sakshya.media.pixels import shrink
from tests.support.third_party import third_party
from tests.unit.media.generated import rings

# Made once with the reference implementation (pdqhash 0.2.8) and imagehash on these very pictures.
_KNOWN = [
    ((512, 512, 1), "6c816c819489a28d5a8d2acf4b6faa6fadaeb77656b4a8f6aad295522a8950ab", 100, "b5ea492525371637"),
    ((640, 480, 1), "6d812a819489a2895a8d2acf4b6faa6fadaeb77656b4a8f6aad2d5522a8950ab", 100, "b5ea492525371637"),
    ((481, 1000, 2), "b681b6c1da41da418a05a94fa94fa7579cb75536aad63156ad74554aaa23aaad", 100, "b5dae22915353536"),
    ((300, 200, 3), "56d1dfc11b453b61af45c706940655b642378ab63957e7f2555aeaaa170ca8b1", 100, "b9c6982a2d277536"),
    ((65, 70, 4), "48790a792171abe1d7e4d5a657862e862a86ac56d476d57a53fa0feaff81c001", 100, "bfc0c02aaf29b6b4"),
    ((1600, 1200, 5), "a878a169042015e545f5daa7bea2ea47a2174166144e4dafbeeaefbebae94510", 100, "bb844a3e2b7a3932"),
]


def _distance(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


@pytest.mark.parametrize(("shape", "value", "quality", "_phash"), _KNOWN)
def test_pdq_is_the_published_algorithm_to_the_bit(
    shape: tuple[int, int, int], value: str, quality: int, _phash: str
) -> None:
    assert pdq(rings(*shape)) == (value, quality)


@pytest.mark.parametrize(("shape", "_value", "_quality", "phash"), _KNOWN[:5])
def test_phash_is_the_library_s_of_the_same_pixels(
    shape: tuple[int, int, int], _value: str, _quality: int, phash: str
) -> None:
    picture = rings(*shape)

    found = fingerprints(picture, "test")[1]

    assert (found.algorithm, found.quality) == ("phash", None)
    assert found.version.startswith("imagehash ")
    assert _distance(found.value, phash) == 0


def test_a_large_picture_is_averaged_down_to_512_and_the_route_says_so() -> None:
    found = fingerprints(rings(1600, 1200, 5), "cv2 full")[0]

    assert (found.algorithm, found.version) == ("pdq", "1")
    assert found.decode == "cv2 full; area 512"
    assert _distance(found.value, _KNOWN[5][1]) <= 10


def test_a_flat_picture_has_no_quality() -> None:
    assert pdq(np.full((400, 300, 3), 90, np.uint8))[1] == 0


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (5, 2), (64, 64)])
def test_a_picture_of_any_size_has_a_hash(shape: tuple[int, int]) -> None:
    value, quality = pdq(np.full((*shape, 3), 7, np.uint8))

    assert len(value) == 64
    assert 0 <= quality <= 100


@pytest.mark.data
def test_published_hashes_are_met_within_the_publisher_s_tolerance() -> None:
    folder = third_party("facebook_ThreatExchange/pdq")
    with (folder / "wasm/test/TestData/PDQMD5TestData.csv").open(encoding="utf-8") as lines:
        published = {row["FilePath"].rsplit("data/", 1)[-1]: row["Hash"] for row in csv.DictReader(lines)}
    compared = 0

    for name, value in published.items():
        picture = cv2.imread(str(folder / "data" / name)) if (folder / "data" / name).exists() else None
        if picture is not None:
            compared += 1
            assert _distance(pdq(shrink(picture, 512))[0], value) <= 10, name

    assert compared == 12
