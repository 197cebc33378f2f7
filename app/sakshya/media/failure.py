"""Why a picture or video was not decoded."""

from dataclasses import dataclass

from sakshya.domain.unexamined import Reason
from sakshya.media.limits import MEGAPIXEL

_DETAIL_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class DecodeFailure:
    """The reason from the closed list, and one line for the examiner."""

    reason: Reason
    detail: str


class UndecodableError(Exception):
    """Carries a `DecodeFailure` out of the decoders; it never leaves this package."""

    def __init__(self, reason: Reason, detail: object) -> None:
        self.failure = DecodeFailure(reason, one_line(detail))
        super().__init__(self.failure.detail)


def too_many_pixels(width: int, height: int, limit: int) -> UndecodableError:
    """Return the error for a picture that declares more pixels than its format may have here."""
    detail = f"{width} x {height} pixels; the limit for this format is {limit // MEGAPIXEL} million"
    return UndecodableError(Reason.TOO_LARGE, detail)


def out_of_memory() -> UndecodableError:
    """Return the error for a decoder that met the worker's memory limit."""
    return UndecodableError(Reason.MEMORY_LIMIT, "the decoder needs more memory than a file may use")


def one_line(text: object) -> str:
    """Return the text on one line of at most 200 characters, as decoders' messages are neither."""
    line = " ".join(str(text).split())
    printable = "".join(character if character.isprintable() else "?" for character in line)
    return printable if len(printable) <= _DETAIL_CHARACTERS else printable[: _DETAIL_CHARACTERS - 1] + "…"
