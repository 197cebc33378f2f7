"""Sector ciphers as the Linux kernel names them ("aes-xts-plain64"), for reading only."""

import hashlib
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sakshya.domain.unexamined import Reason
from sakshya.evidence.damage import unreadable

SECTOR = 512
Iv = Callable[[int], bytes]
_KEY_SIZES = {"xts": (32, 64), "cbc": (16, 24, 32)}


class SectorCipher:
    """Deciphers whole sectors; a sector's number counts in 512 bytes whatever its size is."""

    def __init__(self, name: str, key: bytes, sector_size: int) -> None:
        self._mode, self._iv = _parsed(name, key)
        self._key = key
        self._sector_size = sector_size

    def decrypt(self, data: bytes, number: int) -> bytes:
        """Return the plain bytes of whole sectors, the first of which has the number `number`."""
        step = self._sector_size // SECTOR
        cipher = algorithms.AES(self._key)
        mode = modes.XTS if self._mode == "xts" else modes.CBC
        parts: list[bytes] = []
        for at in range(0, len(data), self._sector_size):
            iv = self._iv(number + at // self._sector_size * step)
            try:
                deciphering = Cipher(cipher, mode(iv)).decryptor()
            except ValueError as error:
                # XTS with two equal halves of a key is no encryption, and nothing makes such a key by chance.
                raise unreadable(Reason.BAD_METADATA, f"the key cannot be used ({error})") from error
            parts.append(deciphering.update(data[at : at + self._sector_size]))
        return b"".join(parts)


def _parsed(name: str, key: bytes) -> tuple[str, Iv]:
    """Return the mode and the rule that makes a sector's first block from its number.

    Raises:
        EvidenceFault: the cipher is not known, or the key is not one of its.
    """
    algorithm, _, rest = name.partition("-")
    mode, _, rule = rest.partition("-")
    iv = _rule(rule, key)
    if algorithm != "aes" or mode not in _KEY_SIZES or iv is None:
        advice = "open it with cryptsetup on a copy and attach the plain volume"
        raise unreadable(Reason.ENCRYPTED, f"the cipher {name[:64]!r} is not known", advice=advice)
    if len(key) not in _KEY_SIZES[mode]:
        raise unreadable(Reason.BAD_METADATA, f"a key of {len(key)} bytes is stated for {name}")
    return mode, iv


def _rule(rule: str, key: bytes) -> Iv | None:
    if rule == "plain64":
        return lambda number: number.to_bytes(16, "little")
    if rule == "plain":
        return lambda number: (number & 0xFFFFFFFF).to_bytes(16, "little")
    if rule == "essiv:sha256":
        salt = algorithms.AES(hashlib.sha256(key).digest())
        return lambda number: (
            # The first block is the sector's number under a digest of the key: that is what the format says.
            Cipher(salt, modes.ECB()).encryptor().update(number.to_bytes(16, "little"))
        )
    return None
