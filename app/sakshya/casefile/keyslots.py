"""The random database key, wrapped once for each passphrase, in a small file beside the database.

Each slot: Argon2id (RFC 9106) over the passphrase gives 32 bytes, which wrap the key by AES key wrap (RFC 3394).
Changing a passphrase rewraps 40 bytes and leaves the database as it is.
"""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sakshya.casefile.faults import CaseDamagedFault, CaseFault, WrongKeyFault

FILE = "keys.json"
KEY_BYTES = 32
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Stretch:
    """How a passphrase becomes a key: Argon2id passes, memory in KiB, lanes, and the salt."""

    salt: bytes
    passes: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4

    def key(self, passphrase: str) -> bytes:
        """Return the 32-byte key of a passphrase."""
        # The cryptography of an encrypted case is loaded with the first passphrase, not with every command.
        from argon2.low_level import Type, hash_secret_raw

        return hash_secret_raw(
            passphrase.encode("utf-8", "surrogateescape"),
            self.salt,
            time_cost=self.passes,
            memory_cost=self.memory_kib,
            parallelism=self.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )

    @classmethod
    def fresh(cls) -> "Stretch":
        """Return today's parameters with a new random salt."""
        return cls(secrets.token_bytes(16))

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> "Stretch":
        """Return what `fields` gave.

        Raises:
            ValueError: the parameters are out of bounds: a file that asks for a terabyte of memory is damaged.
            KeyError: a parameter is missing.
            TypeError: a parameter has the wrong type.
        """
        if fields["kdf"] != "argon2id":
            raise ValueError("unknown key derivation")
        stretch = cls(bytes.fromhex(fields["salt"]), fields["passes"], fields["memory_kib"], fields["lanes"])
        sane = 1 <= stretch.passes <= 100 and 8 <= stretch.memory_kib <= 1 << 21 and 1 <= stretch.lanes <= 16
        if not sane or len(stretch.salt) < 8:
            raise ValueError("key derivation out of bounds")
        return stretch

    def fields(self) -> dict[str, str | int]:
        """Return the parameters for storing; none of them is secret."""
        return {
            "kdf": "argon2id",
            "salt": self.salt.hex(),
            "passes": self.passes,
            "memory_kib": self.memory_kib,
            "lanes": self.lanes,
        }


@dataclass(frozen=True, slots=True)
class Slot:
    """The database key wrapped for one passphrase; `label` says whose it is."""

    label: str
    stretch: Stretch
    wrapped: bytes


def create(passphrase: str, label: str) -> tuple[bytes, tuple[Slot, ...]]:
    """Return a new random 32-byte database key and its first slot."""
    key = secrets.token_bytes(KEY_BYTES)
    return key, (_wrap(key, passphrase, label),)


def unlock(folder: Path, passphrase: str) -> bytes:
    """Return the database key that the passphrase opens.

    Raises:
        WrongKeyFault: the passphrase fits no slot.
        CaseDamagedFault: the slots cannot be read.
    """
    key = next((key for slot in read_slots(folder) if (key := _unwrap(slot, passphrase))), None)
    if key is None:
        raise WrongKeyFault("the passphrase does not open the case", where=str(folder))
    return key


def add_slot(folder: Path, key: bytes, passphrase: str, label: str) -> None:
    """Let a further passphrase open the case.

    Raises:
        CaseFault: a slot of that label exists.
    """
    slots = read_slots(folder)
    if any(slot.label == label for slot in slots):
        raise CaseFault(f"a passphrase labelled {label} exists", where=str(folder), advice="choose another label")
    write_slots(folder, (*slots, _wrap(key, passphrase, label)))


def change(folder: Path, old: str, new: str) -> None:
    """Replace one passphrase by another; the others stay.

    Raises:
        WrongKeyFault: the old passphrase fits no slot.
    """
    slots = list(read_slots(folder))
    for index, slot in enumerate(slots):
        if key := _unwrap(slot, old):
            slots[index] = _wrap(key, new, slot.label)
            write_slots(folder, tuple(slots))
            return
    raise WrongKeyFault("the old passphrase does not open the case", where=str(folder))


def read_slots(folder: Path) -> tuple[Slot, ...]:
    """Return the slots of a case.

    Raises:
        CaseDamagedFault: the file is not what `write_slots` writes.
    """
    path = folder / FILE
    try:
        fields = json.loads(path.read_bytes())
        if fields["version"] != _VERSION:
            raise CaseFault("the key slots were written by a newer Sakshya", where=str(path), advice="use that version")
        return tuple(_slot_from(one) for one in fields["slots"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        advice = "restore keys.json from a backup of the case"
        raise CaseDamagedFault("the key slots cannot be read", where=str(path), advice=advice) from error


def write_slots(folder: Path, slots: tuple[Slot, ...]) -> None:
    """Write the slots so that a crash leaves either the old file or the new one, whole."""
    fields = {"version": _VERSION, "slots": [_slot_fields(slot) for slot in slots]}
    path, fresh = folder / FILE, folder / (FILE + ".new")
    try:
        with fresh.open("w", encoding="ascii") as file:
            json.dump(fields, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise CaseFault(f"the key slots cannot be written ({error.strerror})", where=str(path)) from error


def _wrap(key: bytes, passphrase: str, label: str) -> Slot:
    from cryptography.hazmat.primitives.keywrap import aes_key_wrap

    if not passphrase:
        raise CaseFault("an empty passphrase protects nothing", advice="choose a longer one")
    stretch = Stretch.fresh()
    return Slot(label, stretch, aes_key_wrap(stretch.key(passphrase), key))


def _unwrap(slot: Slot, passphrase: str) -> bytes | None:
    from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

    try:
        return aes_key_unwrap(slot.stretch.key(passphrase), slot.wrapped)
    except InvalidUnwrap:
        return None


def _slot_fields(slot: Slot) -> dict[str, str | int]:
    return {"label": slot.label, **slot.stretch.fields(), "wrap": "aes-key-wrap", "wrapped": slot.wrapped.hex()}


def _slot_from(fields: dict[str, Any]) -> Slot:
    wrapped = bytes.fromhex(fields["wrapped"])
    if fields["wrap"] != "aes-key-wrap" or len(wrapped) != KEY_BYTES + 8:
        raise ValueError("unknown wrapping")
    return Slot(str(fields["label"]), Stretch.from_fields(fields), wrapped)
