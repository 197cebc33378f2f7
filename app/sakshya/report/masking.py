"""Names as they leave the case: extension and length only, because a name may be a person's.

An extension is itself shown only where it is an ordinary one: `asha.jpg` and `photo.asha` must both stay silent.
"""

from sakshya.domain.locator import Locator
from sakshya.domain.names import show_name

_WORDS = (
    "3g2 3gp 7z aac ai aiff amr apk arw asf avi avif bak bat bin bmp bz2 cab cfg chm class com cr2 cr3 crw css csv dat "
    "db dcr deb dex dib dll dmg dng doc docm docx drv emf eml eps exe flac flv gif gz heic heif hif htm html ico ics "
    "inf ini ipa iso jar java jfif jp2 jpe jpeg jpg js json jxl jxr lnk log lua m2ts m4a m4v md mdb mid mkv mov mp2 "
    "mp3 mp4 mpeg mpg msg msi mts nef numbers odg odp ods odt oga ogg ogv one opus orf ost otf pages part pdf pef php "
    "pif pkg plist png ppm pps ppt pptx ps psd pst pub py raf rar raw reg rm rmvb rtf rw2 sh so sql sqlite sqlite3 "
    "srt srw svg swf sys tar tgz thumb tif tiff tmp torrent ts ttf txt url vcf vob vmdk wav wbmp webm webp wma wmf "
    "wmv woff woff2 wpd wps wtf x3f xhtml xls xlsm xlsx xml xz zip zst"
)
_ORDINARY = frozenset(_WORDS.split())


def masked_name(locator: Locator) -> str:
    """Return the last part of a path as its length in characters and its extension, `[12].jpg`.

    A stream of a file is counted after a colon. A run of bytes has no name and says so. What lies inside a file has its
    own name there.
    """
    if locator.inside:
        return _mask(locator.inside[-1].name.rpartition("/")[2] or "-")
    name = locator.path.rpartition("/")[2]
    if not name:
        return "[no name]"
    stream = f":[{len(show_name(locator.stream))}]" if locator.stream else ""
    return _mask(name) + stream


def masked_file(path: str) -> str:
    """Return the last part of a path on this machine, masked."""
    return _mask(path.replace("\\", "/").rpartition("/")[2])


def _mask(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if dot and extension.lower() in _ORDINARY:
        return f"[{len(show_name(stem))}].{extension.lower()}"
    return f"[{len(show_name(name))}]"
