"""The header of LUKS version 1."""

import struct

from sakshya.domain.faults import EvidenceFault
from sakshya.evidence.layers.ciphers import SECTOR
from sakshya.evidence.layers.luks_header import Kdf, KeyDigest, LuksHeader, Slot, bad, check_kdf, check_slot
from sakshya.evidence.layers.window import Window

_HEAD = struct.Struct(">6sH32s32s32sII20s32sI40s")
_SLOT = struct.Struct(">II32sII")
_SLOTS = 8
_IN_USE = 0x00AC71F3


def read_luks1(window: Window) -> LuksHeader:
    """Return the header; a key slot that cannot be believed is left out while another one is there.

    Raises:
        EvidenceFault: the header is damaged, or asks for more than the limits.
    """
    raw = window.read(0, _HEAD.size + _SLOTS * _SLOT.size)
    if len(raw) < _HEAD.size + _SLOTS * _SLOT.size:
        raise bad("the volume is shorter than its header", 1)
    _, _, cipher, mode, digest, payload, key_size, value, salt, iterations, _ = _HEAD.unpack_from(raw)
    hash_name = _text(digest)
    name = f"{_text(cipher)}-{_text(mode)}"
    check = KeyDigest(Kdf("pbkdf2", salt, iterations, hash_name), value)
    check_kdf(check.kdf, 1)
    if not payload or payload * SECTOR >= window.length:
        raise bad("the encrypted bytes do not lie in the volume", 1)
    slots: list[Slot] = []
    fault: EvidenceFault | None = None
    for number in range(_SLOTS):
        state, rounds, slot_salt, start, stripes = _SLOT.unpack_from(raw, _HEAD.size + number * _SLOT.size)
        if state != _IN_USE:
            continue
        kdf = Kdf("pbkdf2", slot_salt, rounds, hash_name)
        length = key_size * stripes
        slot = Slot(kdf, start * SECTOR, length, key_size, key_size, name, stripes, hash_name)
        try:
            check_slot(slot, 1, window.length)
        except EvidenceFault as error:
            fault = error
            continue
        slots.append(slot)
    if fault is not None and not slots:
        raise fault
    return LuksHeader(1, tuple(slots), (check,), payload * SECTOR, None, name, SECTOR)


def _text(raw: bytes) -> str:
    return raw.split(b"\0")[0].decode("ascii", "replace")
