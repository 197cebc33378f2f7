"""The two lists beside the practice disk: TEAPOTS, which stands in for a known set, and the wallpapers to leave out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import md5, sha1
from random import Random

_CONTEXT = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/CUSTOM/$metadata#Media"


@dataclass(frozen=True, slots=True)
class Listed:
    """One content of a list with its media type and its code in the practice scheme `teapots`."""

    content: bytes
    code: int
    mime: str


def known_set(contents: Sequence[Listed], rng: Random) -> bytes:
    """Return a VICS 2.0 hash list of these contents and of as many again that lie on no disk.

    It carries what real lists carry: upper-case digests, booleans as text, and entries without SHA-1.
    """
    media = [_medium(number, one) for number, one in enumerate(contents, 1)]
    media += [_stranger(number, rng) for number in range(len(media) + 1, 2 * len(media) + 1)]
    whole = {"@odata.context": _CONTEXT, "value": media}
    return json.dumps(whole, indent=1).encode("ascii") + b"\n"


def plain_list(contents: Sequence[bytes]) -> bytes:
    """Return a list of MD5 digests, one a line, with a comment above."""
    lines = ["# Wallpapers of the practice disk: files that may be left out of view"]
    lines += sorted({_md5(content) for content in contents})
    return "\n".join([*lines, ""]).encode("ascii")


def _medium(number: int, one: Listed) -> dict[str, object]:
    medium: dict[str, object] = {"MediaID": number, "Category": one.code, "MD5": _md5(one.content).upper()}
    if number % 5:
        medium["SHA1"] = sha1(one.content, usedforsecurity=False).hexdigest().upper()
    precategorised = "true" if number % 2 else "false"
    return {**medium, "MediaSize": len(one.content), "MimeType": one.mime, "IsPrecategorized": precategorised}


def _stranger(number: int, rng: Random) -> dict[str, object]:
    return {
        "MediaID": number,
        "Category": number % 3,
        "MD5": rng.randbytes(16).hex(),
        "MediaSize": rng.randrange(1 << 20),
    }


def _md5(content: bytes) -> str:
    return md5(content, usedforsecurity=False).hexdigest()
