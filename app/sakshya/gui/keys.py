"""Which letter or digit a key means, on Latin, Hindi and Urdu keyboard layouts alike.

Digits are read from the text a key gives (Devanagari and Arabic-Indic digits are digits). Letters of a layout without
Latin letters are told by the place of the key, as on a QWERTY keyboard.
"""

import sys
import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

# Scan codes: X11 and Wayland give evdev codes plus 8, Windows gives set 1; both count along the keyboard's rows.
_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_STARTS = (2, 16, 30, 44)
_PLACES = {start + at: key for start, row in zip(_STARTS, _ROWS, strict=True) for at, key in enumerate(row)}
_EVDEV_OFFSET = 8
# On the keyboard row above the letters, and on the pad, digits keep Qt's own key codes in Latin layouts.
_FIRST_DIGIT, _LAST_DIGIT = int(Qt.Key.Key_0.value), int(Qt.Key.Key_9.value)
_FIRST_LETTER, _LAST_LETTER = int(Qt.Key.Key_A.value), int(Qt.Key.Key_Z.value)


def digit(event: QKeyEvent) -> str | None:
    """Return "0" to "9" where the key means a digit, whatever script the layout writes it in; else None."""
    if _FIRST_DIGIT <= event.key() <= _LAST_DIGIT:
        return chr(event.key())
    text = event.text()
    if len(text) == 1 and unicodedata.category(text) == "Nd":
        return str(unicodedata.digit(text))
    placed = _placed(event)
    return placed if placed is not None and placed.isdigit() and not _is_latin(event) else None


def letter(event: QKeyEvent) -> str | None:
    """Return "a" to "z" where the key means a letter, told by its place on layouts without Latin letters; else None."""
    if _FIRST_LETTER <= event.key() <= _LAST_LETTER:
        return chr(event.key()).lower()
    if _is_latin(event):
        return None
    placed = _placed(event)
    return placed if placed is not None and placed.isalpha() else None


def _is_latin(event: QKeyEvent) -> bool:
    text = event.text()
    return event.key() < 0x80 or (event.key() >= 0x01000000 and not text) or (text.isascii() and bool(text))


def _placed(event: QKeyEvent) -> str | None:
    code = event.nativeScanCode()
    if not code:
        return None
    return _PLACES.get(code if sys.platform == "win32" else code - _EVDEV_OFFSET)
