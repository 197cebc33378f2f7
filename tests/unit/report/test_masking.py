"""What leaves shows how long a name is, never what it says."""

from hypothesis import given
from hypothesis import strategies as st

from sakshya.domain.locator import Locator
from sakshya.report.masking import masked_file, masked_name


def _name(path: str, stream: str = "") -> str:
    return masked_name(Locator("EX-1", 1, 0, 5, path, stream=stream))


def test_length_and_ordinary_extension_are_all_that_is_shown() -> None:
    assert _name("/DCIM/Asha.JPG") == "[4].jpg"
    assert _name("/आशा.jpg") == "[3].jpg"
    assert _name("/no extension") == "[12]"
    assert _name("/notes.txt", "Zone.Identifier") == "[5].txt:[15]"
    assert _name("/") == "[no name]"
    assert masked_file(r"D:\cases\Asha.E01") == "[8]"


def test_an_extension_that_could_be_a_name_is_not_shown() -> None:
    assert _name("/photo.asha") == "[10]"


@given(st.text(alphabet=st.characters(exclude_characters="/"), min_size=4))
def test_no_name_shines_through(name: str) -> None:
    shown = _name(f"/{name}.jpg")

    assert shown.startswith("[")
    assert shown.endswith("].jpg")
    assert shown[1:-5].isdecimal()
