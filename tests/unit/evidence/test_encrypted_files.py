"""Encrypted files are told by their bytes, and others are not taken for them."""

import io

import pytest
from pypdf import PdfWriter

from sakshya.evidence.archives.encrypted import encrypted_format


def told(data: bytes) -> str | None:
    return encrypted_format(data[: 64 << 10], len(data), lambda offset, length: data[offset : offset + length])


def pdf(*, key: str) -> bytes:
    made, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(100, 100)
    if key:
        writer.encrypt(key)
    writer.write(made)
    return made.getvalue()


def ole(stream: str) -> bytes:
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[30:32] = (9).to_bytes(2, "little")
    header[48:52] = (1).to_bytes(4, "little")
    return bytes(header) + bytes(512) + stream.encode("utf-16-le").ljust(512, b"\0")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (pdf(key="secret"), "PDF"),
        (pdf(key=""), None),
        (ole("EncryptedPackage"), "Office document, encrypted package"),
        (ole("WordDocument"), None),
        (b"PK\x03\x04\x14\x00\x01\x00" + bytes(40), "zip archive"),
        (b"PK\x03\x04\x14\x00\x00\x00" + bytes(40), None),
        (b"Rar!\x1a\x07\x01\x00" + bytes(4) + b"\x21\x04" + bytes(40), "RAR archive"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(4) + b"\x0b\x01" + bytes(40), None),
        (b"plain text", None),
        (b"", None),
    ],
)
def test_an_encrypted_file_is_told_from_a_plain_one(data: bytes, kind: str | None) -> None:
    assert told(data) == kind
