"""What a tile says in words: to the eye in its caption, and to a screen reader in full. Never what a picture shows."""

from collections.abc import Mapping
from types import MappingProxyType

from sakshya.domain.item import Status, Tile
from sakshya.domain.media import Kind
from sakshya.gui.texts import ltr, tr
from sakshya.gui.texts.numbers import count, size

_NO_MEANINGS: Mapping[str, str] = MappingProxyType({})


def status_name(status: Status | str) -> str:
    """Return a status as a word on screen."""
    return {
        Status.DECIDED: tr("Decided"),
        Status.KNOWN: tr("Known"),
        Status.IGNORABLE: tr("Ignorable"),
        Status.UNEXAMINED: tr("Not examined"),
        Status.UNDECIDED: tr("Undecided"),
        Status.NOT_MEDIA: tr("Not media"),
    }[Status(status)]


def kind_name(kind: Kind | str) -> str:
    """Return a kind as a word on screen."""
    return {
        Kind.PICTURE: tr("Picture"),
        Kind.VIDEO: tr("Video"),
        Kind.AUDIO: tr("Audio"),
        Kind.DOCUMENT: tr("Document"),
        Kind.ARCHIVE: tr("Archive"),
        Kind.OTHER: tr("Other"),
    }[Kind(kind)]


def format_name(tile: Tile) -> str:
    """Return the file name's ending in capitals where it is a usual one, else the kind."""
    ending = tile.name.rpartition(".")[2] if "." in tile.name else ""
    plain = ending.isascii() and ending.isalnum() and len(ending) <= 5
    return ltr(ending.upper()) if plain else kind_name(tile.kind)


def spoken(tile: Tile, *, row: int, total: int, meanings: Mapping[str, str] = _NO_MEANINGS) -> str:
    """Return the tile's full name for a screen reader: where it stands, what kind, how large, its state.

    `meanings` puts a category's text form into words.
    """
    parts = [
        tr("Item {number}, {place} of {total}.", number=ltr(str(tile.id)), place=count(row + 1), total=count(total)),
        f"{kind_name(tile.kind)}, {format_name(tile)}, {size(tile.size)}.",
        f"{status_name(tile.status)}.",
    ]
    if tile.label:
        parts.append(f"{meanings.get(tile.label, tile.label)}.")
    parts.append(tr("Blurred.") if tile.cells is not None else tr("No picture is shown."))
    if tile.partial:
        parts.append(tr("Only a part could be decoded."))
    if tile.places > 1:
        parts.append(tr("Found in {places} places.", places=count(tile.places)))
    return " ".join(parts)
