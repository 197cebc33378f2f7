"""LUKS volumes of both versions, opened with a passphrase or the text of a key file."""

import functools
import hashlib
import hmac
import struct
from collections.abc import Sequence

from sakshya.domain.exhibit import ContainerFacts
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import Container
from sakshya.evidence.damage import unreadable
from sakshya.evidence.layers.ciphers import SECTOR, SectorCipher
from sakshya.evidence.layers.layer import Layer
from sakshya.evidence.layers.luks1 import read_luks1
from sakshya.evidence.layers.luks2 import read_luks2
from sakshya.evidence.layers.luks_header import Kdf, LuksHeader, Slot, bad
from sakshya.evidence.layers.sectors import SectorContainer
from sakshya.evidence.layers.window import Window

_VERSION = struct.Struct(">6xH")


def open_luks(parent: Container, offset: int, length: int, keys: Sequence[str]) -> list[Layer]:
    """Return the plain volume.

    Raises:
        EvidenceFault: no key opens it, or the header is damaged or asks for more than the limits.
    """
    window = Window(parent, offset, length)
    header = read_header(window)
    name = f"LUKS{header.version}"
    if not keys:
        raise unreadable(Reason.ENCRYPTED, f"{name}: no key was supplied", advice="supply its passphrase or key file")
    if not header.slots:
        raise unreadable(Reason.ENCRYPTED, f"{name}: no key slot is in use", advice="the volume key was destroyed")
    key = _volume_key(window, header, keys)
    if key is None:
        detail = f"{name}: none of the {len(keys)} supplied keys opens it"
        raise unreadable(Reason.ENCRYPTED, detail, advice="supply its passphrase or key file")
    size = length - header.offset if header.length is None else header.length
    size -= size % header.sector_size
    payload = Window(parent, offset + header.offset, size)
    facts = ContainerFacts(name, size, header.sector_size, ())
    cipher = SectorCipher(header.cipher, key, header.sector_size)
    container = SectorContainer(payload, cipher, facts, header.first_sector)
    return [Layer("luks", f"{name}, decrypted", container, ((0, offset + header.offset, size),))]


def read_header(window: Window) -> LuksHeader:
    """Return the header of either version.

    Raises:
        EvidenceFault: it cannot be read or believed.
    """
    raw = window.read(0, _VERSION.size)
    version = _VERSION.unpack(raw)[0] if len(raw) == _VERSION.size else 0
    if version == 1:
        return read_luks1(window)
    # A first header of version 2 that is damaged in this very field has a second copy.
    return read_luks2(window)


def _volume_key(window: Window, header: LuksHeader, keys: Sequence[str]) -> bytes | None:
    """Return the key that a digest of the header confirms; a slot that cannot be read is an error if none opens."""
    fault: EvidenceFault | None = None
    for slot in header.slots:
        for key in keys:
            try:
                candidate = _unwrapped(window, header, slot, _bytes_of(key))
            except EvidenceFault as error:
                fault = error
                break
            for digest in header.digests:
                found = _derived(digest.kdf, candidate, len(digest.value), header.version)
                if hmac.compare_digest(found, digest.value):
                    return candidate
    if fault is not None:
        raise fault
    return None


def _bytes_of(key: str) -> bytes:
    """Return a passphrase, or the bytes of a key file that came as text."""
    try:
        return key.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return key.encode("utf-8", "surrogatepass")


def _unwrapped(window: Window, header: LuksHeader, slot: Slot, key: bytes) -> bytes:
    derived = _derived(slot.kdf, key, slot.area_key_size, header.version)
    length = slot.key_size * slot.stripes
    whole = -(-length // SECTOR) * SECTOR
    area = window.read(slot.offset, whole)
    if len(area) < whole:
        raise bad("the area of a key slot does not lie in the volume", header.version)
    split = SectorCipher(slot.cipher, derived, SECTOR).decrypt(area, 0)[:length]
    return _merged(split, slot, header.version)


# Deriving is slow by design, and one process opens one exhibit again and again.
@functools.lru_cache(maxsize=64)
def _derived(kdf: Kdf, key: bytes, length: int, version: int) -> bytes:
    if kdf.kind == "pbkdf2":
        try:
            return hashlib.pbkdf2_hmac(kdf.hash, key, kdf.salt, kdf.iterations, length)
        except ValueError as error:
            raise bad(f"the digest {kdf.hash[:40]!r} is not known", version) from error
    # Loaded only where such a slot is met: the window's process needs it not.
    from argon2.exceptions import HashingError
    from argon2.low_level import Type, hash_secret_raw

    kind = Type.ID if kdf.kind == "argon2id" else Type.I
    try:
        return hash_secret_raw(key, kdf.salt, kdf.time, kdf.memory, kdf.lanes, length, kind)
    except HashingError as error:
        if "emory allocation" not in str(error):
            raise bad(f"the key derivation cannot be done ({error})", version) from error
        detail = f"LUKS{version}: there is no memory for a key derivation over {kdf.memory} KiB"
        raise unreadable(Reason.MEMORY_LIMIT, detail, advice="use a machine with more memory") from error


def _merged(split: bytes, slot: Slot, version: int) -> bytes:
    """Undo the splitting that lets a slot be destroyed by overwriting any part of it."""
    size = slot.key_size
    joined = bytes(size)
    for stripe in range(slot.stripes):
        part = split[stripe * size : (stripe + 1) * size]
        joined = bytes(left ^ right for left, right in zip(joined, part, strict=True))
        if stripe < slot.stripes - 1:
            joined = _diffused(joined, slot.af_hash, version)
    return joined


def _diffused(block: bytes, name: str, version: int) -> bytes:
    try:
        size = hashlib.new(name).digest_size
    except ValueError as error:
        raise bad(f"the digest {name[:40]!r} is not known", version) from error
    if not size:
        raise bad(f"the digest {name[:40]!r} has no fixed length", version)
    parts = (
        hashlib.new(name, struct.pack(">I", number) + block[at : at + size]).digest()
        for number, at in enumerate(range(0, len(block), size))
    )
    return b"".join(parts)[: len(block)]
