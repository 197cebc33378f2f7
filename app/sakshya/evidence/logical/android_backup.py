"""Android backups (`.ab`): four lines of text, then a tar, plain or compressed, open or encrypted.

Encryption (AOSP BackupManagerService): a master key under AES-256-CBC, itself under a key from the passphrase by
PBKDF2-HMAC-SHA1.
"""

import hashlib
import zlib
from collections.abc import Callable, Sequence
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.packed.faults import as_fault
from sakshya.evidence.damage import unreadable
from sakshya.evidence.file_object import FileObject

MARK = b"ANDROID BACKUP\n"
_LONGEST_LINE = 1024
_MOST_ROUNDS = 1_000_000
_CHUNK = 1 << 20
_LARGEST = 1 << 44


def opened(stream: BinaryIO, keys: Sequence[str]) -> BinaryIO:
    """Return the tar inside the backup.

    Raises:
        EvidenceFault: the header makes no sense, or no key opens it.
    """
    stream.seek(0)
    with as_fault("the header of the backup cannot be read"):
        lines = [_line(stream) for _ in range(4)]
        version, compressed, encryption = int(lines[1]), int(lines[2]), lines[3].decode("ascii")
    transform: Callable[[], Callable[[bytes], bytes]] | None = None
    if encryption != "none":
        transform = _decryption(stream, encryption, version, keys)
    start = stream.tell()
    forward = _Forward(stream, start, transform, is_compressed=compressed == 1)
    return FileObject(forward.read, _LARGEST)  # type: ignore[return-value]


class _Forward:
    """Bytes that can only be made in order: asked for earlier ones, it begins again."""

    def __init__(
        self,
        stream: BinaryIO,
        start: int,
        transform: Callable[[], Callable[[bytes], bytes]] | None,
        *,
        is_compressed: bool,
    ) -> None:
        self._stream = stream
        self._start = start
        self._transform = transform
        self._is_compressed = is_compressed
        self._begin()

    def read(self, offset: int, length: int) -> bytes:
        if offset < self._at:
            self._begin()
        while self._at + len(self._ready) <= offset and self._more():
            pass
        self._drop(offset - self._at)
        while len(self._ready) < length and self._more():
            pass
        return self._ready[:length]

    def _begin(self) -> None:
        self._place, self._at, self._ready = self._start, 0, b""
        self._plain = self._transform() if self._transform else None
        self._inflate = zlib.decompressobj() if self._is_compressed else None
        self._rest = b""

    def _drop(self, count: int) -> None:
        gone = min(max(0, count), len(self._ready))
        self._ready, self._at = self._ready[gone:], self._at + gone

    def _more(self) -> bool:
        self._drop(len(self._ready) - _CHUNK)
        raw = self._rest
        if not raw:
            self._stream.seek(self._place)
            raw = self._stream.read(_CHUNK)
            self._place += len(raw)
            if not raw:
                return False
            raw = self._plain(raw) if self._plain else raw
        if self._inflate is not None:
            with as_fault("the backup cannot be unpacked"):
                made = self._inflate.decompress(raw, _CHUNK)
            self._rest = self._inflate.unconsumed_tail
            if self._inflate.eof and not made:
                return False
            raw = made
        self._ready += raw
        return True


def _decryption(
    stream: BinaryIO, encryption: str, version: int, keys: Sequence[str]
) -> Callable[[], Callable[[bytes], bytes]]:
    if encryption != "AES-256":
        raise unreadable(Reason.ENCRYPTED, f"the backup is encrypted in a way that is not read ({encryption})")
    with as_fault("the header of the encrypted backup cannot be read"):
        salt, check_salt = bytes.fromhex(_line(stream).decode()), bytes.fromhex(_line(stream).decode())
        rounds = int(_line(stream))
        user_iv, blob = bytes.fromhex(_line(stream).decode()), bytes.fromhex(_line(stream).decode())
    if not 0 < rounds <= _MOST_ROUNDS:
        raise unreadable(Reason.BAD_METADATA, f"the backup states {rounds} rounds of its key function")
    for key in keys:
        master = _master(key, (salt, check_salt, rounds, user_iv, blob), version)
        if master is not None:
            iv, secret = master
            return lambda: Cipher(algorithms.AES(secret), modes.CBC(iv)).decryptor().update
    detail = f"none of the {len(keys)} supplied keys opens the backup" if keys else "the backup needs its passphrase"
    raise unreadable(Reason.ENCRYPTED, detail)


def _master(key: str, header: tuple[bytes, bytes, int, bytes, bytes], version: int) -> tuple[bytes, bytes] | None:
    salt, check_salt, rounds, user_iv, blob = header
    user_key = hashlib.pbkdf2_hmac("sha1", key.encode("utf-8", "surrogateescape"), salt, rounds, 32)
    try:
        plain = Cipher(algorithms.AES(user_key), modes.CBC(user_iv)).decryptor().update(blob)
    except ValueError:
        return None
    parts, at = [], 0
    for _ in range(3):
        length = plain[at] if at < len(plain) else 0
        parts.append(plain[at + 1 : at + 1 + length])
        at += 1 + length
    iv, secret, check = parts
    if len(iv) != 16 or len(secret) != 32:
        return None
    # From version 2 on the key's bytes are spelt as characters before they are checked.
    spelt = "".join(chr(byte if byte < 128 else 0xFF00 + byte) for byte in secret).encode("utf-8", "surrogatepass")
    for password in (spelt, secret) if version > 1 else (secret, spelt):
        if hashlib.pbkdf2_hmac("sha1", password, check_salt, rounds, 32) == check:
            return iv, secret
    return None


def _line(stream: BinaryIO) -> bytes:
    line = bytearray()
    while len(line) < _LONGEST_LINE and (byte := stream.read(1)) not in (b"", b"\n"):
        line += byte
    return bytes(line)
