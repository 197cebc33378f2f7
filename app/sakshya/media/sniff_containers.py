"""Containers whose first bytes name the family and whose next bytes name the member."""

from struct import unpack_from

from sakshya.domain.media import Kind, Sniffed
from sakshya.media.signatures import JP2

_VIDEO_MP4 = Sniffed(Kind.VIDEO, "video/mp4", "mp4")
_VIDEO_MOV = Sniffed(Kind.VIDEO, "video/quicktime", "mov")
_BRANDS: dict[bytes, Sniffed] = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis"), Sniffed(Kind.PICTURE, "image/heic", "heic")),
    **dict.fromkeys((b"hevc", b"hevx", b"hevm", b"hevs"), Sniffed(Kind.PICTURE, "image/heic-sequence", "heic")),
    **dict.fromkeys((b"mif1", b"mif2", b"miaf", b"MiHE"), Sniffed(Kind.PICTURE, "image/heif", "heic")),
    b"msf1": Sniffed(Kind.PICTURE, "image/heif-sequence", "heic"),
    **dict.fromkeys((b"avif", b"avis"), Sniffed(Kind.PICTURE, "image/avif", "avif")),
    b"crx ": Sniffed(Kind.PICTURE, "image/x-canon-cr3", "cr3"),
    **dict.fromkeys((b"jp2 ", b"jpx ", b"jpm "), JP2),
    **dict.fromkeys((b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B "), Sniffed(Kind.AUDIO, "audio/mp4", "m4a")),
    **dict.fromkeys((b"M4V ", b"M4VH", b"M4VP"), Sniffed(Kind.VIDEO, "video/x-m4v", "m4v")),
    b"qt  ": _VIDEO_MOV,
    b"mjp2": Sniffed(Kind.VIDEO, "video/mj2", "mj2"),
}
# A file of one of these brands may still say "AVIF" or "HEIC" among its compatible brands.
_GENERAL_BRANDS = (b"mif1", b"mif2", b"miaf", b"msf1")
_QUICKTIME_ATOMS = (b"moov", b"mdat", b"wide", b"pnot", b"free", b"skip", b"PICT")


def sniff_boxes(head: bytes, size: int) -> Sniffed | None:
    """Name an ISO base media file (MP4, MOV, HEIC, AVIF, CR3 …) by its brands."""
    name = head[4:8]
    if name == b"ftyp":
        return _by_brand(head)
    if name in _QUICKTIME_ATOMS and len(head) >= 8:
        length = int.from_bytes(head[:4], "big")
        # A text may say "free" or "skip" at this very place; a box states a length that can be true.
        if length in (0, 1) or 8 <= length <= max(size, 8) or name in (b"moov", b"mdat", b"pnot"):
            return _VIDEO_MOV
    return None


def _by_brand(head: bytes) -> Sniffed:
    major = head[8:12]
    end = min(int.from_bytes(head[:4], "big"), 256, len(head))
    compatible = [head[at : at + 4] for at in range(16, end - 3, 4)]
    if major in _GENERAL_BRANDS:
        for brand in compatible:
            if brand in (b"avif", b"avis", b"heic", b"heix"):
                return _BRANDS[brand]
    if major in _BRANDS:
        return _BRANDS[major]
    if major[:3] in (b"3gp", b"3gr", b"3gs"):
        return Sniffed(Kind.VIDEO, "video/3gpp", "3gp")
    if major[:3] == b"3g2":
        return Sniffed(Kind.VIDEO, "video/3gpp2", "3gp")
    for brand in compatible:
        if brand in (b"avif", b"heic", b"mif1", b"crx "):
            return _BRANDS[brand]
    return _VIDEO_MP4


_RIFF = {
    b"WEBP": Sniffed(Kind.PICTURE, "image/webp", "webp"),
    b"AVI ": Sniffed(Kind.VIDEO, "video/x-msvideo", "avi"),
    b"AVIX": Sniffed(Kind.VIDEO, "video/x-msvideo", "avi"),
    b"AMV ": Sniffed(Kind.VIDEO, "video/x-amv", "amv"),
    b"WAVE": Sniffed(Kind.AUDIO, "audio/wav", "wav"),
    b"RMID": Sniffed(Kind.AUDIO, "audio/midi", "mid"),
    b"ACON": Sniffed(Kind.PICTURE, "image/x-win-cursor-animated", "ani"),
}


def sniff_riff(head: bytes, size: int) -> Sniffed | None:
    """Name a RIFF, RF64 or IFF file by its form type."""
    if head[:4] in (b"RIFF", b"RIFX", b"RF64"):
        return _RIFF.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return Sniffed(Kind.AUDIO, "audio/aiff", "aiff")
    if head[:4] == b"FORM" and head[8:12] in (b"ILBM", b"PBM "):
        return Sniffed(Kind.PICTURE, "image/x-ilbm", "ilbm")
    return None


def sniff_matroska(head: bytes, size: int) -> Sniffed | None:
    """Name Matroska or WebM by the document type in the EBML head."""
    if not head.startswith(b"\x1a\x45\xdf\xa3"):
        return None
    if b"webm" in head[:64]:
        return Sniffed(Kind.VIDEO, "video/webm", "webm")
    return Sniffed(Kind.VIDEO, "video/x-matroska", "mkv")


_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_VIDEO = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
_ASF_AUDIO = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")


def sniff_asf(head: bytes, size: int) -> Sniffed | None:
    """Name Windows Media by the kinds of its streams; video where neither kind is in sight."""
    if not head.startswith(_ASF):
        return None
    if _ASF_AUDIO in head and _ASF_VIDEO not in head:
        return Sniffed(Kind.AUDIO, "audio/x-ms-wma", "wma")
    return Sniffed(Kind.VIDEO, "video/x-ms-wmv", "wmv")


def sniff_ogg(head: bytes, size: int) -> Sniffed | None:
    """Name Ogg by the codecs that its first pages declare."""
    if not head.startswith(b"OggS"):
        return None
    if any(mark in head[:4096] for mark in (b"\x80theora", b"BBCD\x00", b"OVP80", b"video\x00")):
        return Sniffed(Kind.VIDEO, "video/ogg", "ogv")
    return Sniffed(Kind.AUDIO, "audio/ogg", "ogg")


_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
)


def sniff_zip(head: bytes, size: int) -> Sniffed | None:
    """Name a ZIP by its first members: Office and OpenDocument files, books, apps, or a plain archive."""
    if head[:4] not in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        return None
    names = _member_names(head)
    if names and names[0][0] == b"mimetype":
        stated = names[0][1]
        if stated.startswith(_OPEN_DOCUMENT):
            return Sniffed(Kind.DOCUMENT, stated.decode("ascii", "replace"), "odf")
        if stated.startswith(b"application/epub+zip"):
            return Sniffed(Kind.DOCUMENT, "application/epub+zip", "epub")
    known = {name for name, _ in names}
    if known & {b"[Content_Types].xml", b"_rels/.rels"} or any(name.startswith(b"docProps/") for name in known):
        for folder, mime, short in _OFFICE:
            if any(name.startswith(folder) for name in known):
                return Sniffed(Kind.DOCUMENT, mime, short)
        return Sniffed(Kind.DOCUMENT, "application/vnd.openxmlformats-officedocument", "ooxml")
    if known & {b"AndroidManifest.xml", b"classes.dex", b"resources.arsc"}:
        return Sniffed(Kind.ARCHIVE, "application/vnd.android.package-archive", "apk")
    if b"META-INF/MANIFEST.MF" in known or b"META-INF/" in known:
        return Sniffed(Kind.ARCHIVE, "application/java-archive", "jar")
    return Sniffed(Kind.ARCHIVE, "application/zip", "zip")


def _member_names(head: bytes) -> list[tuple[bytes, bytes]]:
    """Return (name, first bytes of the member's data) of the members whose local headers lie in the head."""
    names: list[tuple[bytes, bytes]] = []
    at = 0
    while len(names) < 64 and head[at : at + 4] == b"PK\x03\x04" and at + 30 <= len(head):
        (flags,) = unpack_from("<H", head, at + 6)
        stored, name_length, extra_length = unpack_from("<IxxxxHH", head, at + 18)
        start = at + 30 + name_length + extra_length
        names.append((head[at + 30 : at + 30 + name_length], head[start : start + min(stored, 100)]))
        if flags & 8 and not stored:
            # Sizes follow the data (streamed ZIP): look for the next local header instead.
            following = head.find(b"PK\x03\x04", start)
            if following < 0:
                break
            at = following
        else:
            at = start + stored
    return names
