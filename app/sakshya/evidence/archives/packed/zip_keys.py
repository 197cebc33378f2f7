"""Members of zip archives opened with a key: the old cipher (PKWARE APPNOTE 6.1) and AES (WinZip AE-1, AE-2)."""

import hashlib
import hmac
import io
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 16
_TRAILER = 10
_ROUNDS = 1000


def _crc_table() -> list[int]:
    table = []
    for one in range(256):
        for _ in range(8):
            one = one >> 1 ^ (0xEDB88320 if one & 1 else 0)
        table.append(one)
    return table


_TABLE = _crc_table()


class OldCipher(io.RawIOBase):
    """What the old cipher hides in `packed`; the first 12 bytes are its header."""

    def __init__(self, packed: BinaryIO, key: bytes) -> None:
        super().__init__()
        self._packed = packed
        self._state = (0x12345678, 0x23456789, 0x34567890)
        for byte in key:
            self._turn(byte)
        self.header = self._clear(packed.read(12))

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` with clear bytes."""
        data = self._clear(self._packed.read(len(buffer)))
        buffer[: len(data)] = data
        return len(data)

    def _turn(self, byte: int) -> None:
        first, second, third = self._state
        first = first >> 8 ^ _TABLE[(first ^ byte) & 0xFF]
        second = ((second + (first & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        self._state = (first, second, third >> 8 ^ _TABLE[(third ^ second >> 24) & 0xFF])

    def _clear(self, data: bytes) -> bytes:
        clear = bytearray()
        for byte in data:
            mask = self._state[2] | 2
            byte ^= mask * (mask ^ 1) >> 8 & 0xFF
            self._turn(byte)
            clear.append(byte)
        return bytes(clear)


class AesStream(io.RawIOBase):
    """What AES in counter mode hides in `packed`, from the byte behind salt and check value."""

    def __init__(self, packed: BinaryIO, key: bytes) -> None:
        super().__init__()
        self._packed = packed
        self._cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
        self._counter = 1
        self._left = b""

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` with clear bytes."""
        data = self._packed.read(len(buffer))
        need = -(-max(0, len(data) - len(self._left)) // _BLOCK)
        numbers = range(self._counter, self._counter + need)
        self._counter += need
        mask = self._left + self._cipher.update(b"".join(one.to_bytes(_BLOCK, "little") for one in numbers))
        self._left = mask[len(data) :]
        clear = int.from_bytes(data, "little") ^ int.from_bytes(mask[: len(data)], "little")
        buffer[: len(data)] = clear.to_bytes(len(data), "little")
        return len(data)


def aes_opened(packed: BinaryIO, length: int, strength: int, key: bytes) -> tuple[int, bytes] | None:
    """Return how many of the `length` bytes of `packed` are content, and the key for them; None for a wrong key.

    `packed` is left at the content. `strength` is 1 to 3 for AES of 128, 192 and 256 bits.
    """
    salt_length, key_length = 4 + 4 * strength, 8 + 8 * strength
    content = length - salt_length - 2 - _TRAILER
    salt, check = packed.read(salt_length), packed.read(2)
    derived = hashlib.pbkdf2_hmac("sha1", key, salt, _ROUNDS, 2 * key_length + 2)
    if content < 0 or not hmac.compare_digest(derived[-2:], check):
        return None
    return content, derived[:key_length]
