"""Pixels of a deliberate look, as they cross from the process that decoded them to the window."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clear:
    """One picture in clear: `rgb` holds three bytes a pixel, row by row. It lives while a key is held."""

    width: int
    height: int
    rgb: bytes
