"""What both versions of LUKS say before their encrypted bytes, in one shape, and the limits on what they may ask."""

from dataclasses import dataclass

from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.damage import unreadable

MOST_KEY_BYTES = 512
MOST_STRIPES = 16_384
MOST_SLOTS = 32
MOST_ITERATIONS = 200_000_000
MOST_MEMORY_KIB = 4 << 20
# Passes times memory: a quarter of a tebibyte takes minutes on any machine, and cryptsetup chooses a few seconds.
_MOST_WORK_KIB = 1 << 28


@dataclass(frozen=True, slots=True)
class Kdf:
    """How a passphrase becomes a key: `kind` is "pbkdf2", "argon2i" or "argon2id"; `memory` in KiB."""

    kind: str
    salt: bytes
    iterations: int = 0
    hash: str = ""
    time: int = 0
    memory: int = 0
    lanes: int = 0


@dataclass(frozen=True, slots=True)
class Slot:
    """One place where the volume key lies under a passphrase; `offset` and `length` in bytes from the header."""

    kdf: Kdf
    offset: int
    length: int
    key_size: int
    area_key_size: int
    cipher: str
    stripes: int
    af_hash: str


@dataclass(frozen=True, slots=True)
class KeyDigest:
    """How a volume key is checked."""

    kdf: Kdf
    value: bytes


@dataclass(frozen=True, slots=True)
class LuksHeader:
    """`offset` and `length` of the encrypted bytes within the volume; `length` is None where it ends with it."""

    version: int
    slots: tuple[Slot, ...]
    digests: tuple[KeyDigest, ...]
    offset: int
    length: int | None
    cipher: str
    sector_size: int
    first_sector: int = 0


def bad(detail: str, version: int) -> EvidenceFault:
    """Make the fault for a header that cannot be believed."""
    advice = "the header is damaged; supply a header backup's volume if there is one"
    return unreadable(Reason.BAD_METADATA, f"LUKS{version}: {detail}", advice=advice)


def check_slot(slot: Slot, version: int, volume: int) -> None:
    """Refuse a slot that asks for more work, memory or bytes than any that cryptsetup makes.

    Raises:
        EvidenceFault: it does.
    """
    check_kdf(slot.kdf, version)
    if not (0 < slot.key_size <= MOST_KEY_BYTES and 0 < slot.area_key_size <= MOST_KEY_BYTES):
        raise bad(f"a key slot states a key of {slot.key_size} bytes", version)
    if not 0 < slot.stripes <= MOST_STRIPES:
        raise bad(f"a key slot states {slot.stripes} stripes", version)
    if slot.offset <= 0 or slot.length < slot.key_size * slot.stripes or slot.offset + slot.length > volume:
        raise bad("the area of a key slot does not lie in the volume", version)


def check_kdf(kdf: Kdf, version: int) -> None:
    """Refuse a key derivation that is meant to stop whoever tries it.

    Raises:
        EvidenceFault: it asks for too many iterations or too much memory.
    """
    if len(kdf.salt) > 1024:
        raise bad(f"a key slot states a salt of {len(kdf.salt)} bytes", version)
    if kdf.kind == "pbkdf2":
        if not 0 < kdf.iterations <= MOST_ITERATIONS:
            raise too_much(f"{kdf.iterations} iterations", version)
        return
    if not (0 < kdf.memory < MOST_MEMORY_KIB and kdf.time > 0 and 0 < kdf.lanes <= 64):
        raise too_much(f"{kdf.memory} KiB of memory, {kdf.time} passes and {kdf.lanes} threads", version)
    if kdf.memory * kdf.time > _MOST_WORK_KIB:
        raise too_much(f"{kdf.time} passes over {kdf.memory} KiB", version)


def too_much(detail: str, version: int) -> EvidenceFault:
    """Make the fault for a key derivation above the limit."""
    return unreadable(
        Reason.TOO_LARGE,
        f"LUKS{version}: a key slot asks for {detail}",
        advice="open it with cryptsetup on a copy and attach the plain volume",
    )
