"""Which files most likely hold a picture or a video somebody kept, by name, folder, time and kind of volume alone.

The table is a guess about where people keep pictures, and only ever decides what is read first. `app/docs/examiner.md`
prints it.
"""

import re
from enum import IntEnum

from sakshya.media.media_names import promises_media


class Place(IntEnum):
    """Kinds of folder, the likeliest first."""

    CAMERA_OR_CHAT = 0
    USER = 1
    THROWN_AWAY = 2
    ELSEWHERE = 3
    SYSTEM = 4


# The first row that fits decides. Folder names as cameras, phones, chat programs and desktops make them.
_TABLE = (
    (
        Place.CAMERA_OR_CHAT,
        "dcim|camera|camera roll|[0-9]{3}[a-z0-9_]{5}|whatsapp[^/]*|com[.]whatsapp[^/]*|telegram[^/]*"
        "|org[.]telegram[^/]*|signal|org[.]thoughtcrime[^/]*|viber[^/]*|wechat|micromsg|weixin|snapchat|com[.]snapchat[^/]*|messenger"
        "|com[.]facebook[.]orca|discord|line|kik|imo|wickr[^/]*|screenshots",
    ),
    (Place.THROWN_AWAY, "[$]recycle[.]bin|recycler|recycled|[.]trash[^/]*|trash|[$]orphanfiles|lost[+]found"),
    (
        Place.SYSTEM,
        "windows|windows[.]old|program files[^/]*|programdata|usr|lib|lib64|opt|system|library|applications"
        "|node_modules|site-packages|winsxs|boot|proc|sys",
    ),
    (
        Place.USER,
        "users|home|documents and settings|pictures|my pictures|photos|images|videos|my videos|movies|downloads?"
        "|desktop|documents|my documents|media|received files|onedrive|dropbox|google drive|icloud[^/]*|bluetooth",
    ),
)
_FOLDERS = tuple((place, re.compile(f"/(?:{names})/")) for place, names in _TABLE)
_REMOVABLE = ("fat", "exfat")


def place_of(path: str) -> Place:
    """Return the kind of folder that a path, in any spelling of its letters, lies in."""
    lowered = path.lower()
    return next((place for place, names in _FOLDERS if names.search(lowered)), Place.ELSEWHERE)


def likely_media(path: str) -> Place | None:
    """Return how likely a file holds media, None where nothing says so.

    A chat program's own files often have no ending, so in such folders a bare name is enough.
    """
    place = place_of(path)
    if promises_media(path):
        return place
    bare = "." not in path.rpartition("/")[2]
    return place if bare and place is Place.CAMERA_OR_CHAT else None


def is_removable(filesystem: str) -> bool:
    """Tell whether a file system is one that memory cards and sticks carry."""
    return filesystem.lower().startswith(_REMOVABLE)
