"""Letters and digits on Hindi and Urdu keyboard layouts."""

import sys

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from sakshya.gui import keys

# Where the keys lie: evdev code plus 8 on X11 and Wayland, set 1 on Windows.
OFFSET = 0 if sys.platform == "win32" else 8
KEY_J, KEY_2, KEY_SLASH = 36 + OFFSET, 3 + OFFSET, 53 + OFFSET


def pressed(key: int, text: str, place: int = 0) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, place, 0, 0, text)


@pytest.mark.parametrize(("key", "text"), [(0x930, "र"), (0x62C, "ج")])
def test_a_letter_key_of_another_script_is_told_by_its_place(key: int, text: str) -> None:
    assert keys.letter(pressed(key, text, KEY_J)) == "j"
    assert keys.digit(pressed(key, text, KEY_J)) is None


def test_a_latin_letter_is_itself_wherever_the_key_lies() -> None:
    assert keys.letter(pressed(int(Qt.Key.Key_K.value), "k", KEY_J)) == "k"


@pytest.mark.parametrize(("key", "text"), [(0x968, "२"), (0x6F2, "۲"), (0x662, "٢"), (int(Qt.Key.Key_2.value), "2")])
def test_a_digit_is_a_digit_in_every_script(key: int, text: str) -> None:
    assert keys.digit(pressed(key, text, KEY_2)) == "2"
    assert keys.letter(pressed(key, text, KEY_2)) is None


def test_a_sign_on_the_digit_row_of_another_script_still_decides() -> None:
    assert keys.digit(pressed(0x965, "॥", KEY_2)) == "2"


def test_signs_and_function_keys_mean_neither() -> None:
    for event in (
        pressed(int(Qt.Key.Key_Slash.value), "/", KEY_SLASH),
        pressed(int(Qt.Key.Key_F5.value), "", 71 + OFFSET),
        pressed(int(Qt.Key.Key_Exclam.value), "!", KEY_2),
    ):
        assert keys.letter(event) is None
        assert keys.digit(event) is None
