"""Files that are encrypted as a whole or in part, told by a few of their bytes and without opening them."""

from collections.abc import Callable

_EDGE = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_RAR_4, _RAR_5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
_RAR_4_HIDDEN, _RAR_5_HIDDEN = 0x80, 4
_SECTOR_AT, _DIRECTORY_AT = 30, 48


def encrypted_format(head: bytes, size: int, read: Callable[[int, int], bytes]) -> str | None:
    """Return what kind of encrypted file this is, for people to read; None where nothing says that it is encrypted.

    `head` are its first bytes, `read(offset, length)` gives others; at most 128 KiB more are asked for.

    Raises:
        EvidenceFault: the bytes cannot be read.
    """
    if head.startswith(_OLE):
        return "Office document, encrypted package" if _has_package(head, read) else None
    if b"%PDF-" in head[:1024]:
        tail = read(max(0, size - _EDGE), min(_EDGE, size))
        return "PDF" if b"/Encrypt" in tail or b"/Encrypt" in head else None
    if head.startswith(b"PK\x03\x04") and len(head) > 6:
        return "zip archive" if head[6] & 1 else None
    if head.startswith(_RAR_4) and len(head) > 11:
        return "RAR archive" if head[10] & _RAR_4_HIDDEN else None
    if head.startswith(_RAR_5):
        return "RAR archive" if _rar5_kind(head) == _RAR_5_HIDDEN else None
    if head.startswith(b"Salted__"):
        return "OpenSSL file"
    if head.startswith((b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")):
        return "age file"
    return "OpenPGP message" if head.startswith(b"-----BEGIN PGP MESSAGE-----") else None


def _has_package(head: bytes, read: Callable[[int, int], bytes]) -> bool:
    """The storage directory names its streams; its first sector stands in the header (MS-CFB 2.2, MS-OFFCRYPTO 1.3)."""
    if len(head) < 512:
        return False
    shift = int.from_bytes(head[_SECTOR_AT : _SECTOR_AT + 2], "little")
    if shift not in (9, 12):
        return False
    sector = int.from_bytes(head[_DIRECTORY_AT : _DIRECTORY_AT + 4], "little")
    return _PACKAGE in read((sector + 1) << shift, 1 << 12)


def _rar5_kind(head: bytes) -> int | None:
    """After the mark and a CRC-32 come the header's length and its kind, numbers of seven bits a byte."""
    at = len(_RAR_5) + 4
    while at < len(head) and head[at] & 0x80:
        at += 1
    return head[at + 1] & 0x7F if at + 1 < len(head) else None
