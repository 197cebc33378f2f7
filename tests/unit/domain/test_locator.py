"""A locator's text form brings the same locator back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sakshya.domain.locator import Locator, Member, Run

_TEXT = st.text(st.characters(codec=None), max_size=40)
_NUMBER = st.integers(0, 1 << 63)
_LOCATORS = st.builds(
    Locator,
    exhibit=_TEXT,
    volume=st.integers(0, 9999),
    offset=_NUMBER,
    address=st.none() | _NUMBER,
    path=_TEXT,
    attribute=st.none() | st.tuples(_NUMBER, _NUMBER),
    stream=_TEXT,
    runs=st.lists(st.builds(Run, _NUMBER, _NUMBER), max_size=4).map(tuple),
    layers=st.lists(st.from_regex(r"[a-z][a-z0-9]{0,7}(\.[0-9]{1,4})?", fullmatch=True), max_size=3).map(tuple),
    inside=st.lists(
        st.builds(Member, st.from_regex(r"[a-z0-9-]{1,9}", fullmatch=True), _NUMBER, _TEXT), max_size=3
    ).map(tuple),
)


@given(_LOCATORS)
def test_every_locator_parses_back(locator: Locator) -> None:
    text = str(locator)

    assert "\n" not in text
    if locator.address is not None or locator.attribute is None:
        assert Locator.parse(text) == locator


def test_the_printed_form_is_the_documented_one() -> None:
    runs = (Run(4096, 512), Run(8192, 100))
    locator = Locator("EX-1", 2, 1048576, 45, "/DCIM/IMG_0001.JPG", (128, 1), "Zone.Identifier", runs)

    assert str(locator) == "EX-1|v2@1048576|45.128-1|/DCIM/IMG_0001.JPG|Zone.Identifier|4096+512,8192+100"


def test_layers_and_steps_into_a_file_print_as_documented() -> None:
    layered = Locator("EX-1", 3, 1048576, 5, "/a", layers=("luks", "lvm.0"))
    packed = Locator(
        "EX-1", 2, 1048576, 45, "/a.zip", inside=(Member("zip", 3, "in|ner.tar"), Member("tar", 0, "1.jpg"))
    )

    assert str(layered) == "EX-1|v3@1048576!luks!lvm.0|5|/a"
    assert str(packed) == "EX-1|v2@1048576|45|/a.zip|||zip#3:in\\u007Cner.tar|tar#0:1.jpg"
    assert Locator.parse(str(packed)) == packed
    assert packed.shown_path == "/a.zip!/in|ner.tar!/1.jpg"


@pytest.mark.parametrize(
    "text", ["", "EX-1", "EX-1|v1@", "EX-1|v1@0|x|/a", "EX-1|v1@0|5|/a|s|9-1", "a|v1@0|1|b|c|1+1|e"]
)
def test_what_is_no_locator_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"locator|byte run|member"):
        Locator.parse(text)
