"""The header of LUKS version 2: two binary headers, each with a copy of the JSON metadata."""

import base64
import hashlib
import json
import struct
from typing import Any

from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.damage import unreadable
from sakshya.evidence.layers.luks_header import MOST_SLOTS, Kdf, KeyDigest, LuksHeader, Slot, bad, check_kdf, check_slot
from sakshya.evidence.layers.window import Window

_BINARY = 4096
_HEAD = struct.Struct(">6sHQQ48s32s64s40s48sQ184s64s")
_CHECKSUM = slice(448, 512)
_SIZES = tuple(0x4000 << power for power in range(9))
_MAGICS = (b"LUKS\xba\xbe", b"SKUL\xba\xbe")
_PLAIN_ERRORS = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, RecursionError)


def read_luks2(window: Window) -> LuksHeader:
    """Return the header, from its second copy where the first is damaged.

    Raises:
        EvidenceFault: both are damaged, or it asks for more than the limits.
    """
    return parse_metadata(_metadata(window), window.length)


def _metadata(window: Window) -> bytes:
    fault: EvidenceFault | None = None
    for offset in (0, *_SIZES):
        try:
            if found := _copy(window, offset):
                return found
        except EvidenceFault as error:
            fault = error
    raise fault or bad("neither copy of the header agrees with its checksum", 2)


def _copy(window: Window, offset: int) -> bytes | None:
    """Return the JSON text of the header at `offset`, or None where there is no intact one."""
    raw = window.read(offset, _BINARY)
    if len(raw) < _BINARY or raw[:6] != _MAGICS[offset > 0]:
        return None
    _, version, size, _, _, name, _, _, _, here, _, stored = _HEAD.unpack_from(raw)
    if version != 2 or size not in _SIZES or here != offset:
        return None
    algorithm = name.split(b"\0")[0].decode("ascii", "replace")
    if algorithm not in ("sha256", "sha1", "sha512"):
        return None
    text = window.read(offset + _BINARY, size - _BINARY)
    blank = bytearray(raw)
    blank[_CHECKSUM] = bytes(64)
    computed = hashlib.new(algorithm, bytes(blank) + text).digest()
    return text.split(b"\0")[0] if stored.startswith(computed) else None


def parse_metadata(text: bytes, volume: int) -> LuksHeader:
    """Return the header that the JSON text of a volume of `volume` bytes describes.

    Raises:
        EvidenceFault: it cannot be believed, is not supported, or asks for more than the limits.
    """
    try:
        return _parsed(json.loads(text), volume)
    except _PLAIN_ERRORS as error:
        raise bad(f"the metadata cannot be read ({type(error).__name__})", 2) from error


def _parsed(tree: Any, volume: int) -> LuksHeader:  # noqa: ANN401 - parsed JSON
    name, segment = _segment(tree["segments"])
    offset = _number(segment["offset"])
    length = None if segment["size"] == "dynamic" else _number(segment["size"])
    sector = _number(segment["sector_size"])
    if sector not in (512, 1024, 2048, 4096):
        raise bad(f"sectors of {sector} bytes are stated", 2)
    if not 0 < offset < volume or (length is not None and not 0 < length <= volume - offset):
        raise bad("the encrypted bytes do not lie in the volume", 2)
    digests = [one for one in tree["digests"].values() if name in one["segments"]]
    if not digests:
        raise bad("no digest is stated for the volume key", 2)
    wanted = {str(slot) for one in digests for slot in one["keyslots"]}
    return LuksHeader(
        version=2,
        slots=_slots({key: slot for key, slot in tree["keyslots"].items() if key in wanted}, volume),
        digests=tuple(_digest(one) for one in digests[:MOST_SLOTS]),
        offset=offset,
        length=length,
        cipher=_text(segment["encryption"]),
        sector_size=sector,
        first_sector=_number(segment["iv_tweak"]),
    )


def _segment(segments: Any) -> tuple[str, Any]:  # noqa: ANN401 - parsed JSON
    """Return the one segment that is in use; those kept aside for an unfinished change are flagged "backup-…"."""
    used = [(str(key), one) for key, one in segments.items() if not _is_backup(one)]
    if len(used) != 1:
        detail = f"LUKS2: the volume has {len(used)} segments, its re-encryption was not finished"
        raise unreadable(Reason.UNSUPPORTED_FORMAT, detail, advice="finish it with cryptsetup on a copy")
    name, segment = used[0]
    if segment["type"] != "crypt" or "integrity" in segment:
        kind = "authenticated encryption" if "integrity" in segment else f"a segment of type {segment['type']!s:.40}"
        advice = "open it with cryptsetup on a copy and attach the plain volume"
        raise unreadable(Reason.UNSUPPORTED_FORMAT, f"LUKS2: {kind}", advice=advice)
    return name, segment


def _is_backup(segment: Any) -> bool:  # noqa: ANN401 - parsed JSON
    return any(str(flag).startswith("backup-") for flag in segment.get("flags", ()))


def _slots(raw: dict[str, Any], volume: int) -> tuple[Slot, ...]:
    """Return the slots that can be believed; raise what is wrong where none can."""
    slots: list[Slot] = []
    fault: EvidenceFault | None = None
    for one in list(raw.values())[:MOST_SLOTS]:
        if one["type"] != "luks2":
            continue
        try:
            slots.append(_slot(one, volume))
        except EvidenceFault as error:
            fault = error
        except _PLAIN_ERRORS as error:
            fault = bad(f"a key slot cannot be read ({type(error).__name__})", 2)
    if fault is not None and not slots:
        raise fault
    return tuple(slots)


def _slot(one: Any, volume: int) -> Slot:  # noqa: ANN401 - parsed JSON
    area, af = one["area"], one["af"]
    if area["type"] != "raw" or af["type"] != "luks1":
        raise bad("a key slot is of a kind that is not known", 2)
    slot = Slot(
        kdf=_kdf(one["kdf"]),
        offset=_number(area["offset"]),
        length=_number(area["size"]),
        key_size=_number(one["key_size"]),
        area_key_size=_number(area["key_size"]),
        cipher=_text(area["encryption"]),
        stripes=_number(af["stripes"]),
        af_hash=_text(af["hash"]),
    )
    check_slot(slot, 2, volume)
    return slot


def _digest(one: Any) -> KeyDigest:  # noqa: ANN401 - parsed JSON
    found = KeyDigest(_kdf(one), base64.b64decode(one["digest"], validate=True))
    check_kdf(found.kdf, 2)
    if len(found.value) < 16:
        raise bad("the digest of the volume key is too short", 2)
    return found


def _kdf(one: Any) -> Kdf:  # noqa: ANN401 - parsed JSON
    kind, salt = _text(one["type"]), base64.b64decode(one["salt"], validate=True)
    if kind == "pbkdf2":
        return Kdf(kind, salt, _number(one["iterations"]), _text(one["hash"]))
    if kind in ("argon2i", "argon2id"):
        numbers = (_number(one[field]) for field in ("time", "memory", "cpus"))
        time, memory, lanes = numbers
        return Kdf(kind, salt, time=time, memory=memory, lanes=lanes)
    raise bad(f"the key derivation {kind[:40]!r} is not known", 2)


def _number(value: object) -> int:
    """Return a number, which the format writes as digits in a string where it may be large."""
    if isinstance(value, str):
        if not (value.isascii() and value.isdigit() and len(value) <= 20):
            raise ValueError(value)
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 64:
        raise ValueError(value)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
