import struct

import pytest

from sakshya.domain.media import Kind, Sniffed
from sakshya.media.sniff import EMPTY, HEAD_BYTES, UNKNOWN, sniff
from tests.unit.media.generated import as_pillow, encoded, rings, saved, told, video

_PICTURE = rings(40, 30)
_PLUGINS = [(name.upper(), name) for name in ("gif", "tiff", "ico", "tga", "pcx", "sgi", "dds", "icns", "avif", "qoi")]
_FTYP = b"\0\0\0\x18ftyp"


def _zip(*members: tuple[bytes, bytes]) -> bytes:
    local = b""
    for name, body in members:
        local += (
            struct.pack("<4s5HIIIHH", b"PK\3\4", 20, 0, 0, 0, 0, 0, len(body), len(body), len(name), 0) + name + body
        )
    return local


@pytest.mark.parametrize(
    ("data", "kind", "form"),
    [
        (encoded(_PICTURE, ".jpg"), Kind.PICTURE, "jpeg"),
        (encoded(_PICTURE, ".png"), Kind.PICTURE, "png"),
        (encoded(_PICTURE, ".bmp"), Kind.PICTURE, "bmp"),
        (encoded(_PICTURE, ".webp"), Kind.PICTURE, "webp"),
        (encoded(rings(80, 70), ".jp2"), Kind.PICTURE, "jp2"),
        (encoded(_PICTURE, ".ppm"), Kind.PICTURE, "pnm"),
        (encoded(_PICTURE, ".hdr"), Kind.PICTURE, "hdr"),
        (encoded(_PICTURE, ".ras"), Kind.PICTURE, "sun"),
        *[(saved(as_pillow(_PICTURE), form), Kind.PICTURE, name) for form, name in _PLUGINS],
        (_FTYP + b"heic\0\0\0\0mif1heic", Kind.PICTURE, "heic"),
        (_FTYP + b"mif1\0\0\0\0mif1avif", Kind.PICTURE, "avif"),
        (_FTYP + b"crx \0\0\0\1crx isom", Kind.PICTURE, "cr3"),
        (_FTYP + b"qt  \0\0\0\0qt  \0\0\0\0", Kind.VIDEO, "mov"),
        (_FTYP + b"3gp4\0\0\0\x003gp4isom", Kind.VIDEO, "3gp"),
        (_FTYP + b"M4A \0\0\0\0M4A mp42", Kind.AUDIO, "m4a"),
        (_FTYP + b"zzzz\0\0\0\0zzzzisom", Kind.VIDEO, "mp4"),
        (b"\0\0\x0f\x17moov\0\0\0\x6cmvhd", Kind.VIDEO, "mov"),
        (b"II*\0\x10\0\0\0CR\2\0", Kind.PICTURE, "cr2"),
        (b"MM\0+\0\x08\0\0", Kind.PICTURE, "bigtiff"),
        (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", Kind.PICTURE, "svg"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", Kind.PICTURE, "eps"),
        (b"v/1\x01\2\0\0\0", Kind.PICTURE, "exr"),
        (b"farbfeld\0\0\0\1\0\0\0\1" + bytes(8), Kind.PICTURE, "farbfeld"),
        (b"\0\0\1\xba\x44\0\4\0", Kind.VIDEO, "mpegps"),
        (b"FLV\1\5\0\0\0\x09", Kind.VIDEO, "flv"),
        (b"DHAV\xfd\0\0\0", Kind.VIDEO, "dav"),
        (b"\0\0\0\1\x67\x64\0\x1f", Kind.VIDEO, "h264"),
        ((b"\x47" + bytes(187)) * 6, Kind.VIDEO, "mpegts"),
        (b"ID3\4\0\0\0\0\0\0", Kind.AUDIO, "mp3"),
        (b"fLaC\0\0\0\x22", Kind.AUDIO, "flac"),
        (b"RIFF\x24\0\0\0WAVEfmt ", Kind.AUDIO, "wav"),
        (b"%PDF-1.7\n", Kind.DOCUMENT, "pdf"),
        ("नमस्ते, यह एक सादा पाठ है।\n".encode(), Kind.DOCUMENT, "text"),
        ("سادہ متن".encode("utf-16"), Kind.DOCUMENT, "text"),
        (b"<!DOCTYPE html>\n<html></html>", Kind.DOCUMENT, "html"),
        (_zip((b"[Content_Types].xml", b"<x/>"), (b"word/document.xml", b"<x/>")), Kind.DOCUMENT, "docx"),
        (_zip((b"mimetype", b"application/vnd.oasis.opendocument.text")), Kind.DOCUMENT, "odf"),
        (_zip((b"AndroidManifest.xml", b"\3\0\x08\0")), Kind.ARCHIVE, "apk"),
        (_zip((b"META-INF/MANIFEST.MF", b"x")), Kind.ARCHIVE, "jar"),
        (_zip((b"holiday.jpg", b"x")), Kind.ARCHIVE, "zip"),
        (bytes(257) + b"ustar\x0000", Kind.ARCHIVE, "tar"),
        (bytes(32769) + b"CD001\1\0", Kind.ARCHIVE, "iso9660"),
        (b"7z\xbc\xaf\x27\x1c\0\4", Kind.ARCHIVE, "7z"),
        (b"SQLite format 3\0", Kind.OTHER, "sqlite"),
        (b"\x7fELF\2\1\1\0", Kind.OTHER, "elf"),
    ],
)
def test_a_content_is_named_by_its_first_bytes(data: bytes, kind: Kind, form: str) -> None:
    found = told(data)

    assert (found.kind, found.format) == (kind, form)


@pytest.mark.parametrize(("form", "codec", "name"), [("matroska", "mpeg4", "mkv"), ("webm", "vp8", "webm")])
def test_matroska_and_webm_are_told_apart(form: str, codec: str, name: str) -> None:
    assert told(video(form, codec, frames=2)).format == name


def test_a_raw_file_of_a_camera_is_not_taken_for_a_plain_tiff() -> None:
    tags = [(0xFE, 4, 1, 1), (0x10F, 2, 6, 200), (0x14A, 4, 1, 300)]
    body = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    nikon = (b"II*\0\x08\0\0\0" + body).ljust(200, b"\0") + b"NIKON\0"

    assert told(nikon).format == "nef"
    assert told(nikon.replace(b"NIKON", b"Scanr")).format == "tiff"


@pytest.mark.parametrize(
    "data",
    [
        b"BMW is a maker of cars and motor cycles since 1916.",
        b"P5 was the name of a road and P6 of another one",
        b"MZ and some words that no program begins with....................................................",
        b"Mail: skip to the end. freedom of the press",
        b"\r\nLine\nskip",
    ],
)
def test_a_text_that_begins_like_a_signature_is_a_text(data: bytes) -> None:
    assert told(data).format == "text"


def test_nothing_and_noise_are_named_as_such() -> None:
    assert sniff(b"", 0) == EMPTY
    assert sniff(bytes(100), 100) == UNKNOWN
    assert sniff(bytes(range(128, 256)) * 8, 1024) == UNKNOWN


def test_every_head_of_every_length_is_answered() -> None:
    samples = [
        encoded(_PICTURE, ".png"),
        video("avi", "mjpeg", frames=1),
        _zip((b"a", b"b")),
        b"II*\0\x08\0\0\0\xff\xff",
    ]

    for sample in samples:
        for length in range(120):
            assert isinstance(sniff(sample[:length], length), Sniffed)


def test_a_character_cut_by_the_end_of_the_head_is_no_fault_of_a_text() -> None:
    data = "ब".encode() * HEAD_BYTES

    assert sniff(data[:HEAD_BYTES], len(data)).format == "text"


def test_the_case_table_of_a_disk_is_no_icon() -> None:
    table = b"".join(number.to_bytes(2, "little") for number in range(0x10000))

    assert sniff(table[:HEAD_BYTES], len(table)).kind is Kind.OTHER


def test_an_icon_cut_off_behind_its_directory_is_still_an_icon() -> None:
    head = b"\x00\x00\x01\x00\x01\x00" + b"\x20\x20\x00\x00\x01\x00\x20\x00" + (4096).to_bytes(4, "little")

    assert sniff(head + (22).to_bytes(4, "little"), 22).format == "ico"
