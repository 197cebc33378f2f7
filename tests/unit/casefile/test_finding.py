import unicodedata

import pytest

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.finding import find
from sakshya.domain.faults import OperatorFault
from sakshya.domain.item import ItemId
from sakshya.domain.locator import Locator
from tests.unit.casefile.building import attach, digests, entry, finding

NAMES = ("DCIM/IMG_1042.JPG", "DCIM/Straße.png", "चित्र/नमस्ते.jpg", "DCIM/2.jpg", "odd/a|b.jpg", "odd/\ud800.gif")


@pytest.fixture
def shelf(case: CaseFile) -> dict[str, ItemId]:
    ids = attach(case, *map(entry, NAMES))
    items = case.items.record([finding(one, ascii(name)) for one, name in zip(ids, NAMES, strict=True)])
    return dict(zip(NAMES, items, strict=True))


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("img_10", [NAMES[0]]),
        (".JPG", [NAMES[0], NAMES[2], NAMES[3], NAMES[4]]),
        ("STRASSE", [NAMES[1]]),
        ("नमस्ते", [NAMES[2]]),
        ("DCIM", []),
        ("चित्र", []),
        ("a|b", [NAMES[4]]),
        ("\\uD8", [NAMES[5]]),
        ("1042", [NAMES[0]]),
        ("#2", [NAMES[1]]),
        ("2", [NAMES[1]]),
        ("name=2", [NAMES[0], NAMES[3]]),
        ("#1042", []),
        ("'; DROP TABLE item; --", []),
        (digests(ascii(NAMES[3])).sha1[:6], [NAMES[3]]),
        (digests(ascii(NAMES[3])).sha256.upper(), [NAMES[3]]),
    ],
)
def test_words_lead_to_the_items_they_mean(
    case: CaseFile, shelf: dict[str, ItemId], words: str, names: list[str]
) -> None:
    assert find(case.items, words) == sorted(shelf[name] for name in names)


def test_a_name_is_found_however_its_accents_are_composed(case: CaseFile) -> None:
    (only,) = attach(case, entry(unicodedata.normalize("NFD", "café.jpg")))
    (item,) = case.items.record([finding(only, "café")])

    assert find(case.items, unicodedata.normalize("NFC", "CAFÉ")) == [item]


def test_every_copy_of_a_content_counts_with_its_own_name(case: CaseFile) -> None:
    ids = attach(case, entry("one.jpg"), entry("two.jpg", locator=Locator("EX-1", 1, 0, 6, "/x/two.jpg", stream="ads")))
    items = case.items.record([finding(one, "same") for one in ids])

    assert find(case.items, "two.jpg:a") == items


@pytest.mark.parametrize("words", ["", "  ", "a\nb", "digest=12"])
def test_words_that_mean_nothing_are_refused(case: CaseFile, words: str) -> None:
    with pytest.raises(OperatorFault):
        find(case.items, words)
