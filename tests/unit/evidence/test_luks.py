"""LUKS: what cryptsetup makes is opened, what is damaged raises, what is hostile is refused."""

import base64
import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakshya.domain.exhibit import Damage
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.locator import Run
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import Container
from sakshya.evidence.containers.raw import RawContainer, open_raw
from sakshya.evidence.damage import damaged
from sakshya.evidence.filesystems.signatures import identify
from sakshya.evidence.layers.layer import Layer
from sakshya.evidence.layers.luks2 import parse_metadata
from sakshya.evidence.layers.open import open_layers
from sakshya.evidence.volumes import reader_at
from tests.support.exhibits import run_tool
from tests.support.luks_maker import PASSPHRASE, luks1, luks2

NOISE = random.Random(3).randbytes(1 << 20)


def _open(path: Path, *keys: str) -> Layer:
    container = open_raw([path])
    (layer,) = open_layers("LUKS", container, 0, container.size, keys)
    return layer


def _ext4(folder: Path) -> bytes:
    (folder / "source").mkdir()
    (folder / "source" / "a.txt").write_bytes(b"a" * 5000)
    run_tool("mkfs.ext4", "-q", "-b", "4096", "-d", str(folder / "source"), str(folder / "ext4.img"), "4M")
    return (folder / "ext4.img").read_bytes()


@pytest.mark.parametrize("sector", ["512", "4096"])
def test_luks2_with_argon2id_gives_back_what_cryptsetup_encrypted(tmp_path: Path, sector: str) -> None:
    plain = _ext4(tmp_path)
    quick = ("--pbkdf-force-iterations", "4", "--pbkdf-memory", "65536", "--pbkdf-parallel", "1")

    layer = _open(luks2(tmp_path, plain, "--sector-size", sector, *quick), "wrong", PASSPHRASE)

    assert (layer.token, layer.name) == ("luks", "LUKS2, decrypted")
    assert layer.container.facts.sector_size == int(sector)
    assert layer.container.read_at(0, len(plain)) == plain
    assert layer.container.read_at(70_001, 1234) == plain[70_001 : 70_001 + 1234]
    found = identify(reader_at(layer.container, 0))
    assert found is not None
    assert found.name == "ext4"
    assert layer.runs == ((0, 16 << 20, layer.container.size),)


def test_luks2_with_pbkdf2_is_opened_from_its_second_header_where_the_first_is_damaged(tmp_path: Path) -> None:
    path = luks2(tmp_path, NOISE, "--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000")
    raw = bytearray(path.read_bytes())
    raw[5000] ^= 0xFF
    path.write_bytes(raw)

    assert _open(path, PASSPHRASE).container.read_at(0, len(NOISE)) == NOISE


@pytest.mark.parametrize("cipher", ["aes-xts-plain64", "aes-cbc-plain"])
def test_luks1_is_opened(tmp_path: Path, cipher: str) -> None:
    layer = _open(luks1(tmp_path, NOISE, cipher), "wrong", PASSPHRASE)

    assert (layer.name, layer.container.size) == ("LUKS1, decrypted", len(NOISE))
    assert layer.container.read_at(0, len(NOISE)) == NOISE


def test_without_a_key_and_with_wrong_ones_the_fault_says_so(tmp_path: Path) -> None:
    path = luks1(tmp_path, NOISE, "aes-xts-plain64")

    with pytest.raises(EvidenceFault, match=r"^encrypted: LUKS1: no key was supplied"):
        _open(path)
    with pytest.raises(EvidenceFault, match=r"^encrypted: LUKS1: none of the 2 supplied keys opens it"):
        _open(path, "wrong", "\udcff\udc00")


class _Holed(RawContainer):
    """Bytes with one sector that cannot be read."""

    bad = Run(0, 0)

    def _piece(self, offset: int, length: int) -> bytes | Damage:
        if self.bad.offset <= offset < self.bad.offset + self.bad.length:
            return damaged(Reason.READ_ERROR, self.bad, "bad sector")
        if offset < self.bad.offset:
            length = min(length, self.bad.offset - offset)
        return super()._piece(offset, length)


def _holed(path: Path, at: int) -> Container:
    whole = open_raw([path])
    holed = _Holed(whole._files, whole.facts)
    holed.bad = Run(at, 512)
    return holed


def test_a_bad_sector_below_is_one_bad_sector_above_and_no_zeros(tmp_path: Path) -> None:
    path = luks1(tmp_path, NOISE, "aes-xts-plain64")
    start = _open(path, PASSPHRASE).runs[0][1]
    container = _holed(path, start + 5120)
    (layer,) = open_layers("LUKS", container, 0, container.size, (PASSPHRASE,))

    with pytest.raises(EvidenceFault, match="read error: bad sector"):
        layer.container.read_at(5000, 1000)
    data, damage = layer.container.read_around_damage(0, len(NOISE))
    assert [one.run for one in damage] == [Run(5120, 512)]
    assert data == NOISE[:5120] + bytes(512) + NOISE[5632:]


def test_a_volume_cut_short_raises_behind_its_end(tmp_path: Path) -> None:
    path = luks1(tmp_path, NOISE, "aes-xts-plain64")
    length = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(length - 4096)
    container = open_raw([path])
    (layer,) = open_layers("LUKS", container, 0, length, (PASSPHRASE,))

    assert layer.container.size == len(NOISE)
    with pytest.raises(EvidenceFault, match="beyond the end of the exhibit"):
        layer.container.read_at(len(NOISE) - 4096, 10)


def test_a_damaged_key_slot_is_not_called_a_wrong_key(tmp_path: Path) -> None:
    path = luks1(tmp_path, NOISE, "aes-xts-plain64")
    container = _holed(path, 8 * 512)

    with pytest.raises(EvidenceFault, match="read error: bad sector"):
        open_layers("LUKS", container, 0, container.size, (PASSPHRASE,))


_SALT = base64.b64encode(bytes(32)).decode()
_TREE: dict[str, Any] = {
    "keyslots": {
        "0": {
            "type": "luks2",
            "key_size": 64,
            "af": {"type": "luks1", "stripes": 4000, "hash": "sha256"},
            "area": {
                "type": "raw",
                "offset": "32768",
                "size": "258048",
                "encryption": "aes-xts-plain64",
                "key_size": 64,
            },
            "kdf": {"type": "argon2id", "time": 4, "memory": 65536, "cpus": 1, "salt": _SALT},
        }
    },
    "segments": {
        "0": {
            "type": "crypt",
            "offset": "16777216",
            "size": "dynamic",
            "iv_tweak": "0",
            "encryption": "aes-xts-plain64",
            "sector_size": 512,
        }
    },
    "digests": {
        "0": {
            "type": "pbkdf2",
            "keyslots": ["0"],
            "segments": ["0"],
            "hash": "sha256",
            "iterations": 1000,
            "salt": _SALT,
            "digest": _SALT,
        }
    },
}
_VOLUME = 64 << 20


def _changed(path: str, value: object) -> bytes:
    tree = copy.deepcopy(_TREE)
    *parents, last = path.split("/")
    node = tree
    for name in parents:
        node = node[name]
    node[last] = value
    return json.dumps(tree).encode()


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("keyslots/0/kdf/memory", 4 << 20, "declared size above the limit: .*4194304 KiB"),
        ("keyslots/0/kdf/time", 1 << 30, "declared size above the limit"),
        ("digests/0/iterations", 1 << 31, "declared size above the limit: .*2147483648 iterations"),
        ("keyslots/0/af/stripes", 1 << 30, "metadata not readable"),
        ("keyslots/0/area/offset", str(1 << 60), "metadata not readable"),
        ("keyslots/0/key_size", 1 << 40, "metadata not readable"),
        ("segments/0/offset", str(_VOLUME), "metadata not readable"),
        ("segments/0/integrity", {"type": "hmac(sha256)"}, "unsupported format: LUKS2: authenticated encryption"),
        ("segments/1", {"type": "linear"}, "unsupported format: .*re-encryption was not finished"),
    ],
)
def test_a_header_that_asks_for_too_much_is_refused(path: str, value: object, says: str) -> None:
    with pytest.raises(EvidenceFault, match=says):
        parse_metadata(_changed(path, value), _VOLUME)


_PATHS = [
    f"{top}/0/{field}" for top, fields in _TREE.items() for field in fields["0"] if isinstance(fields["0"], dict)
] + ["keyslots/0/kdf/salt", "keyslots/0/kdf/type", "keyslots/0/area/size", "keyslots/0/af/hash", "keyslots", "segments"]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(_PATHS), _JSON)
def test_no_value_in_the_metadata_brings_anything_but_a_fault(path: str, value: object) -> None:
    try:
        header = parse_metadata(_changed(path, value), _VOLUME)
    except EvidenceFault:
        return
    assert 0 < header.offset < _VOLUME
    assert all(slot.offset + slot.length <= _VOLUME for slot in header.slots)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | st.just(b"[" * 100_000))
def test_no_text_in_place_of_metadata_brings_anything_but_a_fault(text: bytes) -> None:
    with pytest.raises(EvidenceFault):
        parse_metadata(text, _VOLUME)
