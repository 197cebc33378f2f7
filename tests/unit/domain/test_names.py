"""Names keep every byte and every code unit, and are shown in one reversible form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sakshya.domain.names import decode_name, encode_name, read_name, show_name


@given(st.binary(max_size=64))
def test_every_name_on_a_disk_comes_back_byte_for_byte(raw: bytes) -> None:
    assert encode_name(decode_name(raw)) == raw


@given(st.text(st.characters(codec=None), max_size=64))
def test_the_shown_form_is_printable_and_reads_back(name: str) -> None:
    shown = show_name(name)

    assert read_name(shown) == name
    shown.encode("utf-8")
    assert not any(ord(character) < 0x20 for character in shown)


@pytest.mark.parametrize("name", ["साक्ष्य चित्र.jpg", "تصویر.png", "ചിത്രം", "😀🎉.txt", "a name.JPG"])
def test_every_script_is_shown_as_it_is(name: str) -> None:
    assert show_name(name) == name


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"bad\xffname", r"bad\xFFname"),
        (b"lone\xed\xa0\x80", r"lone\uD800"),
        (b"two\nlines", r"two\x0Alines"),
        (b"\\", r"\\"),
    ],
)
def test_what_is_not_plain_is_escaped(raw: bytes, shown: str) -> None:
    assert show_name(decode_name(raw)) == shown
    assert read_name(shown) == decode_name(raw)


@pytest.mark.parametrize("shown", ["\\", r"\q", r"\x0", r"\u12"])
def test_an_unknown_escape_is_refused(shown: str) -> None:
    with pytest.raises(ValueError, match="unknown escape"):
        read_name(shown)
