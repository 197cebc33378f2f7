"""BitLocker volumes (AES-XTS of 128 bits) written byte by byte, with a password, a recovery key or a clear key."""

import hashlib
import struct
import uuid

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

_HEADER = 16 * 512
_METADATA = (1 << 20, 3 << 19, 1 << 21)
_RELOCATED = 5 << 19
_XTS_128 = 0x8004
_VMK, _FVEK = bytes(range(32)), bytes(range(100, 132))
_SALT = bytes(range(16))
_IDENTIFIER = uuid.UUID("4967d63b-2e29-4ad8-8399-f6a339e3d001").bytes_le


def bitlocker(plain: bytes, secret: str | None, *, recovery: bool = False) -> bytes:
    """Return `plain` (at least 4 MiB) as a BitLocker volume; without a `secret` its key lies in the clear.

    The stretch behind the relocated first sectors and the metadata copies are not of the plain volume.
    """
    disk = bytearray(_encrypted(plain, 0))
    disk[_RELOCATED : _RELOCATED + _HEADER] = _encrypted(plain[:_HEADER], _RELOCATED // 512)
    boot = bytearray(512)
    boot[:11] = b"\xeb\x58\x90-FVE-FS-"
    struct.pack_into("<HB", boot, 11, 512, 8)
    boot[160:176] = _IDENTIFIER
    struct.pack_into("<QQQ", boot, 176, *_METADATA)
    boot[510:] = b"\x55\xaa"
    disk[:512] = boot
    block = _block(len(plain), secret, recovery)
    for offset in _METADATA:
        disk[offset : offset + len(block)] = block
    return bytes(disk)


def _encrypted(plain: bytes, first: int) -> bytes:
    parts = []
    for at in range(0, len(plain), 512):
        iv = (first + at // 512).to_bytes(16, "little")
        parts.append(Cipher(algorithms.AES(_FVEK), modes.XTS(iv)).encryptor().update(plain[at : at + 512]))
    return b"".join(parts)


def _block(size: int, secret: str | None, recovery: bool) -> bytes:
    entries = _entry(2, 8, _protector(secret, recovery)) + _entry(3, 5, _wrapped(_VMK, _FVEK, _XTS_128, 7))
    entries += _entry(15, 15, struct.pack("<QQ", _RELOCATED, _HEADER))
    length = 48 + len(entries)
    head = struct.pack("<8sHHHHQIIQQQQ", b"-FVE-FS-", 64, 2, 4, 4, size, 0, _HEADER // 512, *_METADATA, _RELOCATED)
    head += struct.pack("<IIII16sIIQ", length, 1, 48, length, b"v" * 16, 9, _XTS_128, 133_000_000_000_000_000)
    return (head + entries).ljust(1 << 16, b"\0")


def _protector(secret: str | None, recovery: bool) -> bytes:
    kind = 0 if secret is None else 0x800 if recovery else 0x2000
    head = b"p" * 16 + struct.pack("<QHH", 133_000_000_000_000_000, 0, kind)
    if secret is None:
        clear = b"c" * 32
        return head + _entry(0, 1, struct.pack("<I", 0x2000) + clear) + _entry(0, 5, _wrapped(clear, _VMK, 0x2003, 5))
    stretched = _stretched(_first(secret, recovery))
    inner = _entry(0, 5, _wrapped(stretched, stretched, 0x1003, 3))
    stretch = _entry(0, 3, struct.pack("<I", 0x1000) + _SALT + inner)
    return head + stretch + _entry(0, 5, _wrapped(stretched, _VMK, 0x2003, 5))


def _first(secret: str, recovery: bool) -> bytes:
    if recovery:
        return hashlib.sha256(b"".join(struct.pack("<H", int(one) // 11) for one in secret.split("-"))).digest()
    return hashlib.sha256(hashlib.sha256(secret.encode("utf-16-le")).digest()).digest()


def _stretched(initial: bytes) -> bytes:
    last, tail = bytes(32), initial + _SALT
    for count in range(0x100000):
        last = hashlib.sha256(last + tail + count.to_bytes(8, "little")).digest()
    return last


def _wrapped(key: bytes, content: bytes, method: int, counter: int) -> bytes:
    nonce = struct.pack("<QI", 133_000_000_000_000_000, counter)
    plain = struct.pack("<HHHHI", 12 + len(content), 0, 1, 0, method)[:12] + content
    sealed = AESCCM(key, tag_length=16).encrypt(nonce, plain, None)
    return nonce + sealed[-16:] + sealed[:-16]


def _entry(kind: int, value: int, data: bytes) -> bytes:
    return struct.pack("<HHHH", 8 + len(data), kind, value, 1) + data
