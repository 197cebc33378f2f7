"""Formats known by the sense their header makes, because their signature is short or absent."""

import re
from struct import unpack_from

from sakshya.domain.media import Kind, Sniffed
from sakshya.media.signatures import BIGTIFF, PNM, TIFF
from sakshya.media.tiff_tags import Order, read_directory

_RAW = {
    "cr2": Sniffed(Kind.PICTURE, "image/x-canon-cr2", "cr2"),
    "nef": Sniffed(Kind.PICTURE, "image/x-nikon-nef", "nef"),
    "arw": Sniffed(Kind.PICTURE, "image/x-sony-arw", "arw"),
    "dng": Sniffed(Kind.PICTURE, "image/x-adobe-dng", "dng"),
    "pef": Sniffed(Kind.PICTURE, "image/x-pentax-pef", "pef"),
    "orf": Sniffed(Kind.PICTURE, "image/x-olympus-orf", "orf"),
    "rw2": Sniffed(Kind.PICTURE, "image/x-panasonic-rw2", "rw2"),
}
_RAW_MAKERS = ((b"NIKON", "nef"), (b"SONY", "arw"), (b"PENTAX", "pef"))
_NEW_SUBFILE_TYPE, _MAKE, _SUB_IFDS, _DNG_VERSION = 0xFE, 0x10F, 0x14A, 0xC612


def sniff_tiff(head: bytes, size: int) -> Sniffed | None:
    """Name TIFF, BigTIFF and the camera raw files that are TIFF inside."""
    mark = head[:4]
    if mark in (b"II+\x00", b"MM\x00+"):
        return BIGTIFF
    if mark in (b"IIRO", b"IIRS", b"MMOR"):
        return _RAW["orf"]
    if mark in (b"IIU\x00", b"MM\x00U"):
        return _RAW["rw2"]
    if mark not in (b"II*\x00", b"MM\x00*"):
        return None
    if head[8:10] == b"CR":
        return _RAW["cr2"]
    tags = {tag.number: tag for tag in read_directory(head, int.from_bytes(head[4:8], _order(head)), _order(head))}
    if _DNG_VERSION in tags:
        return _RAW["dng"]
    # A raw file's first directory is a reduced picture and points to others; a plain TIFF of the same maker's is not.
    if _SUB_IFDS in tags and _NEW_SUBFILE_TYPE in tags and tags[_NEW_SUBFILE_TYPE].number_value & 1 and _MAKE in tags:
        start = tags[_MAKE].offset
        for maker, short in _RAW_MAKERS:
            if head[start : start + len(maker)].upper() == maker:
                return _RAW[short]
    return TIFF


def _order(head: bytes) -> Order:
    return "little" if head[:1] == b"I" else "big"


def sniff_bmp(head: bytes, size: int) -> Sniffed | None:
    """Name a Windows bitmap: `BM` and a header length that some version of the format has, or a plausible offset."""
    if head[:2] != b"BM" or len(head) < 18:
        return None
    data_offset, header = unpack_from("<I", head, 10)[0], unpack_from("<I", head, 14)[0]
    if header in (12, 16, 40, 52, 56, 64, 108, 124) or (14 < data_offset <= 0x10000 and 12 <= header <= 256):
        return Sniffed(Kind.PICTURE, "image/bmp", "bmp")
    return None


def sniff_icon(head: bytes, size: int) -> Sniffed | None:
    """Name an icon or cursor by the sense its first directory entry makes."""
    if head[:3] not in (b"\x00\x00\x01", b"\x00\x00\x02") or head[3:4] != b"\x00" or len(head) < 22:
        return None
    count, reserved, planes = unpack_from("<H", head, 4)[0], head[9], unpack_from("<H", head, 10)[0]
    length, offset = unpack_from("<II", head, 14)
    if not (1 <= count <= 256 and (reserved in (0, 255) or planes <= 1) and length and offset >= 6 + 16 * count):
        return None
    listed = range(18, min(6 + 16 * count, len(head) - 3), 16)
    if all(unpack_from("<I", head, at)[0] >= size for at in listed) and offset != 6 + 16 * count:
        # Neither within the file nor cut off behind its directory: the case tables of NTFS and exFAT only count up.
        return None
    if head[2] == 1:
        return Sniffed(Kind.PICTURE, "image/vnd.microsoft.icon", "ico")
    return Sniffed(Kind.PICTURE, "image/x-win-cursor", "cur")


_PNM = re.compile(rb"P[1-6][ \t\r\n](?:\s|#[^\n]*\n)*\d{1,6}\s")
_PAM = re.compile(rb"P7\n(?:#[^\n]*\n)*(?:WIDTH|HEIGHT|DEPTH|MAXVAL|TUPLTYPE) ")
_PFM = re.compile(rb"P[Ff]\s+\d{1,6}\s+\d{1,6}\s+-?\d")


def sniff_pnm(head: bytes, size: int) -> Sniffed | None:
    """Name the portable anymaps P1 to P7 and the float maps by their text header."""
    if head[:1] == b"P" and (_PNM.match(head[:512]) or _PAM.match(head[:512]) or _PFM.match(head[:64])):
        return PNM
    return None


def sniff_sgi(head: bytes, size: int) -> Sniffed | None:
    """Name a Silicon Graphics picture."""
    if head[:2] != b"\x01\xda" or len(head) < 12:
        return None
    dimensions = unpack_from(">H", head, 4)[0]
    if head[2] in (0, 1) and head[3] in (1, 2) and dimensions in (1, 2, 3):
        return Sniffed(Kind.PICTURE, "image/x-sgi", "sgi")
    return None


def sniff_pcx(head: bytes, size: int) -> Sniffed | None:
    """Name a PC Paintbrush picture by the ranges of its header fields."""
    if len(head) < 128 or head[0] != 0x0A or head[1] not in (0, 2, 3, 4, 5) or head[2] != 1:
        return None
    left, top, right, bottom = unpack_from("<4H", head, 4)
    planes, line = head[65], unpack_from("<H", head, 66)[0]
    wide_enough = line * 8 >= (right - left + 1) * head[3]
    if head[3] in (1, 2, 4, 8) and right >= left and bottom >= top and planes in (1, 2, 3, 4) and wide_enough:
        return Sniffed(Kind.PICTURE, "image/vnd.zbrush.pcx", "pcx")
    return None


_TARGA = Sniffed(Kind.PICTURE, "image/x-tga", "tga")
_TARGA_DEPTHS = {1: (8, 15, 16), 2: (15, 16, 24, 32), 3: (8, 16), 9: (8, 15, 16), 10: (15, 16, 24, 32), 11: (8, 16)}


def sniff_targa(head: bytes, size: int) -> Sniffed | None:
    """Name a Truevision picture by its footer, or where every header field agrees with the others and the length."""
    if len(head) < 18:
        return None
    if size <= len(head) and head[-18:] == b"TRUEVISION-XFILE.\x00":
        return _TARGA
    identity, has_map, form = head[0], head[1], head[2]
    map_first, map_length, map_depth, x, y, width, height, depth, descriptor = unpack_from("<HHBHHHHBB", head, 3)
    if form not in _TARGA_DEPTHS or depth not in _TARGA_DEPTHS[form] or not (width and height) or descriptor & 0xC0:
        return None
    if has_map != (form in (1, 9)) or x or y or map_first:
        return None
    if bool(map_length) != bool(has_map) or (map_depth not in (15, 16, 24, 32) if has_map else map_depth):
        return None
    start = 18 + identity + map_length * ((map_depth + 7) // 8)
    pixels = width * height * ((depth + 7) // 8)
    if form < 9:
        return _TARGA if start + pixels <= size <= start + pixels + 4096 else None
    return _TARGA if identity == 0 and start < size <= start + pixels * 2 + 4096 else None


def sniff_transport_stream(head: bytes, size: int) -> Sniffed | None:
    """Name an MPEG transport stream by sync bytes at a packet's distance: 188, 192 (cameras, BDAV) or 204."""
    for packet, start in ((188, 0), (192, 4), (204, 0)):
        marks = head[start : start + packet * 8 : packet]
        if len(marks) >= 4 and set(marks) == {0x47}:
            return Sniffed(Kind.VIDEO, "video/mp2t", "mpegts")
    return None


_H264 = re.compile(rb"\x00{2,3}\x01(?:\x09.|)(?:\x00{2,3}\x01)?[\x27\x47\x67][\x42\x4d\x58\x64\x6e\x7a\xf4]", re.DOTALL)
_HEVC = re.compile(rb"\x00{2,3}\x01(?:\x46\x01.\x00{2,3}\x01)?\x40\x01\x0c", re.DOTALL)


def sniff_raw_video(head: bytes, size: int) -> Sniffed | None:
    """Name bare H.264 and H.265 streams, as video recorders export them, by their first parameter set."""
    if _H264.match(head):
        return Sniffed(Kind.VIDEO, "video/h264", "h264")
    if _HEVC.match(head):
        return Sniffed(Kind.VIDEO, "video/h265", "hevc")
    return None


_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def sniff_mpeg_audio(head: bytes, size: int) -> Sniffed | None:
    """Name MP3 and ADTS AAC without tags by two frames in a row."""
    if len(head) < 8 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    if head[1] & 0xF6 == 0xF0:
        length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
        follows = head[length : length + 2]
        if length > 7 and len(follows) == 2 and follows[0] == 0xFF and follows[1] & 0xF6 == 0xF0:
            return Sniffed(Kind.AUDIO, "audio/aac", "aac")
        return None
    version, layer, rate, sampling = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer != 1 or rate in (0, 15) or sampling == 3:
        return None
    table, factor = (_RATES_1, 144) if version == 3 else (_RATES_2, 72)
    length = factor * table[rate] * 1000 // _SAMPLES[version][sampling] + (head[2] >> 1 & 1)
    follows = head[length : length + 2]
    if len(follows) == 2 and follows[0] == 0xFF and follows[1] & 0xFE == head[1] & 0xFE:
        return Sniffed(Kind.AUDIO, "audio/mpeg", "mp3")
    return None
