"""Words on screen: the English text is the key, and a catalogue turns it into the language in use."""

import json
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "hi": "हिन्दी", "ur": "اردو"}
RIGHT_TO_LEFT = frozenset({"ur"})

# First strong isolate and its end (Unicode UAX #9): digests, sizes and paths keep their own order in Urdu text.
_ISOLATE, _LEFT_ISOLATE, _END = "\u2068", "\u2066", "\u2069"

_in_use: dict[str, str] = {"language": "en"}


def use(language: str) -> None:
    """Show everything asked for from now on in `language`; an unknown one means English."""
    _in_use["language"] = language if language in LANGUAGES else "en"


def language() -> str:
    """Return the code of the language in use."""
    return _in_use["language"]


def tr(text: str, **values: object) -> str:
    """Return `text` in the language in use, with `{name}` places filled; English where no translation is kept."""
    found = catalogue(language()).get(text, text)
    return found.format(**values) if values else found


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return the translations of one language, English text to translated text; empty for English."""
    path = Path(__file__).with_name(f"{language}.json")
    if language == "en" or not path.is_file():
        return {}
    words: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return words


def ltr(text: str) -> str:
    """Return digits, digests and paths so that they read left to right inside any text."""
    return f"{_LEFT_ISOLATE}{text}{_END}"


def isolated(text: str) -> str:
    """Return a name from the evidence so that its direction cannot disturb the text around it."""
    return f"{_ISOLATE}{text}{_END}"
